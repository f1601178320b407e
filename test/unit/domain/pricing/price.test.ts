import { describe, expect, test } from 'vitest';
import { price } from '../../../../src/domain/pricing/price.ts';
import type { Quote } from '../../../../src/domain/pricing/quote-shape.ts';
import { suggest } from '../../../../src/domain/pricing/suggest.ts';

const line = (id: string, unitPrice: number, quantity = 1, more: object = {}) => ({ id, unitPrice, quantity, ...more });
const usd = (amount: number) => ({ USD: amount });
const draw = (more: object): Quote => price({ currency: 'USD', lines: [line('a', 10_000)], ...more });
const totals = (quote: Quote) => quote.lines.map((one) => one.total);
const why = (quote: Quote) => quote.rejected.map(({ id, reason, shortfall }) => [id, reason, shortfall]);
const item = (id: string, more: object) => ({ id, stage: 'item', ...more });
const order = (id: string, more: object) => ({ id, stage: 'order', ...more });

describe('rounding', () => {
  test.each([
    { unitPrice: 275, bps: 1000, total: 247 },
    { unitPrice: 1999, bps: 2500, total: 1499 },
    { unitPrice: 1, bps: 5000, total: 0 },
    { unitPrice: 1, bps: 4999, total: 1 },
  ])('$unitPrice less $bps bps is $total: half up on the discount', ({ unitPrice, bps, total }) => {
    expect(draw({ lines: [line('a', unitPrice)], coupons: [{ id: 'c', kind: 'percent', bps }] }).total).toBe(total);
    expect(draw({ lines: [line('a', unitPrice)], promotions: [item('p', { kind: 'percent', bps })] }).total).toBe(
      total,
    );
  });

  test('a percentage is rounded once for a coupon, and once for each line for an item promotion', () => {
    const lines = ['a', 'b', 'c'].map((id) => line(id, 5));
    expect(draw({ lines, coupons: [{ id: 'c', kind: 'percent', bps: 1000 }] }).total).toBe(13);
    expect(draw({ lines, promotions: [item('p', { kind: 'percent', bps: 1000 })] }).total).toBe(12);
  });

  test('tax is rounded once for each rate of the order, not for each line', () => {
    const lines = ['a', 'b', 'c', 'd'].map((id) => line(id, 1750, 1, { tax: 't' }));
    const quote = draw({ lines, tax: { mode: 'exclusive', rates: [{ id: 't', bps: 825 }] } });
    expect(quote.tax.rates).toEqual([{ id: 't', label: '', bps: 825, base: 7000, amount: 578 }]);
    expect(quote.total).toBe(7578);
    expect(quote.lines.map((one) => one.tax)).toEqual([145, 145, 144, 144]);
  });

  test.each([
    ['JPY', 1000, 1100, 100],
    ['USD', 1000, 1100, 100],
    ['KWD', 1_000_001, 1_100_001, 100_000],
  ])('%s counts in its own minor units', (currency, unitPrice, exclusive, inclusive) => {
    const bill = (mode: string, priced: number) =>
      price({
        ...{ currency, lines: [line('a', priced, 1, { tax: 't' })] },
        tax: { mode, rates: [{ id: 't', bps: 1000 }] },
      });
    expect(bill('exclusive', unitPrice).total).toBe(exclusive);
    expect(bill('inclusive', exclusive)).toMatchObject({ total: exclusive, tax: { rates: [{ amount: inclusive }] } });
  });
});

describe('A: item promotions', () => {
  test('of every full group the cheapest is free, and its lines are closed to other promotions', () => {
    const lines = [line('a', 1000), line('b', 900), line('c', 800), line('d', 700)];
    const half = item('half', { kind: 'percent', bps: 5000 });
    const quote = draw({ lines, promotions: [half, item('3for2', { kind: 'buy_x_get_y', buy: 2, get: 1 })] });
    expect(totals(quote)).toEqual([1000, 900, 0, 350]);
  });

  test('units of one line fill groups too, and what fills none is paid', () => {
    const quote = draw({
      lines: [line('a', 500, 7)],
      promotions: [item('p', { kind: 'buy_x_get_y', buy: 2, get: 1 })],
    });
    expect(totals(quote)).toEqual([2500]);
  });

  test('a group that is not full says how many units are missing', () => {
    const quote = draw({
      lines: [line('a', 500, 2)],
      promotions: [item('p', { kind: 'buy_x_get_y', buy: 2, get: 1 })],
    });
    expect(why(quote)).toEqual([['p', 'NOT_ENOUGH_ITEMS', 1]]);
  });

  test('the one that takes most wins a line; ties go to the lower priority, then to the lower id', () => {
    const bps = (id: string, rate: number, priority = 0) => item(id, { kind: 'percent', bps: rate, priority });
    const winner = (...promotions: object[]) => draw({ promotions }).applied.map((one) => one.id);
    expect(winner(bps('a', 1000), bps('b', 2000))).toEqual(['b']);
    expect(winner(bps('a', 1000, 2), bps('b', 1000, 1))).toEqual(['b']);
    expect(winner(bps('b', 1000), bps('a', 1000))).toEqual(['a']);
  });

  test('an amount off each unit, and a price instead, never pass zero', () => {
    const lines = [line('a', 300, 2), line('b', 100, 3)];
    const fixed = draw({ lines, promotions: [item('p', { kind: 'fixed', amount: usd(150) })] });
    expect(totals(fixed)).toEqual([300, 0]);
    expect(totals(draw({ lines, promotions: [item('p', { kind: 'unit_price', price: usd(200) })] }))).toEqual([
      400, 300,
    ]);
  });

  test('a budget that cannot bear the whole discount gives none, and the next best acts', () => {
    const promotions = [
      item('rich', { kind: 'percent', bps: 1000 }),
      item('poor', { kind: 'percent', bps: 2000, limits: { budgetLeft: 1999 } }),
    ];
    const quote = draw({ promotions });
    expect(quote.total).toBe(9000);
    expect(why(quote)).toEqual([['poor', 'BUDGET_SPENT', undefined]]);
  });
});

describe('B: order promotions', () => {
  const tiers = [
    { from: usd(10_000), amount: usd(1000) },
    { from: usd(20_000), amount: usd(3000) },
  ];

  test.each([
    [9_999, 9_999],
    [10_000, 9_000],
    [19_999, 18_999],
    [20_000, 17_000],
  ])('tiers: %i costs %i', (unitPrice, total) => {
    const quote = draw({ lines: [line('a', unitPrice)], promotions: [order('p', { kind: 'tiered', tiers })] });
    expect(quote.total).toBe(total);
  });

  test('below the lowest tier it says what is missing', () => {
    const quote = draw({ lines: [line('a', 9_400)], promotions: [order('p', { kind: 'tiered', tiers })] });
    expect(why(quote)).toEqual([['p', 'MIN_SPEND', 600]]);
  });

  test('for every so much so much is off, at most so often', () => {
    const every = { kind: 'every', every: usd(3000), off: usd(500) };
    expect(draw({ promotions: [order('p', every)] }).total).toBe(8500);
    expect(draw({ promotions: [order('p', { ...every, maxTimes: 2 })] }).total).toBe(9000);
  });

  test('of a group the largest discount acts; of two groups one each', () => {
    const off = (id: string, amount: number, exclusiveGroup?: string) =>
      order(id, { kind: 'fixed', amount: usd(amount), ...(exclusiveGroup === undefined ? {} : { exclusiveGroup }) });
    const quote = draw({ promotions: [off('a', 100, 'x'), off('b', 300, 'x'), off('c', 200, 'y'), off('d', 50)] });
    expect(quote.applied.map((one) => one.id)).toEqual(['b', 'c', 'd']);
    expect(quote.rejected).toMatchObject([{ id: 'a', reason: 'BEATEN', by: 'b' }]);
  });

  test('thresholds are measured on what item promotions left, and not on what other groups left', () => {
    const need = (id: string) => order(id, { kind: 'fixed', amount: usd(1000), minSpend: usd(9000) });
    const quote = draw({
      promotions: [item('i', { kind: 'fixed', amount: usd(1000) }), need('a'), need('b')],
    });
    expect(quote.total).toBe(7000);
    expect(why(draw({ promotions: [item('i', { kind: 'fixed', amount: usd(1001) }), need('a')] }))).toEqual([
      ['a', 'MIN_SPEND', 1],
    ]);
  });
});

describe('C: coupons', () => {
  const percent = (id: string, bps: number, more: object = {}) => ({ id, kind: 'percent', bps, ...more });

  test('act by priority, then percent before fixed before free shipping, each on what is left', () => {
    const coupons = [
      { id: 'a', kind: 'free_shipping' },
      { id: 'b', kind: 'fixed', amount: usd(1000), funder: 'platform' },
      percent('c', 1000),
    ];
    const quote = draw({ coupons, shipping: { fee: 500 } });
    expect(quote.applied.map(({ id, amount }) => [id, amount])).toEqual([
      ['c', 1000],
      ['b', 1000],
      ['a', 500],
    ]);
    expect(quote.due).toBe(8000);
    const first = coupons.map((one) => (one.id === 'b' ? { ...one, priority: -1 } : one));
    expect(draw({ coupons: first, shipping: { fee: 500 } }).due).toBe(8100);
  });

  test('minimum spend is measured before any coupon, so that none disqualifies another', () => {
    const coupons = [percent('a', 5000), percent('b', 1000, { funder: 'platform', minSpend: usd(10_000) })];
    expect(draw({ coupons }).total).toBe(4500);
  });

  test('minimum spend counts its own goods alone, and says what is missing', () => {
    const lines = [line('a', 8000, 1, { tags: ['tea'] }), line('b', 5000)];
    const coupon = percent('c', 1000, { scope: { tags: ['tea'] }, minSpend: usd(9000) });
    expect(why(draw({ lines, coupons: [coupon] }))).toEqual([['c', 'MIN_SPEND', 1000]]);
  });

  test('a cap holds, and a currency without one is refused', () => {
    expect(draw({ coupons: [percent('c', 2000, { cap: usd(1500) })] }).total).toBe(8500);
    expect(why(draw({ coupons: [percent('c', 2000, { cap: { MYR: 1500 } })] }))).toEqual([
      ['c', 'CURRENCY_NOT_SUPPORTED', undefined],
    ]);
    expect(why(draw({ coupons: [{ id: 'c', kind: 'fixed', amount: { MYR: 1 } }] }))).toEqual([
      ['c', 'CURRENCY_NOT_SUPPORTED', undefined],
    ]);
  });

  test('one of each class; one that stands alone beside none', () => {
    const two = draw({ coupons: [percent('a', 1000), percent('b', 2000)] });
    expect(two.rejected).toMatchObject([{ id: 'b', reason: 'CLASS_TAKEN', by: 'a' }]);
    const alone = draw({
      coupons: [percent('a', 1000), percent('b', 2000, { funder: 'platform', combinable: false })],
    });
    expect(alone.rejected).toMatchObject([{ id: 'b', reason: 'NOT_COMBINABLE', by: 'a' }]);
  });

  test('buy some get some values a unit by what is left of its line', () => {
    const quote = draw({
      lines: [line('a', 1000, 3)],
      promotions: [item('p', { kind: 'percent', bps: 1000 })],
      coupons: [{ id: 'c', kind: 'buy_x_get_y', buy: 2, get: 1 }],
    });
    expect(quote.total).toBe(1800);
  });

  test('a gift is a line of its own that costs nothing', () => {
    const gift = { productId: 'mug', title: 'Mug', quantity: 1 };
    const quote = draw({ coupons: [{ id: 'c', kind: 'gift_item', gift }] });
    expect(quote.lines[1]).toMatchObject({ id: 'gift:c', productId: 'mug', total: 0, cash: 0, giftBy: 'c' });
    expect(quote.due).toBe(10_000);
  });

  test('one that finds nothing to take off is refused, never accepted for nothing', () => {
    const all = percent('a', 10_000);
    expect(why(draw({ coupons: [all, { id: 'b', kind: 'fixed', amount: usd(1), funder: 'platform' }] }))).toEqual([
      ['b', 'NO_EFFECT', undefined],
    ]);
    expect(why(draw({ coupons: [{ id: 's', kind: 'free_shipping' }] }))).toEqual([['s', 'NO_SHIPPING', undefined]]);
    const sent = { fee: 500, freeFrom: 9000 };
    expect(why(draw({ coupons: [{ id: 's', kind: 'free_shipping' }], shipping: sent }))).toEqual([
      ['s', 'NO_EFFECT', undefined],
    ]);
  });

  test('leaves out what an item promotion lowered, where it says so', () => {
    const lines = [line('a', 1000, 1, { tags: ['sale'] }), line('b', 1000)];
    const promotions = [item('p', { kind: 'percent', bps: 5000, scope: { tags: ['sale'] } })];
    expect(totals(draw({ lines, promotions, coupons: [percent('c', 1000, { exceptPromoted: true })] }))).toEqual([
      500, 900,
    ]);
  });

  test.each([
    [{ valid: { from: 1001 } }, 'NOT_STARTED'],
    [{ valid: { until: 1000 } }, 'ENDED'],
    [{ valid: { zone: 'UTC', weekly: [{ days: [5], from: '00:00', to: '24:00' }] } }, 'OUTSIDE_HOURS'],
    [{ scope: { chats: ['telegram:-1'] } }, 'WRONG_CHAT'],
    [{ scope: { tiers: ['gold'] } }, 'WRONG_TIER'],
    [{ scope: { persons: ['somebody'] } }, 'WRONG_PERSON'],
    [{ scope: { firstPurchase: true } }, 'NOT_FIRST_PURCHASE'],
    [{ scope: { products: ['z'] } }, 'NO_MATCHING_ITEMS'],
    [{ limits: { usesLeft: 0 } }, 'USES_SPENT'],
    [{ limits: { personUsesLeft: 0 } }, 'PERSON_USES_SPENT'],
    [{ limits: { budgetLeft: 999 } }, 'BUDGET_SPENT'],
  ])('%j is refused: %s', (more, reason) => {
    const quote = draw({
      at: 1000,
      chat: 'telegram:-2',
      buyer: { tier: 'silver' },
      coupons: [percent('c', 1000, more)],
    });
    expect(quote.rejected).toMatchObject([{ id: 'c', reason }]);
    expect(quote.due).toBe(10_000);
  });

  test.each([
    ['2026-03-28T22:30:00Z', true],
    ['2026-03-29T00:30:00Z', true],
    // The clocks of Berlin went from 2 to 3: it is 04:00 there.
    ['2026-03-29T02:00:00Z', false],
    ['2026-03-29T20:30:00Z', false],
  ])('hours of a Saturday night that pass midnight, in their zone: %s', (at, acts) => {
    const valid = { zone: 'Europe/Berlin', weekly: [{ days: [6], from: '23:00', to: '04:00' }] };
    const quote = draw({ at: Date.parse(at), coupons: [percent('c', 1000, { valid })] });
    expect(quote.applied.length).toBe(acts ? 1 : 0);
  });
});

describe('D: points', () => {
  const rule = { value: { USD: { points: 100, amount: 100 } }, maxShareBps: 5000, step: 100 };
  const spend = (requested: number | 'max', balance: number, more: object = {}) =>
    draw({ points: { requested, balance, rule: { ...rule, ...more } } });

  test.each([
    ['max', 20_000, 5000, 'share'],
    [4000, 3000, 3000, 'balance'],
    [4050, 20_000, 4000, 'step'],
    [300, 20_000, 300, undefined],
  ] as const)('%s asked of %i: %i are spent (%s)', (requested, balance, spent, limitedBy) => {
    const quote = spend(requested, balance);
    expect(quote.points).toMatchObject({ spent, amount: spent });
    expect(quote.points?.limitedBy).toBe(limitedBy);
    expect(quote.due).toBe(10_000 - spent);
  });

  test('five points to three cents: only whole amounts', () => {
    const value = { USD: { points: 5, amount: 3 } };
    const quote = spend('max', 20_000, { value, step: 5, maxShareBps: 3333 });
    expect(quote.points).toMatchObject({ spent: 5555, amount: 3333 });
  });

  test('never pay for stored value or for delivery', () => {
    const lines = [line('a', 1000), line('g', 9000, 1, { giftCard: true })];
    const points = { requested: 'max', balance: 90_000, rule: { ...rule, maxShareBps: 10_000 } };
    const quote = draw({ lines, points, shipping: { fee: 700 } });
    expect(quote.points?.amount).toBe(1000);
    expect(quote.due).toBe(9700);
  });

  test('lower what is taxed, or pay what is taxed', () => {
    const bill = (treatment: string) =>
      draw({
        lines: [line('a', 10_000, 1, { tax: 't' })],
        points: { requested: 1000, balance: 1000, rule: { ...rule, treatment } },
        tax: { mode: 'exclusive', rates: [{ id: 't', bps: 1000 }] },
      });
    expect(bill('price_reduction')).toMatchObject({ total: 9900, payable: 9900, due: 9900 });
    expect(bill('tender')).toMatchObject({ total: 11_000, payable: 10_000, due: 10_000 });
  });

  test.each([
    [{ coupons: [{ id: 'c', kind: 'percent', bps: 100, noPoints: true }] }, 'NO_POINTS_WITH_COUPON'],
    [{ currency: 'MYR' }, 'CURRENCY_NOT_SUPPORTED'],
    [{ points: { requested: 100, balance: 0, rule } }, 'NO_POINTS'],
    [{ points: { requested: 99, balance: 500, rule } }, 'BELOW_STEP'],
    [{ lines: [line('g', 1, 1, { giftCard: true })] }, 'NO_EFFECT'],
  ])('%j: %s', (more, reason) => {
    const quote = draw({ points: { requested: 500, balance: 500, rule }, ...more });
    expect(quote.rejected).toMatchObject([{ stage: 'points', reason }]);
    expect(quote.points).toBeNull();
  });

  test('whole steps are given back until the channel takes what is due', () => {
    const points = { requested: 'max', balance: 20_000, rule: { ...rule, maxShareBps: 10_000 } };
    const quote = draw({ lines: [line('a', 10_020)], points, minimumCharge: 50 });
    expect(quote).toMatchObject({ points: { spent: 9900, limitedBy: 'minimum_charge' }, due: 120, problem: null });
    expect(draw({ points, minimumCharge: 50 })).toMatchObject({ due: 0, problem: null });
  });

  test('a bill below what the channel takes is never changed silently', () => {
    const quote = draw({ lines: [line('a', 30)], minimumCharge: 50 });
    expect(quote).toMatchObject({ due: 30, problem: { code: 'BELOW_MIN_CHARGE', minimum: 50, shortfall: 20 } });
  });
});

describe('E, F, G: delivery, tax, stored value', () => {
  test('the fee is waived by what the items cost after coupons and before points', () => {
    const shipping = { fee: 800, freeFrom: 9000 };
    const points = { requested: 5000, balance: 5000, rule: { value: { USD: { points: 1, amount: 1 } } } };
    expect(draw({ shipping, points }).delivery).toMatchObject({ waived: true, net: 0 });
    expect(draw({ shipping, coupons: [{ id: 'c', kind: 'fixed', amount: usd(1001) }] }).delivery.net).toBe(800);
  });

  test('delivery is taxed with the items of its rate', () => {
    const quote = draw({
      lines: [line('a', 1003, 1, { tax: 't' }), line('b', 500)],
      shipping: { fee: 502, tax: 't' },
      tax: { mode: 'exclusive', rates: [{ id: 't', bps: 1000 }] },
    });
    expect(quote.tax.rates[0]).toMatchObject({ base: 1505, amount: 151 });
    expect(quote.lines[0]?.tax).toBe(101);
    expect(quote.delivery).toMatchObject({ tax: 50, cash: 552 });
  });

  test('stored value pays after tax, in its order, and nothing is due when it suffices', () => {
    const tenders = [
      { id: 'g1', balance: 4000 },
      { id: 'g2', balance: 9000 },
      { id: 'g3', balance: 1 },
    ];
    expect(draw({ tenders })).toMatchObject({
      due: 0,
      tenders: [
        { id: 'g1', amount: 4000 },
        { id: 'g2', amount: 6000 },
      ],
    });
  });
});

describe('points earned', () => {
  const earning = { rate: { USD: { points: 1, per: 100 } } };

  test('are floored once for the order, on what is left after points and before delivery', () => {
    const lines = [line('a', 150), line('b', 150)];
    expect(draw({ lines, earning, shipping: { fee: 900 } }).earned?.points).toBe(3);
    const points = { requested: 101, balance: 500, rule: { value: { USD: { points: 1, amount: 1 } } } };
    expect(draw({ lines, earning, points }).earned).toMatchObject({ base: 199, points: 1 });
  });

  test('multipliers add up, under a cap', () => {
    const multipliers = [
      { id: 'tier', bps: 15_000 },
      { id: 'campaign', bps: 20_000 },
    ];
    expect(draw({ earning: { ...earning, multipliers } }).earned).toMatchObject({ points: 250, multiplierBps: 25_000 });
    expect(draw({ earning: { ...earning, multipliers, capBps: 22_000 } }).earned?.points).toBe(220);
  });

  test('not for stored value that is bought, nor with value that was given', () => {
    const lines = [line('a', 10_000), line('g', 5000, 1, { giftCard: true }), line('x', 5000, 1, { earns: false })];
    expect(draw({ lines, earning }).earned?.points).toBe(100);
    const tenders = [{ id: 't', balance: 10_000, promotional: true }];
    expect(draw({ lines, earning, tenders }).earned?.points).toBe(50);
  });
});

describe('the best of a wallet', () => {
  const off = (id: string, amount: number, more: object = {}) => ({ id, kind: 'fixed', amount: usd(amount), ...more });

  test('is the legal set that leaves least to pay', () => {
    const coupons = [off('a', 100), off('b', 300), off('c', 200, { funder: 'platform' })];
    const best = suggest({ currency: 'USD', lines: [line('a', 1000)], coupons });
    expect(best.coupons).toEqual(['b', 'c']);
    expect(best.quote.due).toBe(500);
  });

  test('takes no coupon that changes nothing, and of equals the one that ends first', () => {
    const wallet = (coupons: object[]) => suggest({ currency: 'USD', at: 0, lines: [line('a', 300)], coupons }).coupons;
    expect(wallet([off('a', 300), off('b', 300, { funder: 'platform' })])).toEqual(['a']);
    expect(wallet([off('a', 100, { valid: { until: 9 } }), off('b', 100, { valid: { until: 8 } })])).toEqual(['b']);
    expect(wallet([off('a', 100), off('b', 100, { valid: { until: 8 } })])).toEqual(['b']);
  });

  test('of a hundred coupons is found one by one', () => {
    const coupons = Array.from({ length: 99 }, (_, at) => {
      const funder = at % 2 === 0 ? 'shop' : 'platform';
      return off(`c${String(at).padStart(2, '0')}`, at + 1, { funder });
    });
    const best = suggest({ currency: 'USD', lines: [line('a', 1000)], coupons });
    expect(best.coupons).toEqual(['c97', 'c98']);
  });
});

describe('the door', () => {
  test.each([
    [{}, 'lines'],
    [{ currency: 'usd', lines: [] }, 'currency'],
    [{ currency: 'USD', lines: [line('a', 1.5)] }, 'lines[0].unitPrice'],
    [{ currency: 'USD', lines: [line('a', -1)] }, 'lines[0].unitPrice'],
    [{ currency: 'USD', lines: [line('a', 100, 0)] }, 'lines[0].quantity'],
    [{ currency: 'USD', lines: [line('a', 1), line('a', 2)] }, 'same id twice'],
    [{ currency: 'USD', lines: [line('a', 1, 1, { tax: 't' })] }, 'is no rate'],
    [{ currency: 'USD', lines: [], discount: 5 }, 'discount'],
    [{ currency: 'USD', lines: [], coupons: [{ id: 'c', kind: 'percent', bps: 100, valid: { until: 5 } }] }, 'at: '],
    [
      {
        currency: 'USD',
        lines: [],
        at: 0,
        coupons: [{ id: 'c', kind: 'percent', bps: 100, valid: { zone: '+08:00' } }],
      },
      'time zone',
    ],
    [
      {
        currency: 'USD',
        lines: [],
        points: { requested: 1, balance: 1, rule: { value: { USD: { points: 5, amount: 3 } } } },
      },
      'points.rule.step',
    ],
  ])('refuses %j', (raw, says) => {
    expect(() => price(raw)).toThrow(RangeError);
    expect(() => price(raw)).toThrow(says);
  });

  test('sums beyond the safe integers are refused, not rounded', () => {
    const lines = [line('a', Number.MAX_SAFE_INTEGER, 2)];
    expect(() => price({ currency: 'USD', lines })).toThrow(/safe integers/);
  });
});
