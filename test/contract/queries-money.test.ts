import { expect, test } from 'vitest';
import { captured } from '../../src/domain/ledger.ts';
import { money } from '../../src/domain/money.ts';
import type { Refund } from '../../src/ports/store/payments.ts';
import { randomIds } from '../../src/runtime/ids.ts';
import {
  AT,
  attemptOf,
  captureOf,
  type Market,
  openAttempt,
  payOrder,
  placeOrder,
  putGoods,
  seedMarket,
  write,
} from '../support/rows.ts';
import { freshDatabase, onEachEngine } from '../support/stores.ts';

onEachEngine('payments', (kind) => {
  const open = async () => {
    const store = await freshDatabase(kind).open();
    const market = await seedMarket(store);
    const goods = await putGoods(market, 100);
    return { store, market, goods, bill: await placeOrder(market, goods, 4) };
  };
  const refundOf = (market: Market, capture: { id: string; orderId: string }): Refund => ({
    id: randomIds.next(),
    captureId: capture.id,
    orderId: capture.orderId,
    channel: 'sandbox',
    merchantAccountId: market.accountId,
    amount: 100,
    currency: 'MYR',
    state: 'requested',
    cause: 'seller',
    requestedBy: market.seller,
    restock: false,
    lines: [],
    channelRef: null,
    nextCheckAt: null,
    checks: 0,
    createdAt: AT,
    submittedAt: null,
  });

  test('of many refunds at once, those that fit are reserved and never more than was paid', async () => {
    const { store, market, bill } = await open();
    const { capture } = await payOrder(market, bill);
    const wins = await Promise.all(
      Array.from({ length: 30 }, () => store.transact(null, (tx) => tx.payments.reserveRefund(capture.id, 600))),
    );
    expect(wins.filter(Boolean)).toHaveLength(8);
    expect(await store.read((reads) => reads.payments.capture(capture.id))).toMatchObject({
      amount: 5000,
      refunding: 4800,
    });
    expect(await store.transact(null, (tx) => tx.payments.reserveRefund(capture.id, 201))).toBe(false);
    expect(await store.transact(null, (tx) => tx.payments.reserveRefund(capture.id, 200))).toBe(true);
    await write(store, (tx) => tx.payments.releaseRefund(capture.id, 5000));
    await expect(write(store, (tx) => tx.payments.releaseRefund(capture.id, 1))).rejects.toThrow(/reserved/);
    await expect(write(store, (tx) => tx.payments.reserveRefund(capture.id, -5))).rejects.toThrow(RangeError);
  });

  test('money that a channel proved is recorded once, however often and from wherever it is told', async () => {
    const { store, market, bill } = await open();
    const { attempt } = await openAttempt(market, bill);
    const told = await Promise.all(
      Array.from({ length: 20 }, () => store.transact(null, (tx) => tx.payments.insertCapture(captureOf(attempt)))),
    );
    expect(told.filter(Boolean)).toHaveLength(1);
    expect(await store.read((reads) => reads.payments.captures(bill.order.id))).toHaveLength(1);
  });

  test('a payment has one live attempt at a channel, and the next after the first has ended', async () => {
    const { store, market, bill } = await open();
    const { attempt, paymentId } = await openAttempt(market, bill);
    const tries = await Promise.all(
      Array.from({ length: 10 }, () =>
        store.transact(null, (tx) => tx.payments.insertAttempt(attemptOf(market, bill.order, paymentId))),
      ),
    );
    expect(tries.filter(Boolean)).toHaveLength(0);
    const ends = await Promise.all(
      Array.from({ length: 5 }, () =>
        store.transact(null, (tx) =>
          tx.payments.moveAttempt(attempt.id, 'submitted', 'failed', { declineCode: 'declined' }),
        ),
      ),
    );
    expect(ends.filter(Boolean)).toHaveLength(1);
    const next = attemptOf(market, bill.order, paymentId);
    expect(await store.transact(null, (tx) => tx.payments.insertAttempt(next))).toBe(true);
    expect(await store.read((reads) => reads.payments.attemptByReference('sandbox', next.reference))).toEqual(next);
    expect((await store.read((reads) => reads.payments.attempts(bill.order.id))).map((one) => one.declineCode)).toEqual(
      ['declined', null],
    );
  });

  test('an attempt keeps what is not changed, and is due when its hour has come', async () => {
    const { store, market, bill } = await open();
    const { attempt } = await openAttempt(market, bill);
    const due = (now: number) => store.read((reads) => reads.payments.dueAttempts(now, 10));
    expect([await due(AT + 999), await due(AT + 1000)]).toEqual([[], [attempt]]);
    const nextAction = { kind: 'redirect', url: 'https://pay.example/1' } as const;
    const changes = { nextAction, channelRef: 'co_1', nextCheckAt: null };
    await write(store, (tx) => tx.payments.moveAttempt(attempt.id, 'submitted', 'requires_action', changes));
    const stored = await store.read((reads) => reads.payments.attempt(attempt.id));
    expect(stored).toEqual({ ...attempt, ...changes, state: 'requires_action' });
    expect(await due(AT + 1000)).toEqual([]);
  });

  test('exceptions are facts beside the state, each once', async () => {
    const { store, market, bill } = await open();
    const { paymentId } = await openAttempt(market, bill);
    await write(store, async (tx) => {
      await tx.payments.addException(paymentId, 'paid_late');
      await tx.payments.addException(paymentId, 'paid_late');
      await tx.payments.addException(paymentId, 'duplicate_payment');
    });
    const payment = await store.read((reads) => reads.payments.paymentOf(bill.order.id));
    expect(payment?.exceptions).toEqual(['duplicate_payment', 'paid_late']);
  });

  test('a refund moves from the state it was read in, and its units stay within the line', async () => {
    const { store, market, bill } = await open();
    const { capture, line } = await payOrder(market, bill);
    const refund: Refund = { ...refundOf(market, capture), lines: [{ lineId: line.id, quantity: 2 }] };
    await write(store, async (tx) => {
      await tx.payments.insertRefund(refund);
      await tx.payments.putRefundProof(refund.id, 'handed over in cash');
    });
    expect(await store.read((reads) => reads.payments.refund(refund.id))).toEqual(refund);
    const moves = await Promise.all(
      Array.from({ length: 4 }, () =>
        store.transact(null, (tx) =>
          tx.payments.moveRefund(refund.id, 'requested', 'submitted', { nextCheckAt: AT + 5 }),
        ),
      ),
    );
    expect(moves.filter(Boolean)).toHaveLength(1);
    await write(store, async (tx) => {
      expect(await tx.payments.markRefundSubmitted(refund.id, AT + 3)).toBe(true);
      expect(await tx.payments.markRefundSubmitted(refund.id, AT + 9)).toBe(false);
    });
    expect(await store.read((reads) => reads.payments.refund(refund.id))).toMatchObject({ submittedAt: AT + 3 });
    expect(await store.read((reads) => reads.payments.dueRefunds(AT + 5, 5))).toMatchObject([
      { id: refund.id, state: 'submitted' },
    ]);
    const units = await Promise.all(
      Array.from({ length: 9 }, () => store.transact(null, (tx) => tx.orders.refundLine(line.id, 1))),
    );
    expect(units.filter(Boolean)).toHaveLength(4);
    await write(store, (tx) => tx.orders.unrefundLine(line.id, 3));
    expect(await store.read((reads) => reads.orders.lines(bill.order.id))).toMatchObject([{ refundedQuantity: 1 }]);
  });

  test('a case is resolved once, and a resolved one leaves the list', async () => {
    const { store, market, bill } = await open();
    const one = {
      id: randomIds.next(),
      communityId: market.communityId,
      orderId: bill.order.id,
      kind: 'payment_conflict',
      params: { captureId: 'x', amount: 5 },
      openedAt: AT,
      resolvedAt: null,
    } as const;
    await write(store, (tx) => tx.payments.insertCase(one));
    expect(await store.read((reads) => reads.payments.cases(market.communityId, 5))).toEqual([one]);
    const how = { decision: 'dismiss', by: null, reason: 'seen' };
    const resolved = () => store.transact(null, (tx) => tx.payments.resolveCase(one.id, AT + 1, how));
    expect([await resolved(), await resolved()]).toEqual([true, false]);
    expect(await store.read((reads) => reads.payments.cases(market.communityId, 5))).toEqual([]);
    expect(await store.read((reads) => reads.payments.openCase(one.id))).toMatchObject({ resolvedAt: AT + 1 });
  });
});

onEachEngine('the journal', (kind) => {
  test('an entry is posted once, its postings and balances with it', async () => {
    const store = await freshDatabase(kind).open();
    const market = await seedMarket(store);
    const bill = await placeOrder(market, await putGoods(market, 5));
    const { attempt } = await openAttempt(market, bill);
    const capture = captureOf(attempt);
    const entry = captured(
      { book: market.accountId, sourceId: capture.id, orderId: bill.order.id },
      money(1250, 'MYR'),
    );
    const posted = await Promise.all(
      Array.from({ length: 10 }, () => store.transact(null, (tx) => tx.payments.post(entry, randomIds.next(), AT))),
    );
    expect(posted.filter(Boolean)).toHaveLength(1);
    expect(await store.read((reads) => reads.payments.balances(market.accountId))).toEqual([
      { book: market.accountId, account: 'channel', currency: 'MYR', amount: 1250 },
      { book: market.accountId, account: 'sales', currency: 'MYR', amount: -1250 },
    ]);
  });

  test('many entries of one book at once leave the balances that their sum is', async () => {
    const store = await freshDatabase(kind).open();
    const market = await seedMarket(store);
    const { order } = await placeOrder(market, await putGoods(market, 5));
    const source = { book: market.accountId, orderId: order.id };
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        write(store, (tx) =>
          tx.payments.post(
            captured({ ...source, sourceId: `c${index}` }, money(index + 1, 'MYR')),
            randomIds.next(),
            AT,
          ),
        ),
      ),
    );
    const balances = await store.read((reads) => reads.payments.balances(market.accountId));
    expect(balances.map((one) => one.amount)).toEqual([820, -820]);
  });

  test('an entry that does not balance is refused, and nothing of its work is left', async () => {
    const store = await freshDatabase(kind).open();
    const market = await seedMarket(store);
    const { order } = await placeOrder(market, await putGoods(market, 5));
    const entry = captured({ book: market.accountId, sourceId: 'c1', orderId: order.id }, money(5, 'MYR'));
    const crooked = { ...entry, postings: [...entry.postings, { account: 'rounding', amount: 1 } as const] };
    await expect(write(store, (tx) => tx.payments.post(crooked, randomIds.next(), AT))).rejects.toThrow(/sum to 1/);
    await expect(
      write(store, (tx) => tx.payments.post({ ...entry, postings: [] }, randomIds.next(), AT)),
    ).rejects.toThrow(/0 postings/);
    expect(await store.read((reads) => reads.payments.balances(market.accountId))).toEqual([]);
  });
});
