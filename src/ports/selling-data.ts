/** What the panels of a seller's day show: packing, bills, files, the evening, the list of what is on sale. */
import type { Money } from '../domain/money.ts';
import type { DeliveryMethod } from '../domain/pricing/quote-shape.ts';
import type { PackingReport, Period, Ref, SheetData } from './shown.ts';
import type { Address } from './store/people.ts';

/** Units of one product in one choice, without what was refunded. */
type PackingUnits = { readonly title: string; readonly choices: readonly string[]; readonly quantity: number };

export type SellingData = {
  /** How a shop stands in the evening: what was sold since the last one, what waits now. Counts, and amounts by currency. */
  digest: {
    readonly shop: Ref;
    readonly sold: number;
    readonly totals: readonly Money[];
    readonly toShip: number;
    readonly unpaid: number;
    readonly refunds: number;
    readonly cases: number;
    readonly questions: number;
    readonly low: readonly { readonly title: string; readonly choices: readonly string[]; readonly left: number }[];
  };
  /** What is on sale in a chat, for everybody there. `price` is the lowest where `isFrom`. */
  index: {
    readonly chatId: string;
    readonly community: string;
    readonly products: readonly {
      readonly listingId: string;
      readonly title: string;
      readonly price: Money | null;
      readonly isFrom: boolean;
      readonly soldOut: boolean;
    }[];
    readonly isCut: boolean;
  };
  /** Which orders to take away as a file. `period`: the days that were asked for last. */
  exports: {
    readonly shop: Ref;
    readonly timeZone: string;
    readonly today: string;
    readonly periods: Readonly<Record<'today' | 'week' | 'month' | 'last_month', Period>>;
    readonly period: Period | null;
  };
  /** The file itself. */
  orders_sheet: Period & {
    readonly shop: Ref;
    readonly timeZone: string;
    readonly count: number;
    /** There are more orders than a file takes. */
    readonly isCut: boolean;
    readonly sheet: SheetData;
  };
  /** A bill for a sum without a product. `personId`: who was named already. */
  new_bill: {
    readonly shop: Ref;
    readonly people: readonly Ref[];
    readonly personId: string | null;
    readonly currency: string;
  };
  /** What is paid and waits to be sent or handed over, the oldest first; totals are over all pages. */
  packing: {
    readonly shop: Ref;
    readonly orders: readonly {
      readonly id: string;
      readonly code: string;
      readonly buyer: string;
      readonly method: DeliveryMethod;
      readonly address: Address | null;
      readonly lines: readonly PackingUnits[];
      readonly paidAt: number | null;
    }[];
    readonly totals: readonly PackingUnits[];
    readonly count: number;
    readonly page: number;
    readonly pages: number;
    /** What the last wish came to. */
    readonly report: PackingReport | null;
  };
};
