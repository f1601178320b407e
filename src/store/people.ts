/** Persons: their names and addresses stand here under keys of their own, their platform user ids only as digests. */
import type { Vault } from '../ports/runtime.ts';
import type { Address, PeopleWrites, Person } from '../ports/store/people.ts';
import { communityQueries } from './communities.ts';
import { pick } from './columns.ts';
import { PARTS_MAX } from './names.ts';
import { personVault } from './person-vault.ts';
import { personalQueries } from './personal.ts';
import { changes, list, prepare, type Run } from './prepare.ts';
import { type RowOf, tables } from './schema.ts';
import { shopQueries } from './shops.ts';

const byId = prepare('people.byId', pick(tables.people, 'id'), (db, p) =>
  db.selectFrom('people').selectAll().where('id', '=', p.id),
);
const preferences = prepare('people.preferences', pick(tables.people, 'id'), (db, p) =>
  db.selectFrom('people').select(['locale', 'currency']).where('id', '=', p.id),
);
const byIds = prepare('people.byIds', { ids: list(tables.people.id) }, (db, p) =>
  db.selectFrom('people').selectAll().where('id', 'in', p.ids).orderBy('id').limit(PARTS_MAX),
);
const insert = prepare('people.insert', tables.people, (db, p) =>
  db
    .insertInto('people')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const update = prepare(
  'people.update',
  { ...pick(tables.people, 'id'), set: changes(pick(tables.people, 'sealedName', 'locale', 'currency')) },
  (db, p) =>
    db
      .updateTable('people')
      .set((eb) => ({ ...p.set, createdAt: eb.ref('createdAt') }))
      .where('id', '=', p.id),
);
const byIdentity = prepare('identities.find', pick(tables.identities, 'platform', 'userDigest'), (db, p) =>
  db
    .selectFrom('identities')
    .select('personId')
    .where('platform', '=', p.platform)
    .where('userDigest', '=', p.userDigest),
);
const insertIdentity = prepare('identities.insert', tables.identities, (db, p) =>
  db
    .insertInto('identities')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const platforms = prepare('identities.platforms', pick(tables.identities, 'personId'), (db, p) =>
  db
    .selectFrom('identities')
    .select('platform')
    .where('personId', '=', p.personId)
    .orderBy('createdAt')
    .orderBy('platform')
    .limit(PARTS_MAX),
);
const address = prepare('addresses.of', pick(tables.addresses, 'personId'), (db, p) =>
  db.selectFrom('addresses').select('sealedAddress').where('personId', '=', p.personId),
);
const putAddress = prepare('addresses.put', tables.addresses, (db, p) =>
  db
    .insertInto('addresses')
    .values(p)
    .onConflict((on) => on.column('personId').doUpdateSet({ sealedAddress: p.sealedAddress, updatedAt: p.updatedAt })),
);

/** What is written and read of an address; undefined for a person who was erased. */
export const addressText = ({ recipient, lines, phone }: Address): string =>
  JSON.stringify({ recipient, lines, phone });
export const addressFrom = (opened: string): Address | undefined =>
  opened === '' ? undefined : (JSON.parse(opened) as Address);

export function peopleQueries(run: Run, vault: Vault): PeopleWrites {
  const own = personVault(run, vault);
  const digestOf = (platform: string, userId: string) => vault.digest('identity', `${platform}:${userId}`);
  const opened = async ({ sealedName, ...row }: RowOf<'people'>): Promise<Person> => ({
    ...row,
    name: await own.open(row.id, 'name', sealedName),
  });
  return {
    ...communityQueries(run),
    ...shopQueries(run),
    ...personalQueries(run, vault),
    async person(id) {
      const row = await run.first(byId, { id });
      return row && opened(row);
    },
    preferences: (id) => run.first(preferences, { id }),
    async people(ids) {
      const found: Person[] = [];
      for (const row of await run.all(byIds, { ids })) found.push(await opened(row));
      return found;
    },
    async insertPerson({ name, ...row }) {
      // The key belongs to the person, so the person stands there before the name can be sealed.
      if ((await run.change(insert, { ...row, sealedName: '' })) === 0) return false;
      await run.change(update, { id: row.id, set: { sealedName: await own.seal(row.id, 'name', name) } });
      return true;
    },
    async updatePerson(id, { name, ...set }) {
      if (name === undefined) return (await run.change(update, { id, set })) === 1;
      if (!(await run.first(byId, { id }))) return false;
      const sealedName = await own.seal(id, 'name', name);
      return (await run.change(update, { id, set: { ...set, sealedName } })) === 1;
    },
    async takePerson(id) {
      await run.change(update, { id, set: {} });
    },
    personByIdentity: async (platform, userId) =>
      (await run.first(byIdentity, { platform, userDigest: digestOf(platform, userId) }))?.personId,
    async platformsOf(personId) {
      const rows = await run.all(platforms, { personId });
      return [...new Set(rows.map((row) => row.platform))];
    },
    insertIdentity: async ({ platformUserId, ...row }) =>
      (await run.change(insertIdentity, { ...row, userDigest: digestOf(row.platform, platformUserId) })) === 1,
    async address(personId) {
      const row = await run.first(address, { personId });
      return row && addressFrom(await own.open(personId, 'address', row.sealedAddress));
    },
    async putAddress(personId, given, at) {
      const sealedAddress = await own.seal(personId, 'address', addressText(given));
      await run.change(putAddress, { personId, sealedAddress, updatedAt: at });
    },
  };
}
