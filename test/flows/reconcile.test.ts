import { describe, expect, onTestFinished, test } from 'vitest';
import { reconcileDay } from '../../src/app/recon/reconcile.ts';
import { dayOf } from '../../src/domain/statement.ts';
import type { PaymentChannel } from '../../src/ports/payment-channel.ts';
import type { StatementLine } from '../../src/ports/statement.ts';
import { describeWith } from '../support/env.ts';
import { prove } from '../support/proof.ts';
import { type Engine, MINUTE, openWorld, type World } from '../support/world.ts';

const DAY = 24 * 60 * MINUTE;
type Tamper = (lines: readonly StatementLine[]) => readonly StatementLine[];

/** A sale that the channel knows; whether we were told of it is the test's business. */
async function trade(engine: Engine = 'sqlite') {
  const world = await openWorld({ engine });
  onTestFinished(() => world.close());
  const { listingId } = await world.post({ stock: '50' });
  const real = world.deps.channels.get('sandbox');
  if (!real?.fetchStatement) throw new Error('the sandbox has no statement');
  let tamper: Tamper = (lines) => lines;
  /** The channel's statement, as the test wants it told. */
  const channel: PaymentChannel = {
    ...real,
    fetchStatement: async (query) => tamper((await real.fetchStatement?.(query)) ?? []),
  };
  (world.deps.channels as Map<string, PaymentChannel>).set('sandbox', channel);
  const buyOne = async () => {
    const order = await world.buy(world.buyer, listingId);
    world.sandbox.pay(await world.openBill(order), { mode: 'now' });
    return order;
  };
  const day = dayOf(world.clock.at);
  const run = async () => {
    const accounts = await world.store.read((reads) => reads.people.merchantAccounts(world.shop.id));
    const account = accounts.find((one) => one.channel === 'sandbox');
    return reconcileDay(world.deps, account?.id ?? '', day);
  };
  const cases = () => world.store.read((reads) => reads.payments.cases(world.communityId, 20));
  const decide = async (decision: 'book' | 'dismiss') => {
    for (const one of await cases())
      await world.done(world.admin, { kind: 'resolve_case', caseId: one.id, decision, reason: 'seen with the bank' });
  };
  return { world, buyOne, run, cases, decide, tell: (change: Tamper) => (tamper = change) };
}

/** Named by its kind, closed by a person, and clean the next time: both sides move the same. */
async function isNamedAndClosed(traded: Awaited<ReturnType<typeof trade>>, kind: string): Promise<void> {
  const first = await traded.run();
  expect(first).toMatchObject({ open: 1, results: { [kind]: 1 } });
  expect((await traded.cases()).map((one) => [one.kind, one.params['what']])).toEqual([['recon_break', kind]]);
  expect((await traded.run()).open).toBe(1);
  expect(await traded.cases()).toHaveLength(1);
  await traded.decide('book');
  await traded.world.work();
  expect(await traded.cases()).toEqual([]);
  const again = await traded.run();
  expect(again.open).toBe(0);
  for (const { statement, ledger } of again.sums) expect(ledger).toBe(statement);
  await isVerified(traded.world);
}

async function isVerified(world: World): Promise<void> {
  const { verifyStore } = await import('../../src/store/verify/verify.ts');
  const report = await verifyStore(world.store, world.deps.vault);
  expect(report.results.filter(({ weight, broken }) => weight === 'must' && broken.length > 0)).toEqual([]);
}

async function aWholeDay(engine: Engine): Promise<void> {
  const { world, buyOne, run } = await trade(engine);
  const order = await buyOne();
  await world.settle();
  await buyOne();
  await world.settle();
  await world.done(world.seller, { kind: 'refund', orderId: order.id, amount: '5', lines: [], restock: false });
  await world.settle();
  const [capture] = (await world.money((await buyOne()).id)).captures;
  expect(capture).toBeUndefined();
  await world.settle();
  const paid = world.sandbox.events().findLast(({ type }) => type === 'payment.succeeded');
  world.sandbox.stepDispute(world.sandbox.dispute(paid?.data.object.id ?? '', { amount: 300 }).id, 'won');
  await world.settle();
  world.sandbox.payOut(world.shop.id);
  const report = await run();
  expect(report).toMatchObject({ open: 0, lines: 11, results: { matched: 11 } });
  // Payments 3 x (1250 - 12), refund 500, dispute 300 and back, its fee 500, and the payout of all that is left.
  expect(report.sums).toEqual([{ currency: 'MYR', statement: 0, ledger: 0 }]);
  expect(await world.balances()).toMatchObject({ 'sandbox.bank': 3 * 1238 - 500 - 500 });
  const again = await run();
  expect(again).toEqual(report);
  await prove(world);
}

describe('a day on which nothing went wrong', () => {
  test('matches line by line, posts fees and payouts, and changes nothing the second time', () => aWholeDay('sqlite'));

  test('knows a payout that came back, and when it left with what', async () => {
    const { world, buyOne, run } = await trade();
    await buyOne();
    await world.settle();
    const [payout] = world.sandbox.payOut(world.shop.id);
    world.sandbox.failPayout(payout?.id ?? '');
    expect(await run()).toMatchObject({ open: 0, results: { matched: 4 } });
    expect((await world.balances())['sandbox.bank']).toBeUndefined();
    await prove(world);
  });
});

describeWith('postgres', 'a day on which nothing went wrong', () => {
  test('matches line by line, and changes nothing the second time', () => aWholeDay('postgres'));
});

describe('each difference is named, closed by a person with a reason, and gone the second time:', () => {
  test('money at the channel that nobody told us of pays its order', async () => {
    const traded = await trade();
    const order = await traded.buyOne();
    await isNamedAndClosed(traded, 'missing_internal');
    expect((await traded.world.order(order.id)).state).toBe('paid');
    await prove(traded.world);
  });

  test('money at the channel that belongs to nothing of ours waits in suspense', async () => {
    const traded = await trade();
    await traded.buyOne();
    await traded.world.settle();
    traded.tell((lines) => [
      ...lines,
      ...lines.flatMap((line) =>
        line.kind === 'payment'
          ? [{ ...line, id: 'foreign', objectId: 'pay_foreign', reference: 'x', amount: 77 }]
          : [],
      ),
    ]);
    await isNamedAndClosed(traded, 'missing_internal');
    expect(await traded.world.balances()).toMatchObject({ 'sandbox.suspense': -77 });
  });

  test('money here that the channel never tells of, after its time', async () => {
    const traded = await trade();
    await traded.buyOne();
    await traded.world.settle();
    traded.tell((lines) => lines.filter((line) => line.objectId === 'none'));
    expect(await traded.run()).toMatchObject({ open: 0, results: { timing: 1 } });
    traded.world.clock.at += 4 * DAY;
    const named = await traded.run();
    expect(named).toMatchObject({ open: 1, results: { missing_channel: 1 } });
    await traded.decide('dismiss');
    expect((await traded.run()).open).toBe(0);
    await isVerified(traded.world);
  });

  test('another amount', async () => {
    const traded = await trade();
    await traded.buyOne();
    await traded.world.settle();
    traded.tell((lines) =>
      lines.map((line) => (line.kind === 'payment' ? { ...line, amount: line.amount - 10 } : line)),
    );
    await isNamedAndClosed(traded, 'amount_mismatch');
  });

  test('another currency', async () => {
    const traded = await trade();
    await traded.buyOne();
    await traded.world.settle();
    traded.tell((lines) => lines.map((line) => (line.kind === 'payment' ? { ...line, currency: 'SGD' } : line)));
    const first = await traded.run();
    expect(first.results['currency_mismatch']).toBe(1);
    await traded.decide('book');
    expect((await traded.run()).open).toBe(0);
    expect(await traded.world.balances()).toMatchObject({ 'sandbox.sales': -1250 });
    await isVerified(traded.world);
  });

  test('another fee', async () => {
    const traded = await trade();
    await traded.buyOne();
    await traded.world.settle();
    traded.tell((lines) => lines.map((line) => (line.kind === 'fee' ? { ...line, amount: line.amount - 3 } : line)));
    await isNamedAndClosed(traded, 'fee_mismatch');
    expect(await traded.world.balances()).toMatchObject({ 'sandbox.channel_fee': 15 });
  });

  test('a refund that happened and that we had not heard of', async () => {
    const traded = await trade();
    const order = await traded.buyOne();
    await traded.world.settle();
    traded.world.sandbox.refundMode(traded.world.shop.id, 'pending_then_succeeded');
    const whole = { kind: 'refund', orderId: order.id, amount: '', lines: [], restock: false } as const;
    await traded.world.done(traded.world.seller, whole);
    await traded.world.work();
    traded.world.clock.at += MINUTE;
    await traded.world.sandbox.idle();
    await isNamedAndClosed(traded, 'status_mismatch');
    expect((await traded.world.money(order.id)).refunds).toMatchObject([{ state: 'succeeded' }]);
    await prove(traded.world);
  });

  test('a movement that is named twice', async () => {
    const traded = await trade();
    await traded.buyOne();
    await traded.world.settle();
    traded.tell((lines) => [
      ...lines,
      ...lines.flatMap((line) => (line.kind === 'payment' ? [{ ...line, id: `${line.id}-again` }] : [])),
    ]);
    await isNamedAndClosed(traded, 'duplicate');
  });
});

test('a payment nobody told us of, its line without our name, never takes another buyer’s payment', async () => {
  const { world, buyOne, run, cases, tell } = await trade();
  await buyOne();
  await world.settle();
  const lost = await buyOne();
  await world.deliver(() => []);
  // The lost one stands first in the statement, and no line has our name on it.
  tell((lines) => lines.map((line) => ({ ...line, reference: null })).toReversed());
  expect(await run()).toMatchObject({ open: 1, results: { missing_internal: 1 } });
  expect((await cases()).map((one) => one.params['what'])).toEqual(['missing_internal']);
  expect((await world.order(lost.id)).state).toBe('pending_payment');
});

test('a line that the channel calls by another name is guessed only when nothing more is on its way', async () => {
  const { world, buyOne, run, tell } = await trade();
  await buyOne();
  await world.settle();
  const renamed = (line: StatementLine) => ({ ...line, objectId: `other_${line.objectId}`, reference: null });
  tell((lines) => lines.filter(({ kind }) => kind === 'payment').map(renamed));
  expect(await run()).toMatchObject({ open: 0, results: { timing: 2 } });
  world.clock.at += 4 * DAY;
  const later = await run();
  expect(later.results).toMatchObject({ matched: 1 });
  expect(later.results['missing_channel']).toBeUndefined();
});

test('what was missing and comes by itself closes its own case', async () => {
  const { world, buyOne, run, cases } = await trade();
  const order = await buyOne();
  expect((await run()).open).toBe(1);
  await world.settle();
  expect((await world.order(order.id)).state).toBe('paid');
  expect((await run()).open).toBe(0);
  expect(await cases()).toEqual([]);
  expect(await world.timeline(order.id)).toContain('case_resolved');
  await prove(world);
});

test('a second before midnight and a second after are two days, and the late record is no difference', async () => {
  const { world, buyOne, run } = await trade();
  world.clock.at = Date.UTC(2026, 10, 20, 23, 59, 59, 999);
  const order = await buyOne();
  world.clock.at += 2;
  await world.settle();
  expect((await world.order(order.id)).state).toBe('paid');
  expect(await run()).toMatchObject({ open: 0, results: { timing: 1, matched: 1 } });
});

test('a dispute whose every notice was lost is learned from the statement', async () => {
  const { world, buyOne, run } = await trade();
  await buyOne();
  await world.settle();
  const paid = world.sandbox.events().findLast(({ type }) => type === 'payment.succeeded');
  world.sandbox.dispute(paid?.data.object.id ?? '', { amount: 300 });
  await world.deliver(() => []);
  expect(await run()).toMatchObject({ open: 0 });
  expect(await world.balances()).toMatchObject({ 'sandbox.disputed': 300 });
  await prove(world);
});

test('a decision needs a reason, and a steward', async () => {
  const { world, buyOne, run, cases } = await trade();
  await buyOne();
  await run();
  const [one] = await cases();
  const decide = { kind: 'resolve_case', caseId: one?.id ?? '', decision: 'book' } as const;
  expect(await world.act(world.admin, decide)).toMatchObject({ ok: false, fault: { code: 'text_empty' } });
  expect(await world.act(world.buyer, { ...decide, reason: 'mine' })).toMatchObject({ fault: { code: 'not_found' } });
  expect(await cases()).toHaveLength(1);
});

test('every day is compared by itself some hours after it ended, also when the channel was down at first', async () => {
  const { world, buyOne, cases, tell } = await trade();
  await buyOne();
  await world.settle();
  tell((lines) => lines.map((line) => (line.kind === 'fee' ? { ...line, amount: line.amount - 1 } : line)));
  world.clock.at += 19 * 60 * MINUTE;
  world.sandbox.fault({ op: 'statement', kind: '503' });
  await world.core.sweep();
  expect(await cases()).toEqual([]);
  world.clock.at += 61 * MINUTE;
  await world.core.sweep();
  expect((await cases()).map((one) => one.params['what'])).toEqual(['fee_mismatch']);
  await world.core.sweep();
  expect(await cases()).toHaveLength(1);
});

test('the days of an outage are made up for, each of them once', async () => {
  const { world, buyOne, cases, tell } = await trade();
  await buyOne();
  await world.settle();
  tell((lines) => lines.map((line) => (line.kind === 'fee' ? { ...line, amount: line.amount - 1 } : line)));
  const sold = world.clock.at;
  world.clock.at += 4 * DAY;
  for (let round = 1; round <= 5; round++) await world.core.sweep();
  expect((await cases()).map((one) => one.params['what'])).toEqual(['fee_mismatch']);
  const accounts = await world.store.read((reads) => reads.people.merchantAccounts(world.shop.id));
  const id = accounts.find(({ channel }) => channel === 'sandbox')?.id ?? '';
  for (const days of [0, 1, 2])
    expect(await world.store.read((reads) => reads.statements.reconDay(id, dayOf(sold + days * DAY)))).toBeDefined();
});

test('a steward asks for a day in the chat, and only for one that has begun', async () => {
  const { world, buyOne, cases } = await trade();
  await buyOne();
  const ask = (day: string) => world.act(world.admin, { kind: 'reconcile', day });
  expect(await ask('2026-11-21')).toMatchObject({ ok: false, fault: { code: 'day_unknown' } });
  expect(await ask('yesterday')).toMatchObject({ ok: false, fault: { code: 'day_unknown' } });
  expect(await ask('2026-11-20')).toMatchObject({ ok: true, show: { name: 'cases' } });
  // The poll of the payment itself would find it too.
  await world.store.transact(null, async (tx) => {
    for (const attempt of await tx.payments.dueAttempts(world.clock.at + DAY, 10))
      await tx.payments.moveAttempt(attempt.id, attempt.state, attempt.state, { nextCheckAt: null });
    return null;
  });
  await world.core.sweep();
  expect((await cases()).map((one) => one.params['what'])).toEqual(['missing_internal']);
});
