import { array, assert, constantFrom, integer, nat, option, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { money } from '../../../src/domain/money.ts';
import { quote, type QuoteInput, quoteText } from '../../../src/domain/quote.ts';

const line = (amount: number, quantity = 1, currency = 'MYR') => ({
  variantId: `v${amount}`,
  productId: `p${amount}`,
  title: 'Mango box',
  choices: [],
  quantity,
  unitPrice: money(amount, currency),
});

describe('the bill', () => {
  test('adds lines and the flat fee, to the minor unit', () => {
    const shipping = { fee: money(800, 'MYR') };
    const bill = quote({ currency: 'MYR', lines: [line(1250, 2), line(399)], delivery: { method: 'ship', shipping } });
    expect(bill.items.amount).toBe(2899);
    expect(bill.delivery).toEqual({ method: 'ship', fee: money(800, 'MYR'), waived: false });
    expect(bill.total).toEqual(money(3699, 'MYR'));
  });

  test.each([
    { items: 5000, fee: 0, waived: true },
    { items: 4999, fee: 800, waived: false },
  ])('waives the fee from the threshold on: $items', ({ items, fee, waived }) => {
    const shipping = { fee: money(800, 'MYR'), freeFrom: money(5000, 'MYR') };
    const bill = quote({ currency: 'MYR', lines: [line(items)], delivery: { method: 'ship', shipping } });
    expect(bill.delivery).toMatchObject({ fee: money(fee, 'MYR'), waived });
  });

  test('measures the threshold after what was taken off the items', () => {
    const shipping = { fee: money(800, 'MYR'), freeFrom: money(5000, 'MYR') };
    const off = { stage: 'coupon', sourceId: 'c', label: 'TEN', amount: money(1, 'MYR') } as const;
    const bill = quote({
      currency: 'MYR',
      lines: [line(5000)],
      delivery: { method: 'ship', shipping },
      reductions: [off],
    });
    expect(bill.total.amount).toBe(5799);
  });

  test('charges no delivery for pick-up, even where sending has a fee', () => {
    const shipping = { fee: money(800, 'MYR') };
    const bill = quote({ currency: 'MYR', lines: [line(100)], delivery: { method: 'pickup', shipping } });
    expect(bill.total.amount).toBe(100);
  });

  test.each([0, -1, 1.5, 2 ** 53])('refuses %d units', (quantity) => {
    expect(() => quote({ currency: 'MYR', lines: [line(100, quantity)], delivery: { method: 'none' } })).toThrow(
      RangeError,
    );
  });

  test('refuses a line in another currency', () => {
    expect(() => quote({ currency: 'MYR', lines: [line(100, 1, 'USD')], delivery: { method: 'none' } })).toThrow(
      /MYR|USD/,
    );
  });

  test('refuses a reduction that takes more than there is', () => {
    const off = { stage: 'coupon', sourceId: 'c', label: 'X', amount: money(101, 'MYR') } as const;
    expect(() =>
      quote({ currency: 'MYR', lines: [line(100)], delivery: { method: 'none' }, reductions: [off] }),
    ).toThrow(/clamp/);
  });

  test('takes nothing off a basket that is free already', () => {
    const off = { stage: 'points', sourceId: 'p', label: 'P', amount: money(0, 'MYR') } as const;
    expect(
      quote({ currency: 'MYR', lines: [line(0)], delivery: { method: 'none' }, reductions: [off] }).total.amount,
    ).toBe(0);
  });
});

const bills = record({
  currency: constantFrom('MYR', 'JPY', 'KWD', 'XTR', 'BTC'),
  lines: array(record({ amount: nat(10_000_000), quantity: integer({ min: 1, max: 50 }) }), {
    minLength: 1,
    maxLength: 8,
  }),
  fee: nat(5_000),
  freeFrom: option(nat(1_000_000), { nil: undefined }),
  share: array(integer({ min: 0, max: 10_000 }), { maxLength: 3 }),
  tax: nat(9_999),
}).map(({ currency, lines, fee, freeFrom, share, tax }): QuoteInput => {
  let left = lines.reduce((total, one) => total + one.amount * one.quantity, 0);
  const reductions = share.map((part, index) => {
    const amount = Math.floor((left * part) / 10_000);
    left -= amount;
    return { stage: 'coupon', sourceId: `c${index}`, label: 'C', amount: money(amount, currency) } as const;
  });
  const threshold = freeFrom === undefined ? {} : { freeFrom: money(freeFrom, currency) };
  return {
    currency,
    lines: lines.map((one) => line(one.amount, one.quantity, currency)),
    delivery: { method: 'ship', shipping: { fee: money(fee, currency), ...threshold } },
    reductions,
    tax: [{ label: 'SST', rateBps: 600, amount: money(tax, currency) }],
  };
});

describe('every bill', () => {
  test('is exactly the sum of its parts, and no line is negative', () => {
    assert(
      property(bills, (input) => {
        const bill = quote(input);
        const lines = bill.lines.reduce((total, one) => total + one.total.amount, 0);
        const tax = bill.tax.reduce((total, one) => total + one.amount.amount, 0);
        expect(bill.total.amount).toBe(lines + bill.delivery.fee.amount + tax);
        const off = bill.reductions.reduce((total, one) => total + one.amount.amount, 0);
        expect(bill.items.amount - off).toBe(lines);
        for (const one of bill.lines) {
          expect(one.total.amount).toBeGreaterThanOrEqual(0);
          expect(one.subtotal.amount - one.discount.amount).toBe(one.total.amount);
        }
      }),
    );
  });

  test('is the same text for the same input, and survives being stored', () => {
    assert(
      property(bills, (input) => {
        const text = quoteText(quote(input));
        expect(quoteText(quote(structuredClone(input)))).toBe(text);
        expect(JSON.stringify(JSON.parse(text))).toBe(text);
      }),
    );
  });
});
