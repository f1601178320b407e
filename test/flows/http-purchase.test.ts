import { describe, expect, test } from 'vitest';
import { startMarket } from '../support/market.ts';

describe('a purchase by the pay link', () => {
  test('from the card to the receipt, and every card changes', async () => {
    const market = await startMarket();
    const buyer = await market.visitor('Mei');
    const other = await market.visitor('Arif');
    await buyer.press('Buy', { on: 'Mango box', side: 'Night Market' });
    const page = await buyer.openBill();
    const checkout = await page.checkout();
    market.sandbox.pay(checkout, { mode: 'now' });
    await market.settle();
    expect((await page.back()).text).toContain('Thank you! Your payment has arrived.');
    await buyer.sees(/Receipt/, { side: 'private' });
    expect(await other.reads({ on: 'Mango box', side: 'Night Market' })).toContain('11 left');
    expect(await other.reads({ on: 'Mango box', side: 'Bargain Corner' })).toContain('11 left');
    await market.verify();
  });
});
