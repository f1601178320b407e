/** All queries over one `Run`: what a work is given as `tx`, and a read as `reads`. Each aggregate is made when it is first touched. */
import type { Vault } from '../ports/runtime.ts';
import type { Tx } from '../ports/store.ts';
import { cardQueries } from './cards.ts';
import { catalogQueries } from './catalog.ts';
import { couponQueries } from './coupons.ts';
import { disputeQueries } from './disputes.ts';
import { auditQueries, handleQueries } from './handles.ts';
import { inboxQueries } from './inbox.ts';
import { orderQueries } from './orders.ts';
import { outboxQueries } from './outbox.ts';
import { paymentQueries } from './payments.ts';
import { peopleQueries } from './people.ts';
import { platformQueries } from './platforms.ts';
import type { Run } from './prepare.ts';
import { refundRequestQueries } from './refund-requests.ts';
import { settlementQueries } from './settlement.ts';
import { statementQueries } from './statements.ts';
import { sellingQueries } from './selling.ts';
import { webQueries } from './web.ts';

export class StoreTx implements Tx {
  readonly run: Run;
  readonly #vault: Vault;
  #people: Tx['people'] | undefined;
  #catalog: Tx['catalog'] | undefined;
  #cards: Tx['cards'] | undefined;
  #orders: Tx['orders'] | undefined;
  #payments: Tx['payments'] | undefined;
  #disputes: Tx['disputes'] | undefined;
  #requests: Tx['requests'] | undefined;
  #settlement: Tx['settlement'] | undefined;
  #statements: Tx['statements'] | undefined;
  #coupons: Tx['coupons'] | undefined;
  #inbox: Tx['inbox'] | undefined;
  #outbox: Tx['outbox'] | undefined;
  #handles: Tx['handles'] | undefined;
  #audit: Tx['audit'] | undefined;
  #web: Tx['web'] | undefined;
  #platforms: Tx['platforms'] | undefined;
  #selling: Tx['selling'] | undefined;

  constructor(run: Run, vault: Vault) {
    this.run = run;
    this.#vault = vault;
  }

  get people(): Tx['people'] {
    return (this.#people ??= peopleQueries(this.run, this.#vault));
  }
  get catalog(): Tx['catalog'] {
    return (this.#catalog ??= catalogQueries(this.run, this.#vault));
  }
  get cards(): Tx['cards'] {
    return (this.#cards ??= cardQueries(this.run));
  }
  get orders(): Tx['orders'] {
    return (this.#orders ??= orderQueries(this.run, this.#vault));
  }
  get payments(): Tx['payments'] {
    return (this.#payments ??= paymentQueries(this.run, this.#vault));
  }
  get coupons(): Tx['coupons'] {
    return (this.#coupons ??= couponQueries(this.run));
  }
  get disputes(): Tx['disputes'] {
    return (this.#disputes ??= disputeQueries(this.run));
  }
  get statements(): Tx['statements'] {
    return (this.#statements ??= statementQueries(this.run));
  }
  get requests(): Tx['requests'] {
    return (this.#requests ??= refundRequestQueries(this.run, this.#vault));
  }
  get settlement(): Tx['settlement'] {
    return (this.#settlement ??= settlementQueries(this.run));
  }
  get web(): Tx['web'] {
    return (this.#web ??= webQueries(this.run, this.#vault));
  }
  get platforms(): Tx['platforms'] {
    return (this.#platforms ??= platformQueries(this.run, this.#vault));
  }
  get selling(): Tx['selling'] {
    return (this.#selling ??= sellingQueries(this.run));
  }
  get inbox(): Tx['inbox'] {
    return (this.#inbox ??= inboxQueries(this.run, this.#vault));
  }
  get outbox(): Tx['outbox'] {
    return (this.#outbox ??= outboxQueries(this.run));
  }
  get handles(): Tx['handles'] {
    return (this.#handles ??= handleQueries(this.run));
  }
  get audit(): Tx['audit'] {
    return (this.#audit ??= auditQueries(this.run));
  }
}
