// People at the fake Stripe's page, and banks behind it.
import type { Books } from './books.ts';
import { plans } from './calls.ts';
import type { FakeCharge, FakeDispute, FakeIntent, FakeMovement, FakeSession } from './objects.ts';

const DAY_S = 24 * 60 * 60;
const DISPUTE_FEE = 1_500;

export class Buyers {
  readonly #books: Books;
  constructor(books: Books) {
    this.#books = books;
  }

  #at(sessionId: string) {
    const account = this.#books.accountOf(sessionId);
    const shelf = this.#books.shelf(account);
    const session = shelf.sessions.find((one) => one.id === sessionId);
    if (!session) throw new Error(`no session ${sessionId}`);
    return { account, shelf, session };
  }

  #intent(account: string, session: FakeSession): FakeIntent {
    const shelf = this.#books.shelf(account);
    const known = shelf.intents.find((one) => one.id === session.payment_intent);
    if (known) return known;
    const plan = plans.get(session);
    const intent: FakeIntent = {
      id: this.#books.id('pi'),
      object: 'payment_intent',
      status: 'requires_payment_method',
      amount: session.amount_total,
      amount_received: 0,
      application_fee_amount: plan?.fee ?? null,
      currency: session.currency,
      created: this.#books.seconds(),
      livemode: session.livemode,
      metadata: { ...plan?.metadata },
      last_payment_error: null,
      latest_charge: null,
    };
    shelf.intents.push(intent);
    session.payment_intent = intent.id;
    return intent;
  }

  #charge(account: string, intent: FakeIntent, status: FakeCharge['status']): FakeCharge {
    const charge: FakeCharge = {
      id: this.#books.id('ch'),
      object: 'charge',
      amount: intent.amount,
      amount_refunded: 0,
      currency: intent.currency,
      created: this.#books.seconds(),
      livemode: intent.livemode,
      status,
      metadata: { ...intent.metadata },
      payment_intent: intent.id,
      balance_transaction: null,
    };
    this.#books.shelf(account).charges.push(charge);
    intent.latest_charge = charge.id;
    return charge;
  }

  #succeed(account: string, intent: FakeIntent, charge: FakeCharge): void {
    charge.status = 'succeeded';
    intent.status = 'succeeded';
    intent.amount_received = intent.amount;
    const fee = Math.min(charge.amount, Math.floor((charge.amount * 29) / 1000) + 30);
    const moved = { type: 'charge', amount: charge.amount, currency: charge.currency, source: charge.id };
    charge.balance_transaction = this.#books.move(account, {
      ...moved,
      fee,
      applicationFee: intent.application_fee_amount ?? 0,
    }).id;
  }

  pay(sessionId: string): void {
    const { account, session } = this.#at(sessionId);
    if (session.status !== 'open') throw new Error(`${sessionId} is ${session.status}`);
    const intent = this.#intent(account, session);
    this.#succeed(account, intent, this.#charge(account, intent, 'pending'));
    session.status = 'complete';
    session.payment_status = 'paid';
    session.url = null;
    this.#books.tell(account, 'payment_intent.succeeded', intent);
    this.#books.tell(account, 'checkout.session.completed', session);
  }

  decline(
    sessionId: string,
    error: { code: string; decline_code?: string } = { code: 'card_declined', decline_code: 'generic_decline' },
  ): void {
    const { account, session } = this.#at(sessionId);
    const intent = this.#intent(account, session);
    this.#charge(account, intent, 'failed');
    intent.last_payment_error = { type: 'card_error', message: 'Your card was declined.', ...error };
    this.#books.tell(account, 'payment_intent.payment_failed', intent);
  }

  /** Everything is done by the buyer, and the bank takes days. */
  paySlowly(sessionId: string): void {
    const { account, session } = this.#at(sessionId);
    const intent = this.#intent(account, session);
    this.#charge(account, intent, 'pending');
    intent.status = 'processing';
    session.status = 'complete';
    session.url = null;
    this.#books.tell(account, 'checkout.session.completed', session);
  }

  bankAnswers(sessionId: string, well: boolean): void {
    const { account, shelf, session } = this.#at(sessionId);
    const intent = this.#intent(account, session);
    const charge = shelf.charges.find((one) => one.id === intent.latest_charge);
    if (!charge || intent.status !== 'processing') throw new Error(`${sessionId} is with no bank`);
    if (well) {
      this.#succeed(account, intent, charge);
      session.payment_status = 'paid';
      this.#books.tell(account, 'payment_intent.succeeded', intent);
      this.#books.tell(account, 'checkout.session.async_payment_succeeded', session);
      return;
    }
    charge.status = 'failed';
    intent.status = 'requires_payment_method';
    intent.last_payment_error = {
      type: 'card_error',
      code: 'payment_intent_payment_attempt_failed',
      message: 'It failed.',
    };
    this.#books.tell(account, 'payment_intent.payment_failed', intent);
    this.#books.tell(account, 'checkout.session.async_payment_failed', session);
  }

  /** An inquiry takes nothing; a dispute takes the money, and its fee, at once. */
  dispute(intentId: string, { amount, inquiry = false }: { amount?: number; inquiry?: boolean } = {}): FakeDispute {
    const account = this.#books.accountOf(intentId);
    const shelf = this.#books.shelf(account);
    const charge = shelf.charges.find((one) => one.payment_intent === intentId && one.status === 'succeeded');
    if (!charge) throw new Error(`${intentId} was not charged`);
    const dispute: FakeDispute = {
      id: this.#books.id('dp'),
      object: 'dispute',
      amount: amount ?? charge.amount,
      currency: charge.currency,
      created: this.#books.seconds(),
      status: inquiry ? 'warning_needs_response' : 'needs_response',
      reason: 'fraudulent',
      charge: charge.id,
      payment_intent: intentId,
      livemode: charge.livemode,
      metadata: {},
      is_charge_refundable: inquiry,
      evidence_details: {
        due_by: this.#books.seconds() + 7 * DAY_S,
        has_evidence: false,
        past_due: false,
        submission_count: 0,
      },
      balance_transactions: [],
    };
    shelf.disputes.push(dispute);
    this.#books.tell(account, 'charge.dispute.created', dispute);
    if (!inquiry) this.#withdraw(account, dispute);
    return dispute;
  }

  #withdraw(account: string, dispute: FakeDispute): void {
    const moved = { type: 'adjustment', amount: -dispute.amount, currency: dispute.currency, source: dispute.id };
    this.#book(dispute, this.#books.move(account, { ...moved, fee: DISPUTE_FEE }), 'dispute');
    this.#books.tell(account, 'charge.dispute.funds_withdrawn', dispute);
  }

  #book(dispute: FakeDispute, movement: FakeMovement, category: string): void {
    movement.reporting_category = category;
    dispute.balance_transactions.push(movement);
  }

  /** The seller has answered; or the bank has decided. */
  moveDispute(disputeId: string, status: string): FakeDispute {
    const account = this.#books.accountOf(disputeId);
    const dispute = this.#books.shelf(account).disputes.find((one) => one.id === disputeId);
    if (!dispute) throw new Error(`no dispute ${disputeId}`);
    dispute.status = status;
    if (status === 'needs_response' && dispute.balance_transactions.length === 0) this.#withdraw(account, dispute);
    if (status === 'won' && dispute.balance_transactions.length === 1) {
      const moved = { type: 'adjustment', amount: dispute.amount, currency: dispute.currency, source: dispute.id };
      this.#book(dispute, this.#books.move(account, moved), 'dispute_reversal');
      this.#books.tell(account, 'charge.dispute.funds_reinstated', dispute);
    }
    const closed = status === 'won' || status === 'lost' || status === 'warning_closed';
    this.#books.tell(account, closed ? 'charge.dispute.closed' : 'charge.dispute.updated', dispute);
    return dispute;
  }

  warn(intentId: string): void {
    const account = this.#books.accountOf(intentId);
    const shelf = this.#books.shelf(account);
    const charge = shelf.charges.find((one) => one.payment_intent === intentId && one.status === 'succeeded');
    if (!charge) throw new Error(`${intentId} was not charged`);
    const warning = {
      id: this.#books.id('issfr'),
      object: 'radar.early_fraud_warning',
      actionable: true,
      charge: charge.id,
      payment_intent: intentId,
      created: this.#books.seconds(),
      fraud_type: 'unauthorized_use_of_card',
      livemode: charge.livemode,
    } as const;
    shelf.warnings.push(warning);
    this.#books.tell(account, 'radar.early_fraud_warning.created', warning);
  }

  /** Everything that the account has of this currency goes to its bank. */
  payOut(account: string, currency: string): void {
    const shelf = this.#books.shelf(account);
    const open = shelf.movements.filter((one) => one.currency === currency && !shelf.paidOut.has(one.id));
    const amount = open.reduce((total, one) => total + one.net, 0);
    const payout = {
      id: this.#books.id('po'),
      object: 'payout',
      amount,
      currency,
      created: this.#books.seconds(),
      arrival_date: this.#books.seconds() + 2 * DAY_S,
      automatic: true,
      status: 'in_transit',
      livemode: this.#books.livemode,
      metadata: {},
      balance_transaction: null as string | null,
    } as const;
    const moved = this.#books.move(account, { type: 'payout', amount: -amount, currency, source: payout.id });
    for (const one of [...open, moved]) shelf.paidOut.set(one.id, payout.id);
    shelf.payouts.push({ ...payout, balance_transaction: moved.id });
    this.#books.tell(account, 'payout.created', { ...payout, balance_transaction: moved.id });
  }

  /** Somebody gives it back in the Dashboard, past us. */
  refundElsewhere(intentId: string, amount: number): void {
    const account = this.#books.accountOf(intentId);
    const shelf = this.#books.shelf(account);
    const charge = shelf.charges.find((one) => one.payment_intent === intentId && one.status === 'succeeded');
    if (!charge) throw new Error(`${intentId} was not charged`);
    charge.amount_refunded += amount;
    const refund = {
      id: this.#books.id('re'),
      object: 'refund',
      amount,
      currency: charge.currency,
      created: this.#books.seconds(),
      status: 'succeeded',
      metadata: {},
      payment_intent: intentId,
      charge: charge.id,
      balance_transaction: null as string | null,
    } as const;
    const moved = this.#books.move(account, {
      type: 'refund',
      amount: -amount,
      currency: charge.currency,
      source: refund.id,
    });
    shelf.refunds.push({ ...refund, balance_transaction: moved.id });
    this.#books.tell(account, 'refund.created', { ...refund, balance_transaction: moved.id });
  }

  /** A shop's account that is ready to sell; answers its id. */
  connect(metadata: Record<string, string>): string {
    const id = this.#books.id('acct');
    const requirements = {
      ...{ currently_due: [], past_due: [], pending_verification: [], eventually_due: [] },
      ...{ disabled_reason: null, current_deadline: null },
    };
    const state = { charges_enabled: true, payouts_enabled: true, details_submitted: true };
    this.#books.open({ id, object: 'account', country: 'MY', email: null, ...state, metadata, requirements });
    return id;
  }

  /** What the owner of an account has filled in, and what Stripe makes of it. */
  onboard(account: string, state: 'active' | 'restricted' | 'submitted'): void {
    const one = this.#books.accounts.get(account);
    if (!one) throw new Error(`no account ${account}`);
    one.details_submitted = true;
    one.charges_enabled = state === 'active';
    one.payouts_enabled = state === 'active';
    const wanted = state === 'restricted' ? ['individual.verification.document'] : [];
    one.requirements = {
      currently_due: wanted,
      past_due: wanted,
      eventually_due: wanted,
      pending_verification: state === 'submitted' ? ['individual.id_number'] : [],
      disabled_reason:
        state === 'active'
          ? null
          : state === 'submitted'
            ? 'requirements.pending_verification'
            : 'requirements.past_due',
      current_deadline: null,
    };
    this.#books.tell(account, 'account.updated', one);
  }
}
