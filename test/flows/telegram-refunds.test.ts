// Stars that go back: all or nothing, once, whoever asked for it and whatever is lost on the way.
import { expect, test } from 'vitest';
import { refundFull, refundPart } from '../../src/view/sale-refund.ts';
import { wordsFor } from '../../src/i18n/words.ts';
import { openTelegramMoney } from '../support/telegram-money.ts';
import { MINUTE } from '../support/world.ts';

async function sold() {
  const world = await openTelegramMoney();
  const posted = await world.postDigital();
  const order = await world.buyThere(world.payer, posted.listingId);
  await world.pay(world.person, await world.linkOf(order));
  await world.settle();
  const asSeller = async () => {
    const loaded = await world.core.load(
      { name: 'sale', orderId: order.id },
      { personId: world.seller, communityId: world.communityId },
    );
    if (!loaded.ok) throw new Error('the sale is hidden');
    return loaded.value.order;
  };
  return { world, order, posted, asSeller };
}

test('the seller is told that it is all or nothing, and a part is refused', async () => {
  const { world, order, asSeller } = await sold();
  const shown = await asSeller();
  const words = wordsFor('en', 'UTC');
  expect(shown.refundFullOnly).toBe(true);
  expect(refundFull(shown, words)).toMatchObject({ kind: 'press' });
  expect(refundPart(shown, words)).toBe(false);
  expect(await world.refundAll(order.id, { amount: '20' })).toMatchObject({ fault: { code: 'refund_full_only' } });
  expect((await world.money(order.id)).refunds).toEqual([]);
});

test('a full refund goes back to the payer, and Telegram telling of it changes nothing more', async () => {
  const { world, order } = await sold();
  expect(await world.refundAll(order.id)).toMatchObject({ ok: true });
  await world.settle();
  await world.fake.taken();
  await world.settle();
  expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'succeeded', amount: 50, cause: 'seller' }]);
  expect(world.fake.calls('refundStarPayment')).toHaveLength(1);
  expect(world.fake.payments).toMatchObject([{ refunded: true }]);
  expect(world.carried.filter((update) => update.message?.refunded_payment)).toHaveLength(1);
  expect((await world.order(order.id)).state).toBe('closed');
  expect(await world.balances()).toEqual({});
  expect(world.fake.invalidRequests).toEqual([]);
});

test.each(['before', 'after'] as const)('when the line breaks %s it was done, it is done once', async (when) => {
  const { world, order } = await sold();
  world.hold();
  world.fake.faults.drop(when, { method: 'refundStarPayment' });
  await world.refundAll(order.id);
  await world.work();
  expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'unknown' }]);
  await world.pass(5 * MINUTE);
  expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'succeeded' }]);
  expect(world.fake.starTransactions.filter((one) => one.receiver)).toHaveLength(1);
  await world.release();
  await world.settle();
  expect(await world.balances()).toEqual({});
});

test('a refund that somebody made elsewhere is written down, and closes the order', async () => {
  const { world, order } = await sold();
  await world.api.refundStarPayment(world.person.id, world.fake.payments[0]?.chargeId ?? '');
  await world.fake.taken();
  await world.settle();
  expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'succeeded', amount: 50, cause: 'admin' }]);
  expect((await world.order(order.id)).state).toBe('closed');
  expect(world.fake.calls('refundStarPayment')).toHaveLength(1);
  expect(await world.balances()).toEqual({});
  expect(await world.refundAll(order.id)).toMatchObject({ ok: false });
});

test('news of a refund that overtakes the news of its payment waits for it', async () => {
  const world = await openTelegramMoney();
  const { listingId } = await world.postDigital();
  const order = await world.buyThere(world.payer, listingId);
  world.hold();
  await world.pay(world.person, await world.linkOf(order));
  await world.api.refundStarPayment(world.person.id, world.fake.payments[0]?.chargeId ?? '');
  await world.fake.taken();
  const paid = world.carried.find((update) => update.message?.successful_payment);
  const back = world.carried.find((update) => update.message?.refunded_payment);
  if (!paid || !back) throw new Error('no news');
  await world.carry(back);
  expect((await world.money(order.id)).refunds).toEqual([]);
  await world.carry(paid);
  await world.pass(MINUTE);
  expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'succeeded' }]);
  expect(await world.balances()).toEqual({});
});

test('the statement holds each movement of this shop once, and adds up to its book', async () => {
  const { world, order, posted } = await sold();
  const second = await world.buyThere(world.payer, posted.listingId);
  await world.pay(world.person, await world.linkOf(second));
  await world.settle();
  world.clock.at += MINUTE;
  await world.refundAll(order.id);
  await world.settle();
  const channel = world.stars();
  const accounts = await world.store.read((reads) => reads.people.merchantAccounts(world.shop.id));
  const account = accounts.find((one) => one.channel === 'telegram_stars');
  if (!channel?.fetchStatement || !account) throw new Error('no account');
  expect(account.accountRef).toBe(`${world.fake.bot.id}:${world.shop.id}`);
  const from = world.clock.at - 10 * MINUTE;
  const whole = { account, from, to: world.clock.at + MINUTE };
  const lines = await channel.fetchStatement(whole);
  const ids = world.fake.payments.map((one) => one.chargeId);
  expect(lines).toMatchObject([
    { kind: 'payment', objectId: ids[0], amount: 50, fee: 0, currency: 'XTR', availableAt: null, payoutRef: null },
    { kind: 'payment', objectId: ids[1], amount: 50 },
    { kind: 'refund', objectId: ids[0], amount: -50, occurredAt: world.clock.at },
  ]);
  expect(new Set(lines.map((one) => one.id)).size).toBe(3);
  const sum = lines.reduce((total, one) => total + one.amount, 0);
  expect(await world.balances()).toMatchObject({ 'telegram_stars.channel': sum });
  expect(await channel.fetchStatement({ ...whole, to: world.clock.at })).toHaveLength(2);
  // Another shop of the same bot: its own book, nothing of ours in it.
  const other = { ...account, shopId: order.id, accountRef: `${world.fake.bot.id}:${order.id}` };
  expect(await channel.fetchStatement({ ...whole, account: other })).toEqual([]);
});
