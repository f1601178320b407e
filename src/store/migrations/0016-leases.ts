/** Which of several processes does what only one may do. */
import { type AnyDatabase, createTable } from '../migrate-ddl.ts';

export async function up(db: AnyDatabase): Promise<void> {
  await createTable(db, 'leases', {
    columns: { name: 'text', holder: 'text', beat: 'int' },
    rules: ['primary key (name)'],
    compact: true,
  });
}
