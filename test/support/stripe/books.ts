// The fake Stripe's own books: every account apart from the others, every movement of money with its balance transaction, every change
// with its event. A balance is the sum of its movements, and nothing else.
import { randomBytes } from 'node:crypto';
import type {
  FakeAccount,
  FakeCharge,
  FakeDispute,
  FakeEvent,
  FakeIntent,
  FakeMovement,
  FakeObject,
  FakePayout,
  FakeRefund,
  FakeSession,
  FakeWarning,
} from './objects.ts';

export const API_VERSION = '2026-10-28.endive';
const DAY_S = 24 * 60 * 60;

/** What belongs to one account; `''` is the platform's own. */
export class Shelf {
  readonly sessions: FakeSession[] = [];
  readonly intents: FakeIntent[] = [];
  readonly charges: FakeCharge[] = [];
  readonly refunds: FakeRefund[] = [];
  readonly disputes: FakeDispute[] = [];
  readonly warnings: FakeWarning[] = [];
  readonly payouts: FakePayout[] = [];
  readonly movements: FakeMovement[] = [];
  /** Which payout a movement left with. */
  readonly paidOut = new Map<string, string>();
}

export class Books {
  readonly now: () => number;
  readonly livemode: boolean;
  readonly accounts = new Map<string, FakeAccount>();
  readonly events: FakeEvent[] = [];
  /** When the test lets an event arrive is its own matter: this only tells that there is one. */
  onEvent: (event: FakeEvent) => void = () => undefined;
  readonly #shelves = new Map<string, Shelf>([['', new Shelf()]]);
  #made = 0;

  constructor({ now, livemode }: { now: () => number; livemode: boolean }) {
    this.now = now;
    this.livemode = livemode;
  }

  seconds = (): number => Math.floor(this.now() / 1000);

  shelf(account: string): Shelf {
    const shelf = this.#shelves.get(account);
    if (!shelf) throw new Error(`no account ${account}`);
    return shelf;
  }

  has = (account: string): boolean => this.#shelves.has(account);

  accountOf(id: string): string {
    for (const [account, shelf] of this.#shelves) {
      const all = [...shelf.sessions, ...shelf.intents, ...shelf.charges, ...shelf.refunds, ...shelf.disputes];
      if (all.some((one) => one.id === id)) return account;
    }
    throw new Error(`nobody has ${id}`);
  }

  open(account: FakeAccount): void {
    this.accounts.set(account.id, account);
    this.#shelves.set(account.id, new Shelf());
  }

  id(prefix: string): string {
    this.#made += 1;
    return `${prefix}_${String(this.#made).padStart(6, '0')}${randomBytes(6).toString('hex')}`;
  }

  tell(account: string, type: string, object: FakeObject): void {
    const event: FakeEvent = {
      id: this.id('evt'),
      object: 'event',
      api_version: API_VERSION,
      created: this.seconds(),
      type,
      livemode: this.livemode,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      ...(account === '' ? {} : { account }),
      data: { object: structuredClone(object) },
    };
    this.events.push(event);
    this.onEvent(event);
  }

  move(
    account: string,
    moved: Pick<FakeMovement, 'type' | 'amount' | 'currency' | 'source'> & { fee?: number; applicationFee?: number },
  ): FakeMovement {
    const { fee: own = 0, applicationFee = 0, ...rest } = moved;
    const fee = own + applicationFee;
    const detail = (type: string, amount: number) => ({ amount, currency: rest.currency, type, description: type });
    const movement: FakeMovement = {
      ...rest,
      id: this.id('txn'),
      object: 'balance_transaction',
      reporting_category: rest.type,
      fee,
      net: rest.amount - fee,
      created: this.seconds(),
      available_on: this.seconds() + 2 * DAY_S,
      status: 'pending',
      exchange_rate: null,
      fee_details: [
        ...(own === 0 ? [] : [detail('stripe_fee', own)]),
        ...(applicationFee === 0 ? [] : [detail('application_fee', applicationFee)]),
      ],
    };
    this.shelf(account).movements.push(movement);
    return movement;
  }

  /** In its own units, by currency in small letters. */
  balance(account = ''): Record<string, number> {
    const sums: Record<string, number> = {};
    for (const { currency, net } of this.shelf(account).movements) sums[currency] = (sums[currency] ?? 0) + net;
    return sums;
  }

  /** Throws when a payment was charged twice, or more was given back than came: nothing may have asked for it. */
  audit(): void {
    for (const [account, shelf] of this.#shelves) {
      for (const session of shelf.sessions) {
        const paid = shelf.charges.filter(
          (one) => one.status === 'succeeded' && one.payment_intent === session.payment_intent,
        );
        if (paid.length > 1) throw new Error(`${session.id} of ${account} was charged ${paid.length} times`);
      }
      for (const charge of shelf.charges) {
        const back = shelf.refunds.filter(
          (one) => one.charge === charge.id && one.status !== 'failed' && one.status !== 'canceled',
        );
        const sum = back.reduce((total, one) => total + one.amount, 0);
        if (sum > charge.amount) throw new Error(`${charge.id} gave back ${sum} of ${charge.amount}`);
      }
      const references = shelf.sessions.flatMap((one) => one.client_reference_id ?? []);
      if (new Set(references).size < references.length) throw new Error(`${account} has two sessions of one reference`);
    }
  }
}
