/** How many bills one core draws up: 20 lines, 50 live promotions, 5 coupons, points, delivery and tax. */
import { type PriceInput, readPriceInput } from '../src/domain/pricing/input.ts';
import { price, priceOf } from '../src/domain/pricing/price.ts';
import { suggestFor } from '../src/domain/pricing/suggest.ts';
import { type Pace, startPace } from './pace.ts';

const AT = Date.UTC(2026, 10, 20, 12);
const WEEK_MS = 7 * 24 * 3_600_000;
const valid = { from: AT - WEEK_MS, until: AT + WEEK_MS, zone: 'Asia/Kuala_Lumpur' } as const;
const evenings = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '18:00', to: '23:00' }];

const lines = Array.from({ length: 20 }, (_, at) => ({
  ...{ id: `line-${at}`, productId: `product-${at}`, shopId: 'shop', title: `Thing ${at}`, tags: [`tag-${at % 5}`] },
  ...{ quantity: 1 + (at % 4), unitPrice: 250 + 137 * at, tax: at % 3 === 0 ? 'reduced' : 'standard' },
}));

/** Half of them on items, half on the order; as in a market, most are for some of the goods and some for some of the people. */
function promotions(): unknown[] {
  return Array.from({ length: 50 }, (_, at) => {
    const scope =
      at % 2 === 0 ? { tags: [`tag-${at % 5}`] } : { products: [`product-${at % 20}`, `product-${at % 7}`] };
    const rule = {
      id: `promotion-${at}`,
      priority: at % 3,
      valid: at % 10 === 0 ? { ...valid, weekly: evenings } : valid,
    };
    if (at % 10 === 9) return { ...rule, stage: 'item', scope, kind: 'buy_x_get_y', buy: 2, get: 1 };
    if (at % 2 === 0) return { ...rule, stage: 'item', scope, kind: 'percent', bps: 500 + 10 * at };
    const group = { ...rule, stage: 'order', exclusiveGroup: `group-${at % 5}` };
    if (at % 4 === 1)
      return { ...group, kind: 'every', every: { MYR: 5000 + 100 * at }, off: { MYR: 300 }, maxTimes: 3 };
    const tiers = [1, 2, 3].map((step) => ({ from: { MYR: 3000 * step }, amount: { MYR: 200 * step + at } }));
    return { ...group, scope: { shops: ['shop'] }, kind: 'tiered', tiers };
  });
}

const coupons = [
  { id: 'c-percent', kind: 'percent', bps: 1000, cap: { MYR: 2000 }, valid, minSpend: { MYR: 2000 } },
  { id: 'c-fixed', kind: 'fixed', amount: { MYR: 500 }, funder: 'platform', valid },
  { id: 'c-ship', kind: 'free_shipping', cap: { MYR: 800 }, valid },
  { id: 'c-tiered', kind: 'tiered', tiers: [{ from: { MYR: 8000 }, amount: { MYR: 900 } }], valid },
  { id: 'c-tag', kind: 'percent', bps: 1500, funder: 'community', scope: { tags: ['tag-1'] }, valid },
];

const basket = {
  ...{
    currency: 'MYR',
    at: AT,
    lines,
    promotions: promotions(),
    coupons,
    chat: 'telegram:-1001',
    buyer: { tier: 'gold' },
  },
  points: {
    requested: 1200,
    balance: 5000,
    rule: { value: { MYR: { points: 100, amount: 100 } }, maxShareBps: 3000, step: 100 },
  },
  shipping: { fee: 800, tax: 'standard' },
  tax: {
    mode: 'exclusive',
    rates: [
      { id: 'standard', bps: 800 },
      { id: 'reduced', bps: 500 },
    ],
  },
  earning: { rate: { MYR: { points: 1, per: 100 } }, multipliers: [{ id: 'gold', bps: 15_000 }] },
};

export type QuotePaces = { readonly drawn: Pace; readonly read: Pace; readonly suggested: Pace };

/** `drawn`: from rules as the market keeps them. `read`: the same through the door for plain data. `suggested`: with the best set of coupons sought. */
export function measureQuotes(count: number): QuotePaces {
  const input: PriceInput = readPriceInput(basket);
  return {
    drawn: paceOf(count, () => priceOf(input).due),
    read: paceOf(Math.ceil(count / 4), () => price(basket).due),
    suggested: paceOf(Math.ceil(count / 20), () => suggestFor(input).quote.due),
  };
}

function paceOf(count: number, draw: () => number): Pace {
  for (let round = 0; round < Math.ceil(count / 4); round++) draw();
  const stop = startPace();
  let due = 0;
  for (let round = 0; round < count; round++) due += draw();
  if (due === 0) throw new Error('The bills of the bench are free: they say nothing.');
  return stop(count);
}
