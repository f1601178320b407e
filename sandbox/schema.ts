/** Files of earlier versions know fewer kinds of lines: their book is copied into a wider one before `SCHEMA` runs. */
export const KINDS_BEFORE = "'refund_failed'))";
export const WIDEN = [
  `DROP TRIGGER lines_no_update; DROP TRIGGER lines_no_delete; DROP INDEX lines_account;
   ALTER TABLE lines RENAME TO lines_before;`,
  `INSERT INTO lines SELECT * FROM lines_before; DROP TABLE lines_before;`,
] as const;

/** Amounts are integers of minor units, instants integer milliseconds since 1970. `seq` gives the order of happening. */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE IF NOT EXISTS accounts (
  id TEXT PRIMARY KEY,
  refund_mode TEXT NOT NULL DEFAULT 'instant'
    CHECK (refund_mode IN ('instant', 'pending_then_succeeded', 'pending_then_failed', 'succeeded_then_failed')),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS checkouts (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL REFERENCES accounts (id),
  reference TEXT NOT NULL,
  token TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('open', 'complete', 'expired')),
  amount INTEGER NOT NULL CHECK (amount >= 1),
  currency TEXT NOT NULL,
  description TEXT NOT NULL,
  lines TEXT NOT NULL,
  metadata TEXT NOT NULL,
  locale TEXT NOT NULL,
  return_url TEXT NOT NULL,
  cancel_url TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (account, reference)
) STRICT;
CREATE INDEX IF NOT EXISTS checkouts_open ON checkouts (expires_at) WHERE status = 'open';

CREATE TABLE IF NOT EXISTS payments (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  checkout TEXT NOT NULL REFERENCES checkouts (id),
  account TEXT NOT NULL REFERENCES accounts (id),
  -- 'scheduled' is a buyer who will pay after the checkout has expired: nobody is told of it before it happens.
  status TEXT NOT NULL CHECK (status IN ('scheduled', 'pending', 'succeeded', 'failed')),
  amount INTEGER NOT NULL CHECK (amount >= 1),
  currency TEXT NOT NULL,
  fee INTEGER NOT NULL DEFAULT 0 CHECK (fee BETWEEN 0 AND amount),
  refunded INTEGER NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND amount),
  decline_code TEXT,
  due_at INTEGER,
  due_outcome TEXT CHECK (due_outcome IN ('succeeded', 'failed')),
  created_at INTEGER NOT NULL,
  resolved_at INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS payments_checkout ON payments (checkout);
CREATE INDEX IF NOT EXISTS payments_due ON payments (due_at) WHERE status IN ('scheduled', 'pending');

CREATE TABLE IF NOT EXISTS disputes (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  payment TEXT NOT NULL REFERENCES payments (id),
  account TEXT NOT NULL REFERENCES accounts (id),
  status TEXT NOT NULL CHECK (status IN ('inquiry', 'needs_response', 'under_review', 'won', 'lost', 'accepted')),
  amount INTEGER NOT NULL CHECK (amount >= 1),
  currency TEXT NOT NULL,
  reason TEXT NOT NULL,
  respond_by INTEGER,
  -- What the bank holds now, and what was kept for the trouble.
  withdrawn INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn BETWEEN 0 AND amount),
  fee INTEGER NOT NULL DEFAULT 0 CHECK (fee >= 0),
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS disputes_payment ON disputes (payment);

CREATE TABLE IF NOT EXISTS payouts (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL REFERENCES accounts (id),
  status TEXT NOT NULL CHECK (status IN ('in_transit', 'paid', 'failed')),
  amount INTEGER NOT NULL CHECK (amount >= 1),
  currency TEXT NOT NULL,
  arrives_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS payouts_due ON payouts (arrives_at) WHERE status = 'in_transit';

CREATE TABLE IF NOT EXISTS refunds (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  payment TEXT NOT NULL REFERENCES payments (id),
  account TEXT NOT NULL REFERENCES accounts (id),
  reference TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'succeeded', 'failed')),
  amount INTEGER NOT NULL CHECK (amount >= 1),
  currency TEXT NOT NULL,
  due_at INTEGER,
  due_outcome TEXT CHECK (due_outcome IN ('succeeded', 'failed')),
  created_at INTEGER NOT NULL,
  UNIQUE (account, reference)
) STRICT;
CREATE INDEX IF NOT EXISTS refunds_payment ON refunds (payment);
CREATE INDEX IF NOT EXISTS refunds_due ON refunds (due_at) WHERE due_at IS NOT NULL;

-- The book: one fact, one line, for ever. balance_after chains the lines of an account and currency.
CREATE TABLE IF NOT EXISTS lines (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL REFERENCES accounts (id),
  kind TEXT NOT NULL CHECK (kind IN ('payment', 'fee', 'refund', 'refund_failed', 'dispute', 'dispute_reversed',
    'payout', 'payout_failed', 'adjustment')),
  object TEXT NOT NULL,
  reference TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount <> 0),
  currency TEXT NOT NULL,
  balance_after INTEGER NOT NULL,
  occurred_at INTEGER NOT NULL,
  UNIQUE (object, kind)
) STRICT;
CREATE INDEX IF NOT EXISTS lines_account ON lines (account, currency, seq);

-- Which payout took a line with it; a line without one is still here.
CREATE TABLE IF NOT EXISTS payout_lines (
  line TEXT PRIMARY KEY REFERENCES lines (id),
  payout TEXT NOT NULL REFERENCES payouts (id)
) STRICT;

CREATE TABLE IF NOT EXISTS balances (
  account TEXT NOT NULL REFERENCES accounts (id),
  currency TEXT NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (account, currency)
) STRICT;

CREATE TABLE IF NOT EXISTS events (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL REFERENCES accounts (id),
  type TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS events_account ON events (account, seq);

CREATE TABLE IF NOT EXISTS deliveries (
  seq INTEGER PRIMARY KEY,
  event TEXT NOT NULL REFERENCES events (id),
  status TEXT NOT NULL CHECK (status IN ('waiting', 'delivered', 'dead')),
  tries INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  last_answer TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (due_at) WHERE status = 'waiting';

CREATE TABLE IF NOT EXISTS idempotency (
  account TEXT NOT NULL,
  key TEXT NOT NULL,
  hash TEXT NOT NULL,
  status INTEGER NOT NULL,
  body TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account, key)
) STRICT;
CREATE INDEX IF NOT EXISTS idempotency_age ON idempotency (created_at);

CREATE TRIGGER IF NOT EXISTS lines_no_update BEFORE UPDATE ON lines
  BEGIN SELECT RAISE(ABORT, 'the book is append-only'); END;
CREATE TRIGGER IF NOT EXISTS lines_no_delete BEFORE DELETE ON lines
  BEGIN SELECT RAISE(ABORT, 'the book is append-only'); END;
CREATE TRIGGER IF NOT EXISTS events_no_update BEFORE UPDATE ON events
  BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER IF NOT EXISTS events_no_delete BEFORE DELETE ON events
  BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
`;
