/** What is owed, the tries to pay it, proved money, refunds, and the journal. */
import { type AnyDatabase, appendOnly, createGuard, createMoves, createTable, oneOf, run } from '../migrate-ddl.ts';

const ACCOUNTS = ['channel', 'channel_fee', 'sales', 'suspense', 'refunds_in_flight', 'rounding', 'disputed', 'bank'];

export async function up(db: AnyDatabase): Promise<void> {
  await payments(db);
  await attempts(db);
  await captures(db);
  await refunds(db);
  await journal(db);
  await cases(db);
}

async function payments(db: AnyDatabase): Promise<void> {
  await createTable(db, 'payments', {
    columns: {
      id: 'text primary key',
      order_id: 'text unique references orders (id)',
      amount: 'int check (amount >= 0)',
      currency: 'text',
      state: `text ${oneOf('state', 'open', 'succeeded', 'expired', 'cancelled')}`,
      created_at: 'int',
    },
  });
  await createMoves(db, 'payments', {
    open: 'succeeded expired cancelled',
    expired: 'succeeded',
    cancelled: 'succeeded',
  });
  await createGuard(db, {
    name: 'payments_amount',
    table: 'payments',
    on: 'insert',
    refuse:
      'not exists (select 1 from orders where id = new.order_id and total = new.amount and currency = new.currency)',
    message: 'a payment owes what its order costs',
  });
  await createGuard(db, {
    name: 'payments_frozen',
    table: 'payments',
    on: 'update of amount, currency, order_id',
    refuse: 'old.amount <> new.amount or old.currency <> new.currency or old.order_id <> new.order_id',
    message: 'what a payment owes never changes',
  });
  await createGuard(db, {
    name: 'orders_total_frozen',
    table: 'orders',
    on: 'update of total, currency',
    refuse:
      '(old.total <> new.total or old.currency <> new.currency) and exists (select 1 from payments where order_id = new.id)',
    message: 'the total of an order never changes once a payment exists',
  });
  await createTable(db, 'payment_exceptions', {
    columns: {
      payment_id: 'text references payments (id)',
      exception: `text ${oneOf(
        'exception',
        ...['underpaid', 'overpaid', 'paid_late', 'duplicate_payment', 'conflicted', 'marked_manually'],
      )}`,
    },
    rules: ['primary key (payment_id, exception)'],
    compact: true,
  });
  await appendOnly(db, 'payment_exceptions');
}

async function attempts(db: AnyDatabase): Promise<void> {
  const states = ['created', 'submitted', 'requires_action', 'pending', 'unknown', 'failed', 'expired', 'cancelled'];
  await createTable(db, 'attempts', {
    columns: {
      id: 'text primary key',
      payment_id: 'text references payments (id)',
      order_id: 'text references orders (id)',
      channel: 'text',
      merchant_account_id: 'text references merchant_accounts (id)',
      reference: 'text',
      channel_ref: 'text?',
      state: `text ${oneOf('state', ...states, 'succeeded')}`,
      amount: 'int check (amount >= 0)',
      currency: 'text',
      next_action: 'json?',
      decline_code: 'text?',
      first_confirmer_id: 'text? references people (id)',
      next_check_at: 'int?',
      checks: 'int check (checks >= 0)',
      created_at: 'int',
      expires_at: 'int?',
    },
    rules: ['unique (channel, reference, merchant_account_id)'],
  });
  await run(
    db,
    `create unique index attempts_live on attempts (payment_id, channel)
     where state in ('created', 'submitted', 'requires_action', 'pending', 'unknown')`,
  );
  await run(db, 'create index attempts_order on attempts (order_id)');
  await run(db, 'create index attempts_due on attempts (next_check_at) where next_check_at is not null');
  const waiting = 'succeeded failed expired cancelled unknown';
  await createMoves(db, 'attempts', {
    created: 'submitted cancelled',
    submitted: 'requires_action pending succeeded failed unknown',
    requires_action: `pending ${waiting}`,
    pending: `requires_action ${waiting}`,
    unknown: 'requires_action pending succeeded failed expired cancelled',
    failed: 'succeeded',
    expired: 'succeeded',
    cancelled: 'succeeded',
  });
}

async function captures(db: AnyDatabase): Promise<void> {
  await createTable(db, 'captures', {
    columns: {
      id: 'text primary key',
      order_id: 'text references orders (id)',
      payment_id: 'text references payments (id)',
      attempt_id: 'text references attempts (id)',
      channel: 'text',
      merchant_account_id: 'text references merchant_accounts (id)',
      channel_ref: 'text',
      amount: 'int check (amount > 0)',
      fee: 'int check (fee >= 0)',
      currency: 'text',
      use: `text ${oneOf('use', 'applied', 'late', 'duplicate', 'conflicted')}`,
      refunding: 'int check (refunding >= 0)',
      at: 'int',
    },
    rules: ['unique (merchant_account_id, channel_ref)', 'check (refunding <= amount)'],
  });
  // An order is paid once: every other capture of it has another use.
  await run(db, "create unique index captures_applied on captures (order_id) where use = 'applied'");
  await run(db, 'create index captures_order on captures (order_id)');
}

async function refunds(db: AnyDatabase): Promise<void> {
  const states = ['requested', 'pending_approval', 'approved', 'submitted', 'pending', 'unknown', 'succeeded'];
  await createTable(db, 'refunds', {
    columns: {
      id: 'text primary key',
      capture_id: 'text references captures (id)',
      order_id: 'text references orders (id)',
      channel: 'text',
      merchant_account_id: 'text references merchant_accounts (id)',
      amount: 'int check (amount > 0)',
      currency: 'text',
      state: `text ${oneOf('state', ...states, 'failed', 'rejected', 'cancelled')}`,
      cause: `text ${oneOf('cause', 'seller', 'admin', 'duplicate', 'late', 'cancelled_order')}`,
      requested_by: 'text? references people (id)',
      restock: 'flag',
      lines: 'json',
      channel_ref: 'text?',
      next_check_at: 'int?',
      checks: 'int check (checks >= 0)',
      created_at: 'int',
    },
  });
  await createTable(db, 'refund_proofs', {
    columns: { refund_id: 'text primary key references refunds (id)', sealed_proof: 'text' },
  });
  await run(db, 'create index refunds_order on refunds (order_id)');
  await run(db, 'create index refunds_capture on refunds (capture_id)');
  await run(db, 'create index refunds_due on refunds (next_check_at) where next_check_at is not null');
  await createMoves(db, 'refunds', {
    requested: 'submitted pending_approval cancelled',
    pending_approval: 'approved rejected cancelled',
    approved: 'submitted cancelled',
    submitted: 'pending succeeded failed unknown',
    pending: 'succeeded failed',
    unknown: 'pending succeeded failed',
    succeeded: 'failed',
  });
}

async function journal(db: AnyDatabase): Promise<void> {
  await createTable(db, 'journal_transactions', {
    columns: {
      id: 'text primary key',
      book: 'text',
      source_type: `text ${oneOf('source_type', 'capture', 'refund')}`,
      source_id: 'text',
      kind: 'text',
      order_id: 'text references orders (id)',
      currency: 'text',
      at: 'int',
    },
    rules: ['unique (source_type, source_id, kind)'],
  });
  await createTable(db, 'postings', {
    columns: {
      transaction_id: 'text references journal_transactions (id)',
      position: 'int',
      book: 'text',
      account: `text ${oneOf('account', ...ACCOUNTS)}`,
      currency: 'text',
      amount: 'int check (amount <> 0)',
    },
    rules: ['primary key (transaction_id, position)'],
    compact: true,
  });
  await createTable(db, 'account_balances', {
    columns: { book: 'text', account: `text ${oneOf('account', ...ACCOUNTS)}`, currency: 'text', amount: 'int' },
    rules: ['primary key (book, account, currency)'],
    compact: true,
  });
  await appendOnly(db, 'journal_transactions');
  await appendOnly(db, 'postings');
}

async function cases(db: AnyDatabase): Promise<void> {
  await createTable(db, 'cases', {
    columns: {
      id: 'text primary key',
      community_id: 'text references communities (id)',
      order_id: 'text? references orders (id)',
      kind: 'text',
      params: 'json',
      opened_at: 'int',
      resolved_at: 'int?',
    },
  });
  await run(db, 'create index cases_community on cases (community_id, id)');
}
