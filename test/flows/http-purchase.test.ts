import { expect, test } from 'vitest';
import { addressOf, describeWith, services } from '../support/env.ts';
import { startMarket } from '../support/market.ts';
import { onEachEngine } from '../support/stores.ts';

onEachEngine('a purchase by the pay link', (database) => {
  test('goes from the card to the receipt, and every card changes', async () => {
    const market = await startMarket({ database });
    const buyer = await market.visitor('Mei');
    const other = await market.visitor('Arif');
    await buyer.press('Buy', { on: 'Mango box', side: 'Night Market' });
    const page = await buyer.openBill();
    market.sandbox.pay(await page.checkout(), { mode: 'now' });
    await market.settle();
    expect((await page.back()).text).toContain('Thank you! Your payment has arrived.');
    await buyer.sees('Receipt', { side: 'private' });
    expect(await other.reads({ on: 'Mango box', side: 'Night Market' })).toContain('11 left');
    expect(await other.reads({ on: 'Mango box', side: 'Bargain Corner' })).toContain('11 left');
    await market.verify();
  });

  test('ends with the hold when nobody pays, and the goods are back on sale', async () => {
    const market = await startMarket({ database });
    const buyer = await market.visitor('Mei');
    await buyer.press('Buy', { on: 'Mango box', side: 'Night Market' });
    await market.advance(60 * 60_000);
    expect(await buyer.reads({ on: 'Mango box', side: 'Night Market' })).toContain('12 left');
    await market.verify();
  });
});

// Two processes are two compositions on one database: they share nothing but it and Redis.
describeWith('redis', 'two markets on one PostgreSQL', () => {
  test.skipIf(!services.postgres)('what happens in one is seen and delivered in the other', async () => {
    const env = { REDIS_URL: addressOf('redis') };
    const one = await startMarket({ database: 'postgres', env, live: true });
    const ports = { PORT: '0', SANDBOX_PORT: '0' };
    const other = await startMarket({ like: one, env: { ...env, ...ports }, live: true });
    const here = await one.visitor('Mei');
    const there = await other.visitor('Arif');
    const stream = await there.browser.get(`/seat/${there.seat}/events?after=0`);
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    await here.say('Night Market', 'Is anybody there?');
    let heard = '';
    while (reader && !heard.includes('Is anybody there?')) {
      const { value, done } = await reader.read();
      if (done) break;
      heard += value;
    }
    expect(heard).toContain('Is anybody there?');
    await reader?.cancel();
  });
});
