// A seller opens the shop's own account from the chat, sells on it, and stops where Stripe stops.
import { expect, test } from 'vitest';
import { openStripeWorld, type StripeWorld } from '../support/stripe-world.ts';

const DAY = 24 * 60 * 60_000;

/** The shop's panel of its account, as its seller sees it. */
async function panel(world: StripeWorld, personId = world.seller) {
  const message = { name: 'connect', shopId: world.shop.id } as const;
  const loaded = await world.core.load(message, { personId, communityId: world.communityId });
  if (!loaded.ok) throw new Error(loaded.fault.code);
  return { ...loaded.value, token: loaded.value.url?.split('/connect/')[1] ?? '' };
}

async function goOn(world: StripeWorld) {
  const { token } = await panel(world);
  const opened = await world.core.openOnboarding({ token, returnBase: 'http://127.0.0.1:3000' });
  if (!opened.ok) throw new Error(opened.fault.code);
  const accountRef = /\/setup\/(\w+)\//.exec(opened.value)?.[1] ?? '';
  return { token, accountRef };
}

test('a shop connects its account, is paid there with fees and refunds, and its money meets nobody else’s', async () => {
  const world = await openStripeWorld({ accounts: 'shops' });
  expect((await panel(world)).state).toBe('none');
  await expect(panel(world, world.buyer)).rejects.toThrow();
  const { token, accountRef } = await goOn(world);
  expect((await panel(world)).state).toBe('pending');
  // Twice is one account.
  expect((await goOn(world)).accountRef).toBe(accountRef);
  world.fake.buyers.onboard(accountRef, 'active');
  await world.core.onboarded(token);
  expect(await panel(world)).toMatchObject({ state: 'active', wants: [] });
  await world.work();
  expect(world.news(world.seller)).toContain('account_active');

  const { listingId } = await world.post();
  const order = await world.buy(world.buyer, listingId);
  world.fake.buyers.pay(await world.openBill(order));
  await world.settle();
  expect((await world.order(order.id)).state).toBe('paid');
  expect(world.fake.books.balance('')).toEqual({});
  await world.done(world.seller, { kind: 'refund', orderId: order.id, amount: '2.50', lines: [], restock: false });
  await world.settle();
  expect((await world.money(order.id)).refunds.map((one) => one.state)).toEqual(['succeeded']);
  await world.prove();
});

test('a shop without an account of its own cannot be paid by card', async () => {
  const world = await openStripeWorld({ accounts: 'shops' });
  const { listingId } = await world.post();
  const order = await world.buy(world.buyer, listingId);
  const opened = await world.core.openCheckout({ payToken: order.payToken, returnBase: 'http://127.0.0.1:3000' });
  expect(opened).toMatchObject({ ok: false, fault: { code: 'channel_unavailable' } });
  expect((await world.panel(world.buyer, order.id)).channels.map((one) => one.code)).not.toContain('stripe');
});

test('an account that Stripe restricts stops selling, its seller is told why, and sells again when it is open', async () => {
  const world = await openStripeWorld({ accounts: 'shops' });
  const { accountRef } = await goOn(world);
  world.fake.buyers.onboard(accountRef, 'active');
  await world.deliver();
  const { listingId } = await world.post();
  world.fake.buyers.onboard(accountRef, 'restricted');
  await world.deliver();
  expect(await panel(world)).toMatchObject({ state: 'restricted', wants: ['identity_document'] });
  const order = await world.buy(world.buyer, listingId);
  const refused = await world.core.openCheckout({ payToken: order.payToken, returnBase: 'http://127.0.0.1:3000' });
  expect(refused).toMatchObject({ ok: false, fault: { code: 'channel_unavailable' } });
  await world.work();
  expect(world.news(world.seller)).toContain('account_restricted');
  world.fake.buyers.onboard(accountRef, 'active');
  await world.deliver((events) => events.toReversed());
  expect(await world.openBill(order)).toMatch(/^cs_test_/);
});

test('with every notice lost the account is followed by asking', async () => {
  const world = await openStripeWorld({ accounts: 'shops' });
  const { accountRef } = await goOn(world);
  world.fake.buyers.onboard(accountRef, 'active');
  world.clock.at += 5 * 60_000;
  await world.core.sweep();
  expect((await panel(world)).state).toBe('active');
  world.fake.buyers.onboard(accountRef, 'restricted');
  world.clock.at += DAY + 1;
  await world.core.sweep();
  expect((await panel(world)).state).toBe('restricted');
});

test('a link that is old, changed or of another shop opens nothing', async () => {
  const world = await openStripeWorld({ accounts: 'shops' });
  const { token } = await panel(world);
  const [shopId = '', until = '', seal = ''] = token.split('.');
  const later = (Number.parseInt(until, 36) + 60_000).toString(36);
  for (const forged of [
    '',
    'x',
    `${shopId}.${later}.${seal}`,
    `another-shop.${until}.${seal}`,
    `${shopId}.${until}.${seal}a`,
  ]) {
    expect(await world.core.onboarding(forged)).toMatchObject({ ok: false });
    expect(await world.core.openOnboarding({ token: forged, returnBase: 'http://127.0.0.1:3000' })).toMatchObject({
      ok: false,
    });
  }
  world.clock.at += 60 * 60_000;
  expect(await world.core.openOnboarding({ token, returnBase: 'http://127.0.0.1:3000' })).toMatchObject({ ok: false });
  expect(world.fake.books.accounts.size).toBe(0);
});

test.each(['drop_after', '500_done', 'garbage'] as const)(
  'an answer that is lost (%s) opens no second account',
  async (kind) => {
    const world = await openStripeWorld({ accounts: 'shops' });
    const { token } = await panel(world);
    // What was cut is repeated once by itself.
    world.fake.fault('createAccount', kind, kind === 'drop_after' ? 2 : 1);
    const first = await world.core.openOnboarding({ token, returnBase: 'http://127.0.0.1:3000' });
    expect(first.ok).toBe(false);
    await goOn(world);
    expect(world.fake.books.accounts.size).toBe(1);
  },
);

test('where the market is the only merchant, the panel says so', async () => {
  const world = await openStripeWorld();
  expect(await panel(world)).toMatchObject({ url: null, state: 'none' });
});
