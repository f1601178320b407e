/**
 * The built-in web chat. A member's words are sealed under the member's key; what stands on one person's private side, drawn views
 * included, under that person's: addresses and bills are shown there. Views in chats are public and stand in clear.
 */
import type { Json, Vault } from '../ports/runtime.ts';
import type { WebAudience, WebMessage, WebWrites } from '../ports/store/web.ts';
import { int, pick, text } from './columns.ts';
import { personVault } from './person-vault.ts';
import { prepare, type Run } from './prepare.ts';
import { type RowOf, tables } from './schema.ts';

const { webSessions, webMessages } = tables;

const session = prepare('webSessions.byId', pick(webSessions, 'id'), (db, p) =>
  db.selectFrom('webSessions').selectAll().where('id', '=', p.id),
);
const insertSession = prepare('webSessions.insert', webSessions, (db, p) =>
  db
    .insertInto('webSessions')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const revoke = prepare('webSessions.revoke', pick(webSessions, 'id', 'revokedAt'), (db, p) =>
  db.updateTable('webSessions').set({ revokedAt: p.revokedAt }).where('id', '=', p.id).where('revokedAt', 'is', null),
);
const touch = prepare('webSessions.touch', pick(webSessions, 'id', 'seenAt'), (db, p) =>
  db.updateTable('webSessions').set({ seenAt: p.seenAt }).where('id', '=', p.id).where('seenAt', '<', p.seenAt),
);

/** Kept until the commit: whoever comes later gets a later number and commits later, on both engines. */
const nextSeq = prepare('webClock.next', {}, (db) =>
  db
    .updateTable('webClock')
    .set((eb) => ({ seq: eb('seq', '+', 1) }))
    .where('id', '=', 1)
    .returning('seq'),
);
const put = prepare('webMessages.put', webMessages, (db, p) =>
  db
    .insertInto('webMessages')
    .values({ ...p, editedAt: null })
    .onConflict((on) =>
      on.columns(['audience', 'key']).doUpdateSet({
        seq: p.seq,
        authorId: p.authorId,
        sealedText: p.sealedText,
        view: p.view,
        editedAt: p.editedAt,
      }),
    )
    .returningAll(),
);
const byId = prepare('webMessages.byId', pick(webMessages, 'id'), (db, p) =>
  db.selectFrom('webMessages').selectAll().where('id', '=', p.id),
);
const after = prepare(
  'webMessages.after',
  { own: webMessages.audience, communityId: tables.communities.id, after: int, limit: int },
  (db, p) =>
    db
      .selectFrom('webMessages')
      .selectAll()
      .where('seq', '>', p.after)
      .where((eb) =>
        eb.or([
          eb('audience', '=', p.own),
          eb('chatId', 'in', (chats) =>
            chats.selectFrom('chats').select('chats.id').where('chats.communityId', '=', p.communityId),
          ),
        ]),
      )
      .orderBy('seq')
      .limit(p.limit),
);
const latest = prepare('webMessages.latest', { audience: text, limit: int }, (db, p) =>
  db.selectFrom('webMessages').selectAll().where('audience', '=', p.audience).orderBy('seq', 'desc').limit(p.limit),
);

const nameOf = (audience: WebAudience): string =>
  'chatId' in audience ? `chat:${audience.chatId}` : `person:${audience.communityId}:${audience.personId}`;

/** What is sealed of a message on a private side. */
type Private = { readonly text: string | null; readonly view: Json };
const GONE: Private = { text: null, view: null };

export function webQueries(run: Run, vault: Vault): WebWrites {
  const people = personVault(run, vault);
  const sealedOf = async ({ audience, authorId, text: said, view }: Parameters<WebWrites['put']>[0]) => {
    if ('personId' in audience) {
      const whole = JSON.stringify({ text: said, view } satisfies Private);
      return { sealedText: await people.seal(audience.personId, 'web-private', whole), view: null };
    }
    if (said === null) return { sealedText: null, view };
    const sealedText = authorId === null ? vault.seal('web-text', said) : await people.seal(authorId, 'web-text', said);
    return { sealedText, view };
  };
  const contentOf = async (row: RowOf<'webMessages'>): Promise<Private> => {
    const { sealedText, authorId, personId, view } = row;
    if (sealedText === null) return { text: null, view };
    if (personId !== null) {
      const whole = await people.open(personId, 'web-private', sealedText);
      return whole === '' ? GONE : (JSON.parse(whole) as Private);
    }
    const opened =
      authorId === null ? vault.open('web-text', sealedText) : await people.open(authorId, 'web-text', sealedText);
    return { text: opened, view };
  };
  const opened = async (row: RowOf<'webMessages'>): Promise<WebMessage> => {
    const { id, seq, key, authorId, createdAt, editedAt } = row;
    return { id, seq, audience: audienceOf(row), key, authorId, ...(await contentOf(row)), createdAt, editedAt };
  };
  const all = async (rows: readonly RowOf<'webMessages'>[]): Promise<WebMessage[]> => {
    const found: WebMessage[] = [];
    for (const row of rows) found.push(await opened(row));
    return found;
  };
  return {
    session: (id) => run.first(session, { id }),
    insertSession: async (row) => (await run.change(insertSession, row)) === 1,
    revokeSession: async (id, at) => (await run.change(revoke, { id, revokedAt: at })) === 1,
    async touchSession(id, at) {
      await run.change(touch, { id, seenAt: at });
    },
    async message(id) {
      const row = await run.first(byId, { id });
      return row && opened(row);
    },
    messagesAfter: async (viewer, since, limit) =>
      all(await run.all(after, { own: nameOf(viewer), communityId: viewer.communityId, after: since, limit })),
    latest: async (audience, limit) => all((await run.all(latest, { audience: nameOf(audience), limit })).toReversed()),
    async put(message, at) {
      const { id, key, authorId, audience } = message;
      const content = await sealedOf(message);
      const place =
        'chatId' in audience
          ? { chatId: audience.chatId, personId: null, communityId: null }
          : { chatId: null, personId: audience.personId, communityId: audience.communityId };
      const clock = await run.first(nextSeq, {});
      if (!clock) throw new Error('The clock of the web chat is gone: its row is made by the migrations.');
      const row = { id, seq: clock.seq, audience: nameOf(audience), ...place, key, authorId, ...content };
      const stored = await run.first(put, { ...row, createdAt: at, editedAt: at });
      if (!stored) throw new Error(`Message ${key} of ${row.audience} was not stored.`);
      return opened(stored);
    },
  };
}

function audienceOf({ id, chatId, personId, communityId }: RowOf<'webMessages'>): WebAudience {
  if (chatId !== null) return { chatId };
  if (personId !== null && communityId !== null) return { personId, communityId };
  throw new Error(`Web message ${id} stands nowhere: it has neither a chat nor a person.`);
}
