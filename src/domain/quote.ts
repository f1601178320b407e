/** The frozen bill of an order: its text for a digest, and bills that were frozen before rules had a place in them. */
import type { Money } from './money.ts';
import type { DeliveryMethod, Quote, QuoteLine } from './pricing/quote-shape.ts';

/** Canonical text of a frozen quote: what its hash is taken over. Keys are written in one fixed order by `price`. */
export const quoteText = (frozen: Quote): string => JSON.stringify(frozen);

/** As it was frozen by the market's first version. */
export type QuoteV1 = {
  readonly version: 1;
  readonly currency: string;
  readonly lines: readonly {
    readonly variantId: string;
    readonly productId: string;
    readonly title: string;
    readonly choices: readonly string[];
    readonly quantity: number;
    readonly unitPrice: Money;
    readonly subtotal: Money;
    readonly discount: Money;
    readonly total: Money;
  }[];
  readonly items: Money;
  readonly delivery: { readonly method: DeliveryMethod; readonly fee: Money; readonly waived: boolean };
  readonly total: Money;
};

export type StoredQuote = Quote | QuoteV1;

/** Any stored bill as one of today. Nothing but delivery ever changed a bill of version 1. */
export function readQuote(stored: StoredQuote): Quote {
  if (stored.version === 2) return stored;
  const { currency, lines, items, delivery, total } = stored;
  const { fee, waived, method } = delivery;
  return {
    version: 2,
    currency,
    ...{ at: 0, zone: null, chat: null, tier: null },
    lines: lines.map((line): QuoteLine => {
      const { variantId, productId, title, choices, quantity } = line;
      const [unitPrice, subtotal, net] = [line.unitPrice.amount, line.subtotal.amount, line.total.amount];
      return {
        ...{ id: variantId, productId, variantId, title, choices, quantity, unitPrice, subtotal },
        ...{ discount: line.discount.amount, total: net, tax: 0, points: 0, pointsAmount: 0, cash: net, earns: 0 },
      };
    }),
    items: items.amount,
    ...{ applied: [], rejected: [], points: null, pointsValue: null },
    delivery: { method, fee: fee.amount, waived, net: fee.amount, tax: 0, cash: fee.amount },
    tax: { mode: 'inclusive', rates: [] },
    ...{ total: total.amount, payable: total.amount, tenders: [], due: total.amount, problem: null, earned: null },
    onBreach: 'keep',
  };
}
