/** Communities, who is in them, and the chats that belong to them. */
import type { PeopleWrites } from '../ports/store/people.ts';
import { int, pick } from './columns.ts';
import { PARTS_MAX } from './names.ts';
import { changes, prepare, type Run } from './prepare.ts';
import { tables } from './schema.ts';

const editable = pick(tables.communities, 'name', 'timeZone', 'currency', 'locale', 'frozen', 'cashConfirmLimit');

const byId = prepare('communities.byId', pick(tables.communities, 'id'), (db, p) =>
  db.selectFrom('communities').selectAll().where('id', '=', p.id),
);
const all = prepare('communities.all', { limit: int }, (db, p) =>
  db.selectFrom('communities').selectAll().orderBy('id').limit(p.limit),
);
const insert = prepare('communities.insert', tables.communities, (db, p) =>
  db
    .insertInto('communities')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const update = prepare('communities.update', { ...pick(tables.communities, 'id'), set: changes(editable) }, (db, p) =>
  db
    .updateTable('communities')
    .set((eb) => ({ ...p.set, createdAt: eb.ref('createdAt') }))
    .where('id', '=', p.id),
);

const role = prepare('memberships.role', pick(tables.memberships, 'communityId', 'personId'), (db, p) =>
  db
    .selectFrom('memberships')
    .select('role')
    .where('communityId', '=', p.communityId)
    .where('personId', '=', p.personId),
);
const stewards = prepare('memberships.stewards', pick(tables.memberships, 'communityId'), (db, p) =>
  db
    .selectFrom('memberships')
    .select(['personId', 'role'])
    .where('communityId', '=', p.communityId)
    .where('role', 'in', ['owner', 'admin'])
    .orderBy('personId')
    .limit(PARTS_MAX),
);
const members = prepare(
  'memberships.ofCommunity',
  { ...pick(tables.memberships, 'communityId'), limit: int },
  (db, p) =>
    db
      .selectFrom('memberships')
      .select(['personId', 'role'])
      .where('communityId', '=', p.communityId)
      .orderBy('personId')
      .limit(p.limit),
);
const putMember = prepare('memberships.put', tables.memberships, (db, p) =>
  db
    .insertInto('memberships')
    .values(p)
    .onConflict((on) => on.columns(['communityId', 'personId']).doUpdateSet({ role: p.role })),
);

const chat = prepare('chats.byId', pick(tables.chats, 'id'), (db, p) =>
  db.selectFrom('chats').selectAll().where('id', '=', p.id),
);
const chatByPlatform = prepare('chats.byPlatform', pick(tables.chats, 'platform', 'platformChatId'), (db, p) =>
  db.selectFrom('chats').selectAll().where('platform', '=', p.platform).where('platformChatId', '=', p.platformChatId),
);
const chats = prepare('chats.ofCommunity', pick(tables.chats, 'communityId'), (db, p) =>
  db
    .selectFrom('chats')
    .selectAll()
    .where('communityId', '=', p.communityId)
    .where('id', 'not in', (gone) => gone.selectFrom('chatPlaces').select('chatId').where('present', '=', false))
    .orderBy('id')
    .limit(PARTS_MAX),
);
const insertChat = prepare('chats.insert', tables.chats, (db, p) =>
  db
    .insertInto('chats')
    .values(p)
    .onConflict((on) => on.doNothing()),
);

type CommunityQueries = Pick<
  PeopleWrites,
  | 'community'
  | 'communities'
  | 'insertCommunity'
  | 'updateCommunity'
  | 'role'
  | 'stewards'
  | 'members'
  | 'putMember'
  | 'chat'
  | 'chatByPlatform'
  | 'chats'
  | 'insertChat'
>;

export function communityQueries(run: Run): CommunityQueries {
  return {
    community: (id) => run.first(byId, { id }),
    communities: () => run.all(all, { limit: PARTS_MAX }),
    insertCommunity: async (row) => (await run.change(insert, row)) === 1,
    updateCommunity: async (id, set) => (await run.change(update, { id, set })) === 1,
    role: async (communityId, personId) => (await run.first(role, { communityId, personId }))?.role,
    stewards: (communityId) => run.all(stewards, { communityId }),
    members: (communityId, limit) => run.all(members, { communityId, limit }),
    async putMember(communityId, personId, as, at) {
      await run.change(putMember, { communityId, personId, role: as, createdAt: at });
    },
    chat: (id) => run.first(chat, { id }),
    chatByPlatform: (platform, platformChatId) => run.first(chatByPlatform, { platform, platformChatId }),
    chats: (communityId) => run.all(chats, { communityId }),
    insertChat: async (row) => (await run.change(insertChat, row)) === 1,
  };
}
