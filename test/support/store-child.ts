// A process of its own, to be killed. `hold`: opens the store, says so, and keeps it. `migrate`: brings the database up to date and
// dies by SIGKILL behind the statement of that number.
import { Kysely } from 'kysely';
import { migrate, loadMigrations } from '../../src/store/migrate.ts';
import { databaseOf, openStore } from '../../src/store/open.ts';
import { openPool } from '../../src/store/postgres.ts';
import { postgresDialect } from '../../src/store/postgres-dialect.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { sqliteDialect } from '../../src/store/sqlite-dialect.ts';
import { silentLog, storeOptions } from './store-options.ts';

const [task = '', url = '', schema = '', dieAfter = '0'] = process.argv.slice(2);

if (task === 'hold') {
  await openStore(storeOptions(url));
  process.stdout.write('open\n');
  setInterval(() => undefined, 60_000);
} else {
  const address = databaseOf(url);
  let statements = 0;
  const dialect =
    address.kind === 'sqlite'
      ? sqliteDialect(openSqlite(address.file, { readOnly: false }).raw)
      : postgresDialect(openPool({ url, schema, log: silentLog }), schema);
  const db = new Kysely<unknown>({
    dialect,
    log: () => {
      statements++;
      if (statements === Number(dieAfter)) process.kill(process.pid, 'SIGKILL');
    },
  });
  await migrate(db, await loadMigrations(), schema === '' ? undefined : schema);
  process.stdout.write(`${statements}\n`);
  process.exit(0);
}
