import { describe, expect, test } from 'vitest';
import { price } from '../../../src/domain/pricing/price.ts';
import { quoteText, type QuoteV1, readQuote } from '../../../src/domain/quote.ts';

const myr = (amount: number) => ({ amount, currency: 'MYR' });
const old: QuoteV1 = {
  version: 1,
  currency: 'MYR',
  lines: [
    {
      ...{ variantId: 'v', productId: 'p', title: 'Mango box', choices: ['Large'], quantity: 2 },
      ...{ unitPrice: myr(1250), subtotal: myr(2500), discount: myr(0), total: myr(2500) },
    },
  ],
  items: myr(2500),
  delivery: { method: 'ship', fee: myr(800), waived: false },
  total: myr(3300),
};

describe('a frozen bill', () => {
  test('of the first version reads as one of today, with the same sums', () => {
    const read = readQuote(old);
    expect(read).toMatchObject({ version: 2, items: 2500, total: 3300, payable: 3300, due: 3300, applied: [] });
    expect(read.lines).toMatchObject([{ id: 'v', choices: ['Large'], quantity: 2, unitPrice: 1250, cash: 2500 }]);
    expect(read.delivery).toMatchObject({ method: 'ship', fee: 800, net: 800, cash: 800, waived: false });
  });

  test('of today reads as it is, and is the same text after being stored', () => {
    const frozen = price({ currency: 'MYR', lines: [{ id: 'a', quantity: 1, unitPrice: 500 }] });
    expect(readQuote(frozen)).toBe(frozen);
    expect(JSON.stringify(JSON.parse(quoteText(frozen)))).toBe(quoteText(frozen));
  });
});
