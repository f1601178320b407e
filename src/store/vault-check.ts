/** A known text is sealed in every database, so that a missing or different key is noticed before anything is written under it. */
import type { Vault } from '../ports/runtime.ts';
import { StoreTx } from './aggregates.ts';
import { pick } from './columns.ts';
import { prepare, type Run } from './prepare.ts';
import { tables } from './schema.ts';
import type { Engine } from './transact.ts';

const PURPOSE = 'database';
const KNOWN = 'pasar';

/** The database was sealed with another key. */
export class WrongKey extends Error {
  constructor(cause?: unknown) {
    super(
      'The database was sealed with another key than the one given: put back its key file (<database path>.key), or set SECRET_KEY or SECRET_KEY_PREVIOUS to the key it was made with.',
      { cause },
    );
    this.name = 'WrongKey';
  }
}

const find = prepare('vaultChecks.find', {}, (db) =>
  db.selectFrom('vaultChecks').select('sealedCheck').where('id', '=', 1),
);
const insert = prepare('vaultChecks.insert', pick(tables.vaultChecks, 'sealedCheck'), (db, p) =>
  db
    .insertInto('vaultChecks')
    .values({ id: 1, sealedCheck: p.sealedCheck })
    .onConflict((on) => on.doNothing()),
);

/** The queries that a work was given, as a `Run`: for what the store keeps for itself. */
export function runOf(given: object): Run {
  if (!(given instanceof StoreTx)) throw new TypeError('This was not given by a store.');
  return given.run;
}

/** Throws `WrongKey`. Seals the known text in a database that has none. */
export async function checkVault(
  engine: Engine,
  { vault, readOnly }: { vault: Vault; readOnly?: boolean },
): Promise<void> {
  const sealed = () => engine.read(async (reads) => (await runOf(reads).first(find, {}))?.sealedCheck);
  if ((await sealed()) === undefined) {
    if (readOnly) return;
    await engine.transact(null, (tx) => runOf(tx).change(insert, { sealedCheck: vault.seal(PURPOSE, KNOWN) }));
  }
  const found = await sealed();
  try {
    if (found === undefined || vault.open(PURPOSE, found) !== KNOWN) throw new WrongKey();
  } catch (error) {
    throw error instanceof WrongKey ? error : new WrongKey(error);
  }
}
