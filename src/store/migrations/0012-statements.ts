/** Statements of channels, the days that were reconciled, what did not agree, and who resolved it. */
import { type AnyDatabase, createGuard, createTable, oneOf, run } from '../migrate-ddl.ts';

const LINES = ['payment', 'fee', 'refund', 'refund_failed', 'dispute', 'dispute_reversed', 'payout', 'payout_failed'];
const BREAKS = ['missing_internal', 'missing_channel', 'amount_mismatch', 'currency_mismatch', 'fee_mismatch'];
const MORE = ['status_mismatch', 'duplicate'];

export async function up(db: AnyDatabase): Promise<void> {
  await statements(db);
  await reconciliation(db);
  await run(db, 'create index journal_transactions_time on journal_transactions (book, at)');
  await run(db, 'create index refunds_channel_ref on refunds (merchant_account_id, channel_ref)');
  await run(db, 'create index merchant_accounts_channel on merchant_accounts (channel, id)');
}

async function statements(db: AnyDatabase): Promise<void> {
  await createTable(db, 'statement_rows', {
    columns: {
      id: 'text primary key',
      merchant_account_id: 'text references merchant_accounts (id)',
      line_id: 'text',
      kind: `text ${oneOf('kind', ...LINES, 'adjustment')}`,
      object_id: 'text',
      reference: 'text?',
      amount: 'int',
      fee: 'int check (fee >= 0)',
      currency: 'text',
      occurred_at: 'int',
      available_at: 'int?',
      payout_ref: 'text?',
      hash: 'text',
      result: `text ${oneOf('result', 'new', 'matched', 'timing', ...BREAKS, ...MORE)}`,
      matched_type: "text? check (matched_type in ('capture', 'refund', 'dispute', 'statement'))",
      matched_id: 'text?',
    },
    rules: ['unique (merchant_account_id, line_id)', 'check ((matched_type is null) = (matched_id is null))'],
  });
  await run(
    db,
    `create unique index statement_rows_matched on statement_rows (matched_type, matched_id, kind)
     where matched_id is not null and kind <> 'fee'`,
  );
  await run(db, 'create index statement_rows_time on statement_rows (merchant_account_id, occurred_at)');
  await run(db, 'create index statement_rows_object on statement_rows (merchant_account_id, object_id)');
  await createGuard(db, {
    name: 'statement_rows_frozen',
    table: 'statement_rows',
    on: 'update of amount, fee, currency, kind, object_id, line_id, occurred_at, merchant_account_id, hash',
    refuse: `old.amount <> new.amount or old.fee <> new.fee or old.currency <> new.currency or old.kind <> new.kind
      or old.object_id <> new.object_id or old.line_id <> new.line_id or old.occurred_at <> new.occurred_at
      or old.merchant_account_id <> new.merchant_account_id or old.hash <> new.hash`,
    message: 'what a statement said never changes',
  });
}

async function reconciliation(db: AnyDatabase): Promise<void> {
  await createTable(db, 'recon_days', {
    columns: {
      merchant_account_id: 'text references merchant_accounts (id)',
      day: 'text',
      hash: 'text',
      line_count: 'int check (line_count >= 0)',
      ran_at: 'int',
      next_at: 'int?',
    },
    rules: ['primary key (merchant_account_id, day)'],
    compact: true,
  });
  await run(db, 'create index recon_days_due on recon_days (next_at) where next_at is not null');
  await createTable(db, 'recon_breaks', {
    columns: {
      id: 'text primary key',
      merchant_account_id: 'text references merchant_accounts (id)',
      day: 'text',
      kind: `text ${oneOf('kind', ...BREAKS, ...MORE)}`,
      subject: 'text unique',
      row_id: 'text? references statement_rows (id)',
      case_id: 'text references cases (id)',
      currency: 'text',
      ours: 'int?',
      theirs: 'int?',
      opened_at: 'int',
      closed_at: 'int?',
    },
  });
  await run(db, 'create index recon_breaks_day on recon_breaks (merchant_account_id, day)');
  await createTable(db, 'case_decisions', {
    columns: {
      case_id: 'text primary key references cases (id)',
      decision: 'text',
      decided_by: 'text? references people (id)',
      sealed_reason: 'text?',
      at: 'int',
    },
    compact: true,
  });
}
