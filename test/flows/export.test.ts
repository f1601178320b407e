// A shop's orders as a file: on the web behind the seat, on Telegram in the private chat.
import { parse } from 'csv-parse/sync';
import { expect, onTestFinished, test } from 'vitest';
import { addDays, dayOf, daysBetween, monthStart, readDay, stampOf, startOfDay } from '../../src/app/calendar.ts';
import { csvOf } from '../../src/view/csv.ts';
import { openWorld, type World } from '../support/world.ts';
import { startMarket } from '../support/market.ts';
import { joiner, openStall, read, startBotMarket, tap } from '../support/telegram-market.ts';

const rowsOf = (text: string): Record<string, string>[] => parse(text, { bom: true, columns: true });

async function sheet(world: World, from: string, to: string, viewer = world.seller) {
  const message = { name: 'orders_sheet', shopId: world.shop.id, from, to } as const;
  const loaded = await world.core.load(message, { personId: viewer, communityId: world.communityId });
  if (!loaded.ok) throw new Error(loaded.fault.code);
  return rowsOf(csvOf(loaded.value.sheet));
}

test.each(['sqlite', 'postgres'] as const)(
  'what came in, what went back, and when, by the market’s clock (%s)',
  async (engine) => {
    const world = await openWorld({ engine });
    onTestFinished(() => world.close());
    const mango = await world.post({ title: '=HYPERLINK("x")', price: '12.50', shippingFee: '5.00' });
    const tea = await world.post({ title: 'Tea, "green"\nstrong', price: '3.00', shippingFee: '5.00' });
    for (const { productId } of [mango, tea])
      await world.done(world.buyer, { kind: 'basket_add', productId, quantity: 2 });
    const [basket] = await world.store.read((reads) => reads.orders.baskets(world.buyer));
    const orderId = basket?.id ?? '';
    await world.done(world.buyer, { kind: 'choose_delivery', orderId, method: 'ship' });
    await world.done(world.buyer, { kind: 'set_address', orderId, recipient: 'Siti', lines: 'Ipoh', phone: '' });
    await world.done(world.buyer, { kind: 'basket_checkout', orderId });
    const order = await world.order(orderId);
    world.sandbox.pay(await world.openBill(order), { mode: 'now' });
    await world.settle();
    await world.done(world.seller, { kind: 'ship', orderId, tracking: '+60 1' });
    await world.done(world.seller, { kind: 'refund', orderId, amount: '4.50', lines: [], restock: false });
    await world.settle();

    const rows = await sheet(world, '2026-11-20', '2026-11-20');
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({
      ...{ order: order.code, line: '1', time_zone: 'Asia/Kuala_Lumpur', placed_at: '2026-11-20T20:00:00+08:00' },
      ...{ product: '\'=HYPERLINK("x")', quantity: '2', unit_price: '12.50', line_total: '25.00', currency: 'MYR' },
      ...{ shipping: '5.00', order_total: '36.00', received: '36.00', refunded: '4.50', channel: 'sandbox' },
      ...{ tracking: "'+60 1", state: 'fulfilled' },
    });
    expect(rows[1]).toMatchObject({
      line: '2',
      product: 'Tea, "green" strong',
      order_total: '',
      received: '',
      refunded: '',
    });
    expect(await sheet(world, '2026-11-19', '2026-11-19')).toEqual([]);
    await expect(sheet(world, '2026-11-20', '2026-11-20', world.buyer)).rejects.toThrow('not_found');
  },
);

test('a period is two days of a calendar, at most a year, and never a helper’s', async () => {
  const world = await openWorld({ members: 2 });
  onTestFinished(() => world.close());
  const helper = world.buyers[1] ?? '';
  await world.done(world.seller, { kind: 'put_helper', shopId: world.shop.id, personId: helper, helps: true });
  const choose = (from: string, to: string, by = world.seller) =>
    world.act(by, { kind: 'choose_period', shopId: world.shop.id, from, to });
  expect(await choose('2026-02-01', '2026-02-28')).toMatchObject({ ok: true });
  for (const [from, to] of [
    ['2026-02-28', '2026-02-01'],
    ['2026-02-30', '2026-03-01'],
    ['2026-2-1', '2026-03-01'],
    ['2025-01-01', '2026-03-01'],
    ['', ''],
  ] as const)
    expect(await choose(from, to)).toMatchObject({ fault: { code: 'period_invalid' } });
  expect(await choose('2026-02-01', '2026-02-28', helper)).toMatchObject({ fault: { code: 'not_allowed' } });
});

test('days begin when their zone says so, also where a clock is put forward at midnight', () => {
  expect(startOfDay('2026-03-29', 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 28, 23));
  expect(startOfDay('2026-03-30', 'Europe/Berlin') - startOfDay('2026-03-29', 'Europe/Berlin')).toBe(23 * 3_600_000);
  // No midnight on this day in Beirut.
  expect(stampOf(startOfDay('2026-03-29', 'Asia/Beirut'), 'Asia/Beirut')).toBe('2026-03-29T01:00:00+03:00');
  expect(dayOf(Date.UTC(2026, 0, 1, 20), 'Asia/Kuala_Lumpur')).toBe('2026-01-02');
  expect([addDays('2026-02-28', 1), monthStart('2026-03-31', -1), daysBetween('2026-01-01', '2026-12-31')]).toEqual([
    '2026-03-01',
    '2026-02-01',
    364,
  ]);
  expect([readDay(' 2026-02-28 '), readDay('2026-02-29'), readDay('28.2.2026')]).toEqual([
    '2026-02-28',
    undefined,
    undefined,
  ]);
});

test('on the web the file is behind the seller’s own seat', async () => {
  const market = await startMarket();
  const seller = await market.visitor('Rosa', { role: 'seller' });
  const other = await market.visitor('Siti');
  await seller.press('Menu');
  await seller.press(/^Shop: Rosa|^My shop|Rosa/);
  await seller.press(/^Orders$/, { side: 'private' });
  await seller.press('Orders as a file');
  await seller.press('This month');
  const panel = await seller.sees('Orders of');
  const { document } = panel.view ?? {};
  expect(document?.name).toMatch(/^orders-2026-11-01-2026-11-20\.csv$/);
  const file = await seller.browser.get(`/seat/${seller.seat}/${document?.path}`);
  expect(file.status).toBe(200);
  expect(file.headers.get('content-type')).toContain('text/csv');
  expect(file.headers.get('content-disposition')).toContain('attachment');
  expect(file.headers.get('cache-control')).toContain('no-store');
  expect(rowsOf(await file.text())).toEqual([]);
  expect((await other.browser.get(`/seat/${other.seat}/${document?.path}`)).status).toBe(403);
  expect((await seller.browser.get(`/seat/${seller.seat}/documents/nothing`)).status).toBe(410);
});

test.each([
  { languageCode: 'en', month: 'This month', file: 'Orders of' },
  { languageCode: 'zh-hans', month: '本月', file: '的订单' },
])('on Telegram it comes as a document in private ($languageCode)', async ({ languageCode, month, file }) => {
  const bot = await startBotMarket();
  const { seller, group, sells } = await openStall(bot, { languageCode });
  await sells('Mango box | 0 | 20');
  const buyer = await joiner(bot, group, { firstName: 'Budi', started: true });
  await tap(bot, buyer, read(buyer, group, /^Mango box/), /free|免费/i);
  seller.says('private', '/export');
  await bot.settle();
  await tap(bot, seller, read(seller, 'private', 'CSV'), month);
  const seen = read(seller, 'private', file);
  const { content } = seen.stored;
  if (content.kind !== 'document') throw new Error('that is no file');
  expect(rowsOf(Buffer.from(content.file.bytes).toString())).toMatchObject([
    { product: 'Mango box', buyer: 'Budi', order_total: '0.00', time_zone: 'Asia/Kuala_Lumpur' },
  ]);
  expect(buyer.finds('private', file)).toBeUndefined();
});
