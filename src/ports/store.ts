/** The database, as the core sees it. */
import type { CardReads, CardWrites } from './store/cards.ts';
import type { CatalogReads, CatalogWrites } from './store/catalog.ts';
import type { CouponReads, CouponWrites } from './store/coupons.ts';
import type { DisputeReads, DisputeWrites } from './store/disputes.ts';
import type { AuditWrites, HandleWrites, InboxWrites, OutboxWrites } from './store/events.ts';
import type { OrderReads, OrderWrites } from './store/orders.ts';
import type { PaymentReads, PaymentWrites } from './store/payments.ts';
import type { PeopleReads, PeopleWrites } from './store/people.ts';
import type { PlatformReads, PlatformWrites } from './store/platforms.ts';
import type { RefundRequestReads, RefundRequestWrites } from './store/refund-requests.ts';
import type { SettlementReads } from './store/settlement.ts';
import type { StatementReads, StatementWrites } from './store/statements.ts';
import type { SellingReads, SellingWrites } from './store/selling.ts';
import type { WebReads, WebWrites } from './store/web.ts';
import type { Json } from './runtime.ts';

export interface Reads {
  readonly people: PeopleReads;
  readonly catalog: CatalogReads;
  readonly cards: CardReads;
  readonly orders: OrderReads;
  readonly payments: PaymentReads;
  readonly coupons: CouponReads;
  readonly disputes: DisputeReads;
  readonly requests: RefundRequestReads;
  readonly statements: StatementReads;
  readonly settlement: SettlementReads;
  readonly inbox: Pick<
    InboxWrites,
    'event' | 'eventByKey' | 'payload' | 'keptPayloads' | 'work' | 'dueWork' | 'eventsIn'
  >;
  readonly outbox: Pick<OutboxWrites, 'nextDue' | 'counts' | 'dead'>;
  readonly handles: Pick<HandleWrites, 'handle'>;
  readonly audit: Pick<AuditWrites, 'auditOf'>;
  readonly web: WebReads;
  readonly platforms: PlatformReads;
  readonly selling: SellingReads;
}

export interface Tx extends Reads {
  readonly people: PeopleWrites;
  readonly catalog: CatalogWrites;
  readonly cards: CardWrites;
  readonly orders: OrderWrites;
  readonly payments: PaymentWrites;
  readonly coupons: CouponWrites;
  readonly disputes: DisputeWrites;
  readonly requests: RefundRequestWrites;
  readonly statements: StatementWrites;
  readonly settlement: SettlementReads;
  readonly inbox: InboxWrites;
  readonly outbox: OutboxWrites;
  readonly handles: HandleWrites;
  readonly audit: AuditWrites;
  readonly web: WebWrites;
  readonly platforms: PlatformWrites;
  readonly selling: SellingWrites;
}

/** `key`: the same key and input has one effect, and every repetition gets the stored answer. */
export type CommandKey = { readonly key: string; readonly input: Json };

export interface Store {
  /**
   * One unit of work: all of it is durable when the promise resolves, or none of it ever was. `work` may run more than once (a lost
   * race, a batch that is done again), so it changes nothing but what it is given; it waits for nothing but `tx`; it catches no
   * database error; after it has ended `tx` is dead. A fault it returns before its first write leaves nothing behind but the answer.
   * Throws `KeyReused` when the key was used with other input.
   */
  transact<R extends Json>(command: CommandKey | null, work: (tx: Tx) => Promise<R>): Promise<R>;
  /** Reads committed rows only, in one snapshot on SQLite. */
  read<R>(query: (reads: Reads) => Promise<R>): Promise<R>;
  /** True after a write that can be read back: for readiness. */
  probe(): Promise<boolean>;
  close(): Promise<void>;
}

export class KeyReused extends Error {
  constructor(key: string) {
    super(`The command key ${key} was used before with other input: a key belongs to one intent.`);
    this.name = 'KeyReused';
  }
}
