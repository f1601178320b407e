// What the fake Stripe keeps: the fields that Stripe sends, as it names them. Amounts in its own units, times in seconds.
export type Metadata = Record<string, string>;

export type FakeSession = {
  id: string;
  object: 'checkout.session';
  mode: 'payment';
  client_reference_id: string | null;
  status: 'open' | 'complete' | 'expired';
  payment_status: 'paid' | 'unpaid';
  url: string | null;
  amount_total: number;
  amount_subtotal: number;
  currency: string;
  created: number;
  expires_at: number;
  livemode: boolean;
  metadata: Metadata;
  payment_intent: string | null;
  success_url: string;
  cancel_url: string | null;
  locale: string | null;
};

export type FakeIntent = {
  id: string;
  object: 'payment_intent';
  status: 'requires_payment_method' | 'processing' | 'succeeded' | 'canceled';
  amount: number;
  amount_received: number;
  application_fee_amount: number | null;
  currency: string;
  created: number;
  livemode: boolean;
  metadata: Metadata;
  last_payment_error: { type: string; code: string; decline_code?: string; message: string } | null;
  latest_charge: string | null;
};

export type FakeCharge = {
  id: string;
  object: 'charge';
  amount: number;
  amount_refunded: number;
  currency: string;
  created: number;
  livemode: boolean;
  status: 'succeeded' | 'pending' | 'failed';
  metadata: Metadata;
  payment_intent: string;
  balance_transaction: string | null;
};

export type FakeRefund = {
  id: string;
  object: 'refund';
  amount: number;
  currency: string;
  created: number;
  status: 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'canceled';
  metadata: Metadata;
  payment_intent: string;
  charge: string;
  balance_transaction: string | null;
  failure_reason?: string;
};

export type FakeDispute = {
  id: string;
  object: 'dispute';
  amount: number;
  currency: string;
  created: number;
  status: string;
  reason: string;
  charge: string;
  payment_intent: string;
  livemode: boolean;
  metadata: Metadata;
  is_charge_refundable: boolean;
  evidence_details: { due_by: number | null; has_evidence: boolean; past_due: boolean; submission_count: number };
  balance_transactions: FakeMovement[];
};

export type FakeWarning = {
  id: string;
  object: 'radar.early_fraud_warning';
  actionable: boolean;
  charge: string;
  payment_intent: string;
  created: number;
  fraud_type: string;
  livemode: boolean;
};

export type FakePayout = {
  id: string;
  object: 'payout';
  amount: number;
  currency: string;
  created: number;
  arrival_date: number;
  automatic: boolean;
  status: string;
  livemode: boolean;
  metadata: Metadata;
  balance_transaction: string | null;
};

export type FakeMovement = {
  id: string;
  object: 'balance_transaction';
  type: string;
  reporting_category: string;
  amount: number;
  fee: number;
  net: number;
  currency: string;
  created: number;
  available_on: number;
  source: string;
  status: 'pending' | 'available';
  exchange_rate: null;
  fee_details: { amount: number; currency: string; type: string; description: string }[];
};

export type FakeAccount = {
  id: string;
  object: 'account';
  country: string;
  email: string | null;
  charges_enabled: boolean;
  payouts_enabled: boolean;
  details_submitted: boolean;
  metadata: Metadata;
  requirements: {
    currently_due: string[];
    past_due: string[];
    pending_verification: string[];
    eventually_due: string[];
    disabled_reason: string | null;
    current_deadline: number | null;
  };
};

export type FakeObject =
  | FakeSession
  | FakeIntent
  | FakeCharge
  | FakeRefund
  | FakeDispute
  | FakeWarning
  | FakePayout
  | FakeMovement
  | FakeAccount;

export type FakeEvent = {
  id: string;
  object: 'event';
  api_version: string;
  created: number;
  type: string;
  livemode: boolean;
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
  account?: string;
  data: { object: Record<string, unknown> };
};
