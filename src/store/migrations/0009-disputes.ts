/** Disputes, and a journal whose entries may be of no order. */
import { type AnyDatabase, appendOnly, createMoves, createTable, isSqlite, oneOf, run } from '../migrate-ddl.ts';

const SOURCES = ['capture', 'refund', 'dispute', 'statement'] as const;
const ACCOUNTS = ['channel', 'channel_fee', 'sales', 'suspense', 'refunds_in_flight', 'rounding', 'disputed', 'bank'];

export async function up(db: AnyDatabase): Promise<void> {
  if (isSqlite(db)) await rebuildJournal(db);
  else await loosenJournal(db);
  const kind = isSqlite(db) ? 'integer' : 'bigint';
  await run(db, `alter table captures add column withdrawn ${kind} not null default 0 check (withdrawn >= 0)`);
  await disputes(db);
}

async function loosenJournal(db: AnyDatabase): Promise<void> {
  await run(db, 'alter table journal_transactions alter column order_id drop not null');
  await run(db, 'alter table journal_transactions drop constraint journal_transactions_source_type_check');
  await run(
    db,
    `alter table journal_transactions add constraint journal_transactions_source_type_check
     ${oneOf('source_type', ...SOURCES)}`,
  );
}

/** SQLite changes no constraint: both tables are written anew, and the one that refers to the other goes first. */
async function rebuildJournal(db: AnyDatabase): Promise<void> {
  await createTable(db, 'journal_wider', {
    columns: {
      id: 'text primary key',
      book: 'text',
      source_type: `text ${oneOf('source_type', ...SOURCES)}`,
      source_id: 'text',
      kind: 'text',
      order_id: 'text? references orders (id)',
      currency: 'text',
      at: 'int',
    },
    rules: ['unique (source_type, source_id, kind)'],
  });
  const columns = 'id, book, source_type, source_id, kind, order_id, currency, at';
  await run(db, `insert into journal_wider (${columns}) select ${columns} from journal_transactions`);
  await createTable(db, 'postings_wider', {
    columns: {
      transaction_id: 'text references journal_wider (id)',
      position: 'int',
      book: 'text',
      account: `text ${oneOf('account', ...ACCOUNTS)}`,
      currency: 'text',
      amount: 'int check (amount <> 0)',
    },
    rules: ['primary key (transaction_id, position)'],
    compact: true,
  });
  const parts = 'transaction_id, position, book, account, currency, amount';
  await run(db, `insert into postings_wider (${parts}) select ${parts} from postings`);
  await run(db, 'drop table postings');
  await run(db, 'drop table journal_transactions');
  // Renaming turns the reference of the other table round with it.
  await run(db, 'alter table journal_wider rename to journal_transactions');
  await run(db, 'alter table postings_wider rename to postings');
  await appendOnly(db, 'journal_transactions');
  await appendOnly(db, 'postings');
}

async function disputes(db: AnyDatabase): Promise<void> {
  const states = ['inquiry', 'needs_response', 'under_review', 'expired', 'won', 'lost', 'accepted'];
  await createTable(db, 'disputes', {
    columns: {
      id: 'text primary key',
      capture_id: 'text references captures (id)',
      order_id: 'text references orders (id)',
      channel: 'text',
      merchant_account_id: 'text references merchant_accounts (id)',
      channel_ref: 'text',
      state: `text ${oneOf('state', ...states)}`,
      amount: 'int check (amount > 0)',
      currency: 'text',
      reason: 'text',
      respond_by: 'int?',
      withdrawn: 'int check (withdrawn >= 0)',
      fee: 'int check (fee >= 0)',
      told_at: 'int',
      remind_at: 'int?',
      next_check_at: 'int?',
      checks: 'int check (checks >= 0)',
      created_at: 'int',
    },
    rules: ['unique (merchant_account_id, channel_ref)'],
  });
  await run(db, 'create index disputes_order on disputes (order_id)');
  await run(db, 'create index disputes_capture on disputes (capture_id)');
  await run(db, 'create index disputes_due on disputes (next_check_at) where next_check_at is not null');
  await run(db, 'create index disputes_reminders on disputes (remind_at) where remind_at is not null');
  await createMoves(db, 'disputes', {
    inquiry: 'needs_response under_review won lost accepted expired',
    needs_response: 'inquiry under_review won lost accepted expired',
    under_review: 'inquiry needs_response won lost accepted',
    expired: 'inquiry needs_response under_review won lost accepted',
    won: 'inquiry needs_response under_review lost accepted',
    lost: 'inquiry needs_response under_review won accepted',
    accepted: 'inquiry needs_response under_review won lost',
  });
  await createTable(db, 'dispute_moves', {
    columns: {
      id: 'text primary key',
      dispute_id: 'text references disputes (id)',
      kind: `text ${oneOf('kind', 'withdrawn', 'reinstated', 'fee', 'fee_returned')}`,
      amount: 'int check (amount > 0)',
      at: 'int',
    },
  });
  await run(db, 'create index dispute_moves_dispute on dispute_moves (dispute_id)');
  await appendOnly(db, 'dispute_moves');
}
