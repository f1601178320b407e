/** What chat platforms remember. User ids and drafts stand under their person's key, updates under the root until they are done. */
import type { Vault } from '../ports/runtime.ts';
import type { PlatformWrites, UpdateState } from '../ports/store/platforms.ts';
import { int, pick, text, word } from './columns.ts';
import { keptNewsQueries } from './kept-news.ts';
import { leaseQueries } from './leases.ts';
import { PARTS_MAX } from './names.ts';
import { personVault } from './person-vault.ts';
import { prepare, type Run } from './prepare.ts';
import { tables } from './schema.ts';

const { platformAddresses, panelRefs, platformDrafts, platformUpdates, communityVisits, chatPlaces, platformNames } =
  tables;

const address = prepare('platformAddresses.of', pick(platformAddresses, 'personId', 'platform'), (db, p) =>
  db.selectFrom('platformAddresses').selectAll().where('personId', '=', p.personId).where('platform', '=', p.platform),
);
const putAddress = prepare('platformAddresses.put', platformAddresses, (db, p) =>
  db
    .insertInto('platformAddresses')
    .values(p)
    .onConflict((on) =>
      on.columns(['personId', 'platform']).doUpdateSet({ sealedUserId: p.sealedUserId, open: p.open }),
    ),
);
const setOpen = prepare('platformAddresses.setOpen', pick(platformAddresses, 'personId', 'platform', 'open'), (db, p) =>
  db
    .updateTable('platformAddresses')
    .set({ open: p.open })
    .where('personId', '=', p.personId)
    .where('platform', '=', p.platform),
);

const panelKey = pick(panelRefs, 'platform', 'personId', 'key');
const panelRef = prepare('panelRefs.of', panelKey, (db, p) =>
  db
    .selectFrom('panelRefs')
    .selectAll()
    .where('platform', '=', p.platform)
    .where('personId', '=', p.personId)
    .where('key', '=', p.key),
);
const putPanelRef = prepare('panelRefs.put', panelRefs, (db, p) =>
  db
    .insertInto('panelRefs')
    .values(p)
    .onConflict((on) => on.columns(['platform', 'personId', 'key']).doUpdateSet({ ref: p.ref, at: p.at })),
);
const dropPanelRef = prepare('panelRefs.drop', panelKey, (db, p) =>
  db
    .deleteFrom('panelRefs')
    .where('platform', '=', p.platform)
    .where('personId', '=', p.personId)
    .where('key', '=', p.key),
);

const draftKey = pick(platformDrafts, 'platform', 'personId');
const draft = prepare('platformDrafts.of', draftKey, (db, p) =>
  db.selectFrom('platformDrafts').selectAll().where('platform', '=', p.platform).where('personId', '=', p.personId),
);
const putDraft = prepare('platformDrafts.put', platformDrafts, (db, p) =>
  db
    .insertInto('platformDrafts')
    .values(p)
    .onConflict((on) =>
      on.columns(['platform', 'personId']).doUpdateSet({ sealedState: p.sealedState, updatedAt: p.updatedAt }),
    ),
);
const dropDraft = prepare('platformDrafts.drop', draftKey, (db, p) =>
  db.deleteFrom('platformDrafts').where('platform', '=', p.platform).where('personId', '=', p.personId),
);

const updateKey = pick(platformUpdates, 'platform', 'account', 'updateId');
const insertUpdate = prepare('platformUpdates.insert', platformUpdates, (db, p) =>
  db
    .insertInto('platformUpdates')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const pending = prepare(
  'platformUpdates.pending',
  { ...pick(platformUpdates, 'platform', 'account'), limit: int },
  (db, p) =>
    db
      .selectFrom('platformUpdates')
      .select(['updateId', 'sealedPayload', 'tries', 'receivedAt'])
      .where('platform', '=', p.platform)
      .where('account', '=', p.account)
      .where('state', '=', 'pending')
      .orderBy('updateId')
      .limit(p.limit),
);
const finish = prepare('platformUpdates.finish', { ...updateKey, to: word<UpdateState>() }, (db, p) =>
  db
    .updateTable('platformUpdates')
    .set({ state: p.to, sealedPayload: null })
    .where('platform', '=', p.platform)
    .where('account', '=', p.account)
    .where('updateId', '=', p.updateId)
    .where('state', '=', 'pending'),
);
const retry = prepare('platformUpdates.retry', updateKey, (db, p) =>
  db
    .updateTable('platformUpdates')
    .set((eb) => ({ tries: eb('tries', '+', 1) }))
    .where('platform', '=', p.platform)
    .where('account', '=', p.account)
    .where('updateId', '=', p.updateId)
    .where('state', '=', 'pending'),
);
const prune = prepare('platformUpdates.prune', { before: int }, (db, p) =>
  db.deleteFrom('platformUpdates').where('receivedAt', '<', p.before).where('state', '<>', 'pending'),
);

const visits = prepare('communityVisits.of', { ...pick(communityVisits, 'personId'), limit: int }, (db, p) =>
  db
    .selectFrom('communityVisits')
    .select('communityId')
    .where('personId', '=', p.personId)
    .orderBy('at', 'desc')
    .orderBy('communityId')
    .limit(p.limit),
);
const visit = prepare('communityVisits.put', communityVisits, (db, p) =>
  db
    .insertInto('communityVisits')
    .values(p)
    .onConflict((on) => on.columns(['personId', 'communityId']).doUpdateSet({ at: p.at })),
);

const place = prepare('chatPlaces.of', pick(chatPlaces, 'chatId'), (db, p) =>
  db.selectFrom('chatPlaces').selectAll().where('chatId', '=', p.chatId),
);
const putPlace = prepare('chatPlaces.put', chatPlaces, (db, p) =>
  db
    .insertInto('chatPlaces')
    .values(p)
    .onConflict((on) =>
      on.column('chatId').doUpdateSet({ present: p.present, rights: p.rights, updatedAt: p.updatedAt }),
    ),
);
const moveChat = prepare('chats.move', { ...pick(tables.chats, 'platform'), from: text, to: text }, (db, p) =>
  db
    .updateTable('chats')
    .set({ platformChatId: p.to })
    .where('platform', '=', p.platform)
    .where('platformChatId', '=', p.from)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('chats as other')
            .select('other.id')
            .where('other.platform', '=', p.platform)
            .where('other.platformChatId', '=', p.to),
        ),
      ),
    ),
);

const nameOfPerson = prepare('platformNames.of', pick(platformNames, 'platform', 'personId'), (db, p) =>
  db.selectFrom('platformNames').selectAll().where('platform', '=', p.platform).where('personId', '=', p.personId),
);
const byName = prepare('platformNames.byName', pick(platformNames, 'platform', 'nameDigest'), (db, p) =>
  db.selectFrom('platformNames').selectAll().where('platform', '=', p.platform).where('nameDigest', '=', p.nameDigest),
);
const dropName = prepare('platformNames.drop', pick(platformNames, 'platform', 'personId'), (db, p) =>
  db.deleteFrom('platformNames').where('platform', '=', p.platform).where('personId', '=', p.personId),
);
const putName = prepare('platformNames.put', platformNames, (db, p) =>
  db
    .insertInto('platformNames')
    .values(p)
    .onConflict((on) => on.columns(['platform', 'nameDigest']).doUpdateSet({ personId: p.personId })),
);

export function platformQueries(run: Run, vault: Vault): PlatformWrites {
  const own = personVault(run, vault);
  return {
    async address(personId, platform) {
      const row = await run.first(address, { personId, platform });
      const userId = row ? await own.open(personId, 'platform-user', row.sealedUserId) : '';
      return row && userId !== '' ? { personId, platform, userId, open: row.open } : undefined;
    },
    async putAddress({ userId, ...row }) {
      const sealedUserId = await own.seal(row.personId, 'platform-user', userId);
      await run.change(putAddress, { ...row, sealedUserId });
    },
    async setOpen(personId, platform, open) {
      await run.change(setOpen, { personId, platform, open });
    },
    panelRef: (platform, personId, key) => run.first(panelRef, { platform, personId, key }),
    async putPanelRef(row) {
      await run.change(putPanelRef, row);
    },
    async dropPanelRef(platform, personId, key) {
      await run.change(dropPanelRef, { platform, personId, key });
    },
    async draft(platform, personId) {
      const row = await run.first(draft, { platform, personId });
      const state = row ? await own.open(personId, 'draft', row.sealedState) : '';
      return row && state !== '' ? { platform, personId, state, updatedAt: row.updatedAt } : undefined;
    },
    async putDraft({ state, ...row }) {
      await run.change(putDraft, { ...row, sealedState: await own.seal(row.personId, 'draft', state) });
    },
    dropDraft: async (platform, personId) => (await run.change(dropDraft, { platform, personId })) === 1,
    ...updateQueries(run, vault),
    ...keptNewsQueries(run),
    ...leaseQueries(run),
    async communitiesOf(personId) {
      const rows = await run.all(visits, { personId, limit: PARTS_MAX });
      return rows.map((row) => row.communityId);
    },
    async visit(communityId, personId, at) {
      await run.change(visit, { communityId, personId, at });
    },
    ...nameQueries(run, vault),
    chatPlace: (chatId) => run.first(place, { chatId }),
    async putChatPlace(row) {
      await run.change(putPlace, row);
    },
    moveChat: async (platform, from, to) => (await run.change(moveChat, { platform, from, to })) === 1,
  };
}

function nameQueries(run: Run, vault: Vault): Pick<PlatformWrites, 'personByName' | 'isNamed' | 'putName'> {
  const digest = (platform: string, name: string) => vault.digest('platform-name', `${platform}:${name.toLowerCase()}`);
  return {
    async personByName(platform, name) {
      return (await run.first(byName, { platform, nameDigest: digest(platform, name) }))?.personId;
    },
    async isNamed(platform, personId, name) {
      const row = await run.first(nameOfPerson, { platform, personId });
      return row?.nameDigest === (name === null ? undefined : digest(platform, name));
    },
    async putName(platform, personId, name) {
      await run.change(dropName, { platform, personId });
      if (name !== null) await run.change(putName, { platform, personId, nameDigest: digest(platform, name) });
    },
  };
}

type UpdateQueries = Pick<
  PlatformWrites,
  'pendingUpdates' | 'insertUpdates' | 'finishUpdate' | 'retryUpdate' | 'pruneUpdates'
>;

function updateQueries(run: Run, vault: Vault): UpdateQueries {
  return {
    async pendingUpdates(platform, account, limit) {
      const rows = await run.all(pending, { platform, account, limit });
      return rows.map(({ sealedPayload, ...row }) => ({
        ...row,
        payload: sealedPayload === null ? '' : vault.open('platform-update', sealedPayload),
      }));
    },
    async insertUpdates(rows) {
      let fresh = 0;
      for (const { payload, ...row } of rows) {
        const sealedPayload = vault.seal('platform-update', payload);
        fresh += await run.change(insertUpdate, { ...row, sealedPayload, state: 'pending', tries: 0 });
      }
      return fresh;
    },
    finishUpdate: async (platform, account, updateId, to) =>
      (await run.change(finish, { platform, account, updateId, to })) === 1,
    async retryUpdate(platform, account, updateId) {
      await run.change(retry, { platform, account, updateId });
    },
    pruneUpdates: (before) => run.change(prune, { before }),
  };
}
