// Digital goods in Telegram: a bill in Stars, paid by an invoice of Telegram's own, whatever comes twice, late or from elsewhere.
import { expect, test } from 'vitest';
import { describeWith } from '../support/env.ts';
import { openTelegramMoney } from '../support/telegram-money.ts';
import { MINUTE } from '../support/world.ts';

const refused = (code: string) => ({ ok: false, fault: { code } });

test('Buy makes a bill in Stars with its invoice ready; the payment hands over the goods', async () => {
  const world = await openTelegramMoney();
  const { listingId, variantId } = await world.postDigital();
  const order = await world.buyThere(world.payer, listingId);
  expect(order).toMatchObject({ currency: 'XTR', total: 50 });
  const panel = await world.panel(world.payer, order.id);
  expect(panel).toMatchObject({ paidToMarket: true, attempt: { channel: 'telegram_stars', state: 'open' } });
  expect(panel.channels).toEqual([{ code: 'telegram_stars', page: false }]);
  expect(panel.payUrl).toBeNull();

  expect(await world.pay(world.person, await world.linkOf(order))).toMatchObject({ paid: true, totalAmount: 50 });
  await world.settle();
  const paid = await world.panel(world.payer, order.id);
  expect(paid).toMatchObject({ state: 'fulfilled', paid: { amount: 50, currency: 'XTR' }, refundFullOnly: true });
  expect(paid.goods).toMatchObject([{ text: 'The song' }]);
  expect(await world.stock(variantId)).toMatchObject({ held: 0, sold: 1 });
  expect(await world.balances()).toEqual({ 'telegram_stars.channel': 50, 'telegram_stars.sales': -50 });
  const { captures } = await world.money(order.id);
  expect(captures).toMatchObject([{ channelRef: world.fake.payments[0]?.chargeId, use: 'applied', fee: 0 }]);
  expect(world.fake.invalidRequests).toEqual([]);
});

test('the same news a hundred times, at once and after each other, is one payment', async () => {
  const world = await openTelegramMoney();
  const { listingId } = await world.postDigital();
  const order = await world.buyThere(world.payer, listingId);
  world.hold();
  await world.pay(world.person, await world.linkOf(order));
  const news = world.carried.find((update) => update.message?.successful_payment);
  if (!news) throw new Error('no news');
  await Promise.all(Array.from({ length: 50 }, () => world.carry(news)));
  for (let again = 0; again < 50; again += 1) await world.carry(news);
  await world.settle();
  expect((await world.money(order.id)).captures).toHaveLength(1);
  expect((await world.timeline(order.id)).filter((kind) => kind === 'paid')).toEqual(['paid']);
  expect(await world.balances()).toEqual({ 'telegram_stars.channel': 50, 'telegram_stars.sales': -50 });
});

test('lost news of a payment is found by asking Telegram', async () => {
  const world = await openTelegramMoney();
  const { listingId } = await world.postDigital();
  const order = await world.buyThere(world.payer, listingId);
  world.hold();
  await world.pay(world.person, await world.linkOf(order));
  expect((await world.order(order.id)).state).toBe('pending_payment');
  await world.pass(MINUTE);
  expect((await world.order(order.id)).state).toBe('fulfilled');
  await world.release();
  await world.settle();
  expect((await world.money(order.id)).captures).toHaveLength(1);
});

test('an invoice paid twice at the same moment keeps one payment and gives the other back in full', async () => {
  const world = await openTelegramMoney();
  const { listingId } = await world.postDigital({ stock: '5' });
  const order = await world.buyThere(world.payer, listingId);
  const link = await world.linkOf(order);
  world.hold();
  // Both devices are asked about before the first news is in.
  expect(await Promise.all([world.person.pays(link), world.person.pays(link)])).toMatchObject([
    { paid: true },
    { paid: true },
  ]);
  await world.fake.taken();
  await world.release();
  await world.settle();
  const { captures, refunds, payment } = await world.money(order.id);
  expect(captures.map((one) => one.use).toSorted()).toEqual(['applied', 'duplicate']);
  expect(payment?.exceptions).toEqual(['duplicate_payment']);
  expect(refunds).toMatchObject([{ amount: 50, state: 'succeeded', cause: 'duplicate' }]);
  expect(world.fake.payments.filter((one) => one.refunded)).toHaveLength(1);
  expect(world.news(world.payer)).toContain('paid_twice_refunded');
  expect(await world.balances()).toEqual({ 'telegram_stars.channel': 50, 'telegram_stars.sales': -50 });
});

test('an old invoice is refused before it is paid again, in the words of the payer', async () => {
  const world = await openTelegramMoney();
  const { listingId } = await world.postDigital();
  const order = await world.buyThere(world.payer, listingId);
  const link = await world.linkOf(order);
  await world.pay(world.person, link);
  const again = await world.person.pays(link);
  expect(again).toMatchObject({ paid: false, stage: 'pre_checkout' });
  expect(again.paid ? '' : again.error).toMatch(/paid already/);
});

test('money after the end is delivered while there is stock, and goes back when there is none', async () => {
  const world = await openTelegramMoney();
  const { listingId } = await world.postDigital({ stock: '1' });
  const late = await world.buyThere(world.payer, listingId);
  world.hold();
  await world.pay(world.person, await world.linkOf(late));
  // The answer to the last question was yes; the bill ended before the money was told of, and Telegram does not answer either.
  world.fake.faults.status(500, { method: 'getStarTransactions', times: 40 });
  await world.pass(20 * MINUTE);
  expect((await world.order(late.id)).state).toBe('expired');
  world.fake.faults.clear();
  await world.release();
  await world.settle();
  expect(await world.panel(world.payer, late.id)).toMatchObject({ state: 'fulfilled', exceptions: ['paid_late'] });

  const second = await world.postDigital({ stock: '1', title: 'Another' });
  const other = await world.buyThere(world.payer, second.listingId);
  world.hold();
  await world.pay(world.person, await world.linkOf(other));
  world.fake.faults.status(500, { method: 'getStarTransactions', times: 40 });
  await world.pass(20 * MINUTE);
  world.fake.faults.clear();
  await world.done(world.seller, { kind: 'set_stock', variantId: second.variantId, stock: '0' });
  await world.release();
  await world.settle();
  const { refunds } = await world.money(other.id);
  expect(refunds).toMatchObject([{ cause: 'late', amount: 50, state: 'succeeded' }]);
  expect((await world.order(other.id)).state).toBe('expired');
  expect(world.news(world.payer)).toContain('paid_late_refunded');
});

test('another person cannot pay a forwarded invoice', async () => {
  const world = await openTelegramMoney();
  const { listingId } = await world.postDigital();
  const order = await world.buyThere(world.payer, listingId);
  const stranger = await world.member('Sam', 'es');
  const outcome = await stranger.person.pays(await world.linkOf(order));
  expect(outcome).toMatchObject({ paid: false, stage: 'pre_checkout' });
  expect(outcome.paid ? '' : outcome.error).toMatch(/otra persona/);
  expect(world.fake.payments).toEqual([]);
});

test('before the money moves, everything is looked at once more', async () => {
  const world = await openTelegramMoney();
  const { listingId, variantId, productId } = await world.postDigital({ stock: '1', holdMinutes: '' });
  const order = await world.buyThere(world.payer, listingId);
  await world.linkOf(order);
  const [attempt] = (await world.money(order.id)).attempts;
  const payload = `${attempt?.reference}:${order.id}:${world.shop.id}`;
  const right = {
    channel: 'telegram_stars',
    payload,
    amount: 50,
    currency: 'XTR',
    payer: { userId: String(world.person.id), name: 'Bea', locale: 'en' },
  };
  const check = (changes: Partial<typeof right> = {}) => world.core.preCheckout({ ...right, ...changes });
  expect(await check()).toEqual({ ok: true, value: null });
  for (const [changes, code] of [
    [{ amount: 49 }, 'price_changed'],
    [{ currency: 'USD' }, 'price_changed'],
    [{ payer: { userId: '7', name: 'Eve', locale: 'en' } }, 'invoice_of_another'],
    [{ payload: '' }, 'invoice_unknown'],
    [{ payload: attempt?.reference ?? '' }, 'invoice_unknown'],
    [{ payload: `${attempt?.reference}:${order.id}:${order.id}` }, 'invoice_unknown'],
    [{ payload: `${attempt?.reference}:${world.shop.id}:${world.shop.id}` }, 'invoice_unknown'],
    [{ payload: `${payload}:1` }, 'invoice_unknown'],
    [{ channel: 'telegram_payments' }, 'channel_unavailable'],
    [{ channel: 'sandbox' }, 'channel_unavailable'],
  ] as const) {
    expect(await check(changes)).toMatchObject(refused(code));
  }
  // Nothing is kept for a bill that is first paid, first served.
  await world.done(world.seller, { kind: 'set_stock', variantId, stock: '0' });
  expect(await check()).toMatchObject(refused('sold_out'));
  await world.done(world.seller, { kind: 'set_stock', variantId, stock: '1' });
  await world.done(world.admin, { kind: 'freeze_product', productId, frozen: true });
  expect(await check()).toMatchObject(refused('product_frozen'));
  await world.done(world.admin, { kind: 'freeze_product', productId, frozen: false });
  await world.done(world.admin, { kind: 'freeze_shop', shopId: world.shop.id, frozen: true });
  expect(await check()).toMatchObject(refused('shop_frozen'));
  await world.done(world.admin, { kind: 'freeze_shop', shopId: world.shop.id, frozen: false });
  expect(await check()).toEqual({ ok: true, value: null });
  world.clock.at += 61 * MINUTE;
  expect(await check()).toMatchObject(refused('order_expired'));
  await world.settle();
  expect(await check()).toMatchObject(refused('order_expired'));
  const other = await world.buyThere(world.payer, listingId);
  await world.done(world.payer, { kind: 'cancel_order', orderId: other.id });
  const [ended] = (await world.money(other.id)).attempts;
  expect(await check({ payload: `${ended?.reference}:${other.id}:${world.shop.id}` })).toMatchObject(
    refused('order_not_open'),
  );
});

describeWith('postgres', 'on PostgreSQL', () => {
  test('two payments of one invoice, each told twenty times at once: one is kept, one goes back', async () => {
    const world = await openTelegramMoney({ engine: 'postgres' });
    const { listingId } = await world.postDigital();
    const order = await world.buyThere(world.payer, listingId);
    const link = await world.linkOf(order);
    world.hold();
    await Promise.all([world.person.pays(link), world.person.pays(link)]);
    await world.fake.taken();
    const news = world.carried.filter((update) => update.message?.successful_payment);
    expect(news).toHaveLength(2);
    await Promise.all(news.flatMap((one) => Array.from({ length: 20 }, () => world.carry(one))));
    await world.settle();
    await world.release();
    await world.settle();
    const { captures, refunds } = await world.money(order.id);
    expect(captures.map((one) => one.use).toSorted()).toEqual(['applied', 'duplicate']);
    expect(refunds).toMatchObject([{ state: 'succeeded', cause: 'duplicate' }]);
    expect(world.fake.calls('refundStarPayment')).toHaveLength(1);
    expect(await world.balances()).toEqual({ 'telegram_stars.channel': 50, 'telegram_stars.sales': -50 });
  });
});
