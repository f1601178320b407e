// Stripe's balance against the journal: a day on which everything happened is matched to the last line, with either kind of account.
import { expect, test } from 'vitest';
import { reconcileDay } from '../../src/app/recon/reconcile.ts';
import { dayOf } from '../../src/domain/statement.ts';
import { openStripeWorld, type StripeWorld } from '../support/stripe-world.ts';
import { MINUTE } from '../support/world.ts';

async function reconcile(world: StripeWorld) {
  const accounts = await world.store.read((reads) => reads.people.merchantAccounts(world.shop.id));
  const account = accounts.find((one) => one.channel === 'stripe');
  return reconcileDay(world.deps, account?.id ?? '', dayOf(world.clock.at));
}

async function sellOn(world: StripeWorld, accounts: 'market' | 'shops'): Promise<string> {
  if (accounts === 'market') return '';
  const loaded = await world.core.load(
    { name: 'connect', shopId: world.shop.id },
    { personId: world.seller, communityId: world.communityId },
  );
  const token = loaded.ok ? (loaded.value.url?.split('/connect/')[1] ?? '') : '';
  await world.core.openOnboarding({ token, returnBase: 'http://127.0.0.1:3000' });
  const [accountRef = ''] = [...world.fake.books.accounts.keys()];
  world.fake.buyers.onboard(accountRef, 'active');
  await world.deliver();
  return accountRef;
}

test.each(['market', 'shops'] as const)('with the account of %s every line of the day is matched', async (accounts) => {
  const world = await openStripeWorld({ accounts, members: 1 });
  const accountRef = await sellOn(world, accounts);
  const { listingId } = await world.post({ stock: '50' });
  const sale = async () => {
    const order = await world.buy(world.buyer, listingId);
    world.fake.buyers.pay(await world.openBill(order));
    await world.settle();
    return { order, payment: await world.paidFor(order.id) };
  };
  await sale();
  const partly = await sale();
  await world.done(world.seller, {
    kind: 'refund',
    orderId: partly.order.id,
    amount: '5.00',
    lines: [],
    restock: false,
  });
  await world.settle();
  const bounced = await sale();
  world.fake.refunds.mode = 'success_and_return';
  await world.done(world.seller, { kind: 'refund', orderId: bounced.order.id, amount: '', lines: [], restock: false });
  await world.settle();
  await world.pass(2 * MINUTE);
  const won = await sale();
  const { id } = world.fake.buyers.dispute(won.payment);
  await world.settle();
  world.fake.buyers.moveDispute(id, 'won');
  await world.settle();
  const lost = await sale();
  world.fake.buyers.moveDispute(world.fake.buyers.dispute(lost.payment).id, 'lost');
  await world.settle();
  if (accounts === 'shops') world.fake.buyers.payOut(accountRef, 'myr');
  await world.settle();
  const report = await reconcile(world);
  expect(report.results).toMatchObject({ matched: expect.any(Number) as number });
  expect(report.open, JSON.stringify([report.results, await world.cases()], null, 1)).toBe(0);
  for (const { statement, ledger } of report.sums) expect(ledger).toBe(statement);
  await world.prove();
});
