// A payment provider with books of its own: hosted pages, slow and late payments, refunds that fail or bounce, idempotency keys that
// are forgotten after a day, disputes. Single-threaded, no clock and no chance of its own. It knows nothing of the market.

export type BankPayment = {
  readonly id: string;
  readonly checkout: string;
  readonly account: string;
  readonly reference: string;
  readonly orderId: string;
  readonly amount: number;
  readonly currency: string;
  state: 'pending' | 'succeeded' | 'failed';
  fee: number;
  /** Σ refunds that have not failed. */
  refunded: number;
  /** When it succeeded or failed. */
  at: number;
};

export type BankCheckout = {
  readonly id: string;
  readonly account: string;
  readonly reference: string;
  readonly orderId: string;
  readonly amount: number;
  readonly currency: string;
  readonly expiresAt: number;
  state: 'open' | 'complete' | 'expired';
  declines: number;
  readonly payments: BankPayment[];
};

export type BankRefund = {
  readonly id: string;
  readonly reference: string;
  readonly payment: string;
  readonly account: string;
  readonly amount: number;
  readonly currency: string;
  state: 'pending' | 'succeeded' | 'failed';
};

export type BankLine = {
  readonly kind: 'payment' | 'fee' | 'refund' | 'refund_failed';
  readonly account: string;
  readonly object: string;
  /** Signed, minor units. */
  readonly amount: number;
};

export type BankEvent = {
  readonly id: string;
  readonly type: string;
  readonly account: string;
  readonly object: BankPayment | BankRefund | BankCheckout;
};

/** Nothing was done, and why. */
export class Refused extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`the bank refuses: ${code}`);
    this.code = code;
  }
}

/** What becomes of a refund: at once, or `afterMs` later, and whether the payer's own bank takes it. */
export type RefundFate = { readonly kind: 'instant' | 'slow' | 'fails' | 'bounces'; readonly afterMs: number };

type World = {
  readonly now: () => number;
  readonly tell: (event: BankEvent) => void;
  readonly later: (afterMs: number, what: string, run: () => void) => void;
  readonly fateOfRefund: () => RefundFate;
};

const FEE_BPS = 290n;
/** How long after its page's end a transfer may still arrive. */
export const LATE_TAIL_MS = 30 * 60_000;

export type Bank = ReturnType<typeof createBank>;
export type CheckoutWish = Pick<
  BankCheckout,
  'account' | 'reference' | 'orderId' | 'amount' | 'currency' | 'expiresAt'
>;
export type RefundWish = Pick<BankRefund, 'account' | 'reference' | 'payment' | 'amount' | 'currency'>;

export function createBank({ now, tell, later, fateOfRefund }: World) {
  const checkouts = new Map<string, BankCheckout>();
  const payments = new Map<string, BankPayment>();
  const refunds = new Map<string, BankRefund>();
  const book: BankLine[] = [];
  let named = 0;
  const name = (kind: string) => `${kind}_${(named += 1)}`;
  const emit = (type: string, object: BankEvent['object']) => {
    tell({ id: name('evt'), type, account: object.account, object: structuredClone(object) });
  };

  /** A page whose time is over closes by itself when somebody looks. */
  const current = (checkout: BankCheckout): BankCheckout => {
    if (checkout.state === 'open' && checkout.expiresAt <= now()) end(checkout);
    return checkout;
  };
  const end = (checkout: BankCheckout) => {
    checkout.state = 'expired';
    emit('checkout.expired', checkout);
  };
  const find = (account: string, by: { id: string | null; reference: string }): BankCheckout | undefined => {
    const all = [...checkouts.values()];
    const found = by.id === null ? all.find((one) => one.reference === by.reference) : checkouts.get(by.id);
    return found?.account === account ? current(found) : undefined;
  };
  const take = (checkout: BankCheckout, amount: number): BankPayment => {
    const { account, reference, orderId, currency } = checkout;
    const facts = { account, reference, orderId, currency, checkout: checkout.id };
    const payment: BankPayment = {
      ...{ ...facts, id: name('pay'), amount },
      ...{ state: 'pending', fee: 0, refunded: 0, at: now() },
    };
    checkout.payments.push(payment);
    payments.set(payment.id, payment);
    return payment;
  };
  const succeed = (payment: BankPayment) => {
    payment.state = 'succeeded';
    payment.at = now();
    payment.fee = Number((BigInt(payment.amount) * FEE_BPS) / 10_000n);
    book.push({ kind: 'payment', account: payment.account, object: payment.id, amount: payment.amount });
    if (payment.fee > 0) book.push({ kind: 'fee', account: payment.account, object: payment.id, amount: -payment.fee });
    emit('payment.succeeded', payment);
  };
  const fail = (payment: BankPayment) => {
    payment.state = 'failed';
    payment.at = now();
    emit('payment.failed', payment);
  };

  const giveBack = (refund: BankRefund) => {
    refund.state = 'succeeded';
    book.push({ kind: 'refund', account: refund.account, object: refund.id, amount: -refund.amount });
    emit('refund.succeeded', refund);
  };
  const failRefund = (refund: BankRefund) => {
    if (refund.state === 'succeeded')
      book.push({ kind: 'refund_failed', account: refund.account, object: refund.id, amount: refund.amount });
    refund.state = 'failed';
    const payment = payments.get(refund.payment);
    if (payment) payment.refunded -= refund.amount;
    emit('refund.failed', refund);
  };
  const meetFate = (refund: BankRefund) => {
    const { kind, afterMs } = fateOfRefund();
    if (kind === 'instant' || kind === 'bounces') giveBack(refund);
    else emit('refund.pending', refund);
    if (kind === 'slow') later(afterMs, `refund ${refund.id} arrives`, () => giveBack(refund));
    if (kind === 'fails') later(afterMs, `refund ${refund.id} fails`, () => failRefund(refund));
    if (kind === 'bounces') later(afterMs, `refund ${refund.id} bounces`, () => failRefund(refund));
  };

  return {
    checkouts: () => [...checkouts.values()],
    payments: () => [...payments.values()],
    refunds: () => [...refunds.values()],
    book: (): readonly BankLine[] => book,

    /** The same reference is the same page. Throws `Refused`. */
    open(wish: CheckoutWish): BankCheckout {
      const known = find(wish.account, { id: null, reference: wish.reference });
      if (known && (known.amount !== wish.amount || known.currency !== wish.currency))
        throw new Refused('reference_in_use');
      if (known) return known;
      if (wish.expiresAt <= now()) throw new Refused('expires_in_the_past');
      const checkout: BankCheckout = { ...wish, id: name('chk'), state: 'open', declines: 0, payments: [] };
      checkouts.set(checkout.id, checkout);
      later(wish.expiresAt - now(), `page ${checkout.id} ends`, () => void current(checkout));
      return checkout;
    },
    find,
    /** Throws `Refused`. */
    close(account: string, id: string): BankCheckout {
      const checkout = find(account, { id, reference: '' });
      if (!checkout) throw new Refused('not_found');
      if (checkout.state === 'complete') throw new Refused('checkout_complete');
      if (checkout.state === 'open') end(checkout);
      return checkout;
    },
    /** The same reference is the same refund. Throws `Refused`. */
    refund(wish: RefundWish): BankRefund {
      const known = [...refunds.values()].find(
        (one) => one.account === wish.account && one.reference === wish.reference,
      );
      if (known && (known.amount !== wish.amount || known.payment !== wish.payment))
        throw new Refused('reference_in_use');
      if (known) return known;
      const payment = payments.get(wish.payment);
      if (payment?.account !== wish.account || payment.state !== 'succeeded')
        throw new Refused('payment_not_refundable');
      if (wish.currency !== payment.currency) throw new Refused('currency_mismatch');
      if (wish.amount <= 0 || payment.refunded + wish.amount > payment.amount)
        throw new Refused('refund_exceeds_payment');
      payment.refunded += wish.amount;
      const refund: BankRefund = { ...wish, id: name('ref'), state: 'pending' };
      refunds.set(refund.id, refund);
      meetFate(refund);
      return refund;
    },
    findRefund: (account: string, by: { id: string | null; reference: string }): BankRefund | undefined =>
      [...refunds.values()].find(
        (one) => one.account === account && (by.id === null ? one.reference === by.reference : one.id === by.id),
      ),

    /** What the buyer does on the page. Answers the payments that were begun; none when the page is over. */
    pay(id: string, { times = 1, amount }: { times?: number; amount?: number } = {}): BankPayment[] {
      const checkout = checkouts.get(id);
      if (!checkout || current(checkout).state !== 'open') return [];
      const made = Array.from({ length: times }, () => take(checkout, amount ?? checkout.amount));
      for (const payment of made) succeed(payment);
      checkout.state = 'complete';
      return made;
    },
    decline(id: string): void {
      const checkout = checkouts.get(id);
      if (!checkout || current(checkout).state !== 'open') return;
      checkout.declines += 1;
      fail(take(checkout, checkout.amount));
    },
    /** The page is done with; the money comes or fails later. */
    paySlowly(id: string, ending: 'succeeds' | 'fails', afterMs: number): BankPayment | undefined {
      const checkout = checkouts.get(id);
      if (!checkout || current(checkout).state !== 'open') return undefined;
      const payment = take(checkout, checkout.amount);
      checkout.state = 'complete';
      emit('payment.pending', payment);
      later(afterMs, `payment ${payment.id} ${ending}`, () =>
        ending === 'succeeds' ? succeed(payment) : fail(payment),
      );
      return payment;
    },
    /** A transfer that nobody can stop: it arrives whatever became of its page, up to `LATE_TAIL_MS` after its end. */
    transfer(id: string): BankPayment | undefined {
      const checkout = checkouts.get(id);
      if (!checkout || now() > checkout.expiresAt + LATE_TAIL_MS) return undefined;
      const payment = take(checkout, checkout.amount);
      if (current(checkout).state === 'open') checkout.state = 'complete';
      succeed(payment);
      return payment;
    },
  };
}
