// A market whose own address nobody outside can open: on Telegram the panel leads straight to the channel's page.
import { expect, test } from 'vitest';
import { isWorldwide } from '../../src/domain/reach.ts';
import { prove } from '../support/proof.ts';
import { openTelegramMoney } from '../support/telegram-money.ts';
import { MINUTE } from '../support/world.ts';

test('an address is for the whole world by https, and by no name or number of one’s own', () => {
  for (const open of ['https://market.example.org', 'https://203.0.113.9', 'https://172.15.0.1'])
    expect(isWorldwide(open), open).toBe(true);
  const closed = [
    ...['http://market.example.org', 'https://localhost', 'https://market.local', 'https://10.0.0.7', 'https://[::1]'],
    ...['https://192.168.1.4:3000', 'https://172.20.0.1', 'https://127.0.0.1', 'nonsense', 'https://100.64.0.1'],
  ];
  for (const one of closed) expect(isWorldwide(one), one).toBe(false);
});

test('the outbox opens the page, the panel leads there, and asking brings the news', async () => {
  const world = await openTelegramMoney();
  const { listingId } = await world.post({ shippingFee: '5.00' }, 'physical');
  const order = await world.buyThere(world.payer, listingId);
  const choosing = await world.panel(world.payer, order.id);
  // Delivery is still open, so that nothing is asked for yet.
  expect(choosing).toMatchObject({ payUrl: null, attempt: null });
  expect(choosing.channels).toContainEqual({ code: 'sandbox', page: false });
  await world.done(world.payer, { kind: 'choose_channel', orderId: order.id, channel: 'sandbox' });
  await world.work();
  const { payUrl } = await world.panel(world.payer, order.id);
  expect(payUrl).toMatch(new RegExp(`^${world.sandbox.url}/checkout/`));
  const id = /\/checkout\/([^?]+)/.exec(payUrl ?? '')?.[1] ?? '';
  world.sandbox.pay(id, { mode: 'now' });
  // No notice reaches a market without an address.
  world.clock.at += 2 * MINUTE;
  await world.core.sweep();
  expect(await world.order(order.id)).toMatchObject({ state: 'paid' });
  await world.settle();
  await prove(world);
});

test('where nothing is left to choose the page is opened at once; on the web our own link stays', async () => {
  const world = await openTelegramMoney();
  const { listingId } = await world.post({}, 'physical');
  const order = await world.buyThere(world.payer, listingId);
  expect((await world.panel(world.payer, order.id)).payUrl).toMatch(/\/checkout\//);
  const there = await world.buy(world.buyer, listingId);
  expect((await world.panel(world.buyer, there.id)).payUrl).toBe(`http://127.0.0.1:3000/pay/${there.payToken}`);
  const pressed = await world.act(world.buyer, { kind: 'choose_channel', orderId: there.id, channel: 'sandbox' });
  expect(pressed).toMatchObject({ ok: false, fault: { code: 'channel_unavailable' } });
});

test('a seller whose goods can be paid in cash alone hears once what would bring cards', async () => {
  const world = await openTelegramMoney();
  const told = () => world.news(world.seller).filter((kind) => kind === 'cash_only');
  await world.post({}, 'physical');
  await world.work();
  // The demo's own provider takes cards.
  expect(told()).toEqual([]);
  (world.deps.channels as Map<string, unknown>).delete('sandbox');
  await world.postDigital();
  await world.post({ title: 'Second', price: '0' }, 'physical');
  await world.work();
  expect(told()).toEqual([]);
  for (const title of ['Third', 'Fourth']) await world.post({ title }, 'physical');
  await world.work();
  expect(told()).toEqual(['cash_only']);
});
