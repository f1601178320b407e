/** The built-in web chat: sessions, messages, and the clock that orders them. */
import { type AnyDatabase, createTable, run } from '../migrate-ddl.ts';

export async function up(db: AnyDatabase): Promise<void> {
  await createTable(db, 'web_sessions', {
    columns: {
      id: 'text primary key',
      person_id: 'text references people (id)',
      community_id: 'text references communities (id)',
      created_at: 'int',
      seen_at: 'int',
      revoked_at: 'int?',
    },
  });
  await createTable(db, 'web_clock', { columns: { id: 'int primary key check (id = 1)', seq: 'int' } });
  await run(db, 'insert into web_clock (id, seq) values (1, 0)');
  await createTable(db, 'web_messages', {
    columns: {
      id: 'text primary key',
      seq: 'int unique',
      audience: 'text',
      chat_id: 'text? references chats (id)',
      person_id: 'text? references people (id)',
      community_id: 'text? references communities (id)',
      key: 'text',
      author_id: 'text? references people (id)',
      sealed_text: 'text?',
      view: 'json?',
      created_at: 'int',
      edited_at: 'int?',
    },
    rules: [
      'unique (audience, key)',
      'check ((chat_id is null) = (person_id is not null))',
      'check ((person_id is null) = (community_id is null))',
    ],
  });
  await run(db, 'create index web_messages_audience on web_messages (audience, seq)');
}
