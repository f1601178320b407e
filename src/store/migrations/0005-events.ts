/** Facts that came in, words that go out, buttons, the audit trail. */
import { type AnyDatabase, appendOnly, createMoves, createTable, oneOf, run } from '../migrate-ddl.ts';

export async function up(db: AnyDatabase): Promise<void> {
  await inbox(db);
  await outbox(db);
  await handles(db);
  await audit(db);
}

async function inbox(db: AnyDatabase): Promise<void> {
  await createTable(db, 'inbox_events', {
    columns: {
      id: 'text primary key',
      channel: 'text',
      account: 'text',
      event_id: 'text',
      object_id: 'text',
      type: 'text',
      digest: 'text',
      received_at: 'int',
    },
    rules: ['unique (channel, account, event_id)'],
  });
  await appendOnly(db, 'inbox_events');
  await createTable(db, 'inbox_work', {
    columns: {
      id: 'text primary key references inbox_events (id)',
      state: `text ${oneOf('state', 'pending', 'done', 'parked', 'conflict', 'ignored', 'dead')}`,
      tries: 'int check (tries >= 0)',
      due_at: 'int?',
    },
    compact: true,
  });
  await run(db, 'create index inbox_work_due on inbox_work (due_at) where due_at is not null');
  await createTable(db, 'inbox_payloads', {
    columns: { id: 'text primary key references inbox_events (id)', sealed_payload: 'text' },
  });
}

async function outbox(db: AnyDatabase): Promise<void> {
  await createTable(db, 'outbox_messages', {
    columns: {
      seq: 'seq',
      id: 'text unique',
      lane: 'text',
      coalesce: 'text?',
      message: 'json',
      state: `text ${oneOf('state', 'pending', 'claimed', 'sent', 'unknown', 'dead')}`,
      tries: 'int check (tries >= 0)',
      due_at: 'int',
      lease_until: 'int?',
      error: 'text?',
      created_at: 'int',
    },
    rules: ["check ((state = 'claimed') = (lease_until is not null))"],
  });
  await run(
    db,
    `create unique index outbox_messages_coalesced on outbox_messages (lane, coalesce)
     where state = 'pending' and coalesce is not null`,
  );
  await run(db, "create index outbox_messages_due on outbox_messages (due_at) where state = 'pending'");
  await run(db, "create index outbox_messages_leased on outbox_messages (lease_until) where state = 'claimed'");
  await run(
    db,
    "create index outbox_messages_lane on outbox_messages (lane, seq) where state in ('pending', 'claimed')",
  );
  await run(db, "create index outbox_messages_left on outbox_messages (state) where state in ('unknown', 'dead')");
  await createMoves(db, 'outbox_messages', {
    pending: 'claimed',
    claimed: 'sent pending unknown dead',
    unknown: 'sent pending dead',
    dead: 'pending',
  });
}

async function handles(db: AnyDatabase): Promise<void> {
  await createTable(db, 'handles', {
    columns: { handle: 'text primary key', intent: 'json', person_id: 'text?', chat_id: 'text?', expires_at: 'int' },
  });
  await run(db, 'create index handles_expiry on handles (expires_at)');
}

async function audit(db: AnyDatabase): Promise<void> {
  await createTable(db, 'audit_entries', {
    columns: {
      id: 'text primary key',
      at: 'int',
      community_id: 'text',
      actor_id: 'text?',
      deed: 'text',
      object_id: 'text',
      params: 'json',
    },
  });
  await run(db, 'create index audit_entries_object on audit_entries (object_id, id)');
  await appendOnly(db, 'audit_entries');
}
