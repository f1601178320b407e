// Each invariant is broken on purpose, in a transaction that is undone: a check that finds nothing would be worth nothing.
import { expect, test } from 'vitest';
import {
  capturedToSuspense,
  disputeFee,
  disputeWithdrawn,
  feeKnown,
  payoutSeen,
  refundReserved,
  refundSucceeded,
} from '../../src/domain/ledger.ts';
import { money } from '../../src/domain/money.ts';
import type { Store } from '../../src/ports/store.ts';
import type { Dispute } from '../../src/ports/store/disputes.ts';
import type { Order } from '../../src/ports/store/orders.ts';
import type { Capture, Refund } from '../../src/ports/store/payments.ts';
import type { RefundRequest } from '../../src/ports/store/refund-requests.ts';
import type { StatementRow } from '../../src/ports/store/statements.ts';
import { randomIds } from '../../src/runtime/ids.ts';
import { openPool, statementsOf } from '../../src/store/postgres.ts';
import { type Arguments, bind, type Query, type Run } from '../../src/store/prepare.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { unitOn } from '../../src/store/sqlite-unit.ts';
import { checks, linesOf, verifyDatabase, verifyStore } from '../../src/store/verify/verify.ts';
import {
  AT,
  captureOf,
  type Market,
  note,
  openAttempt,
  payOrder,
  placeOrder,
  putGoods,
  seedMarket,
  write,
} from '../support/rows.ts';
import { silentLog, storeOptions, testVault } from '../support/store-options.ts';
import { freshDatabase, onEachEngine, type TestDatabase } from '../support/stores.ts';

/** A market in which something of everything has happened. */
async function seedAll(store: Store) {
  const market = await seedMarket(store);
  const mangoes = await putGoods(market, 20);
  const keys = await putGoods(market, null, {
    kind: 'digital',
    digital: 'codes',
    delivery: null,
    codes: ['A', 'B', 'C', 'D'],
  });
  const paid = await payOrder(market, await placeOrder(market, mangoes, 4));
  const open = await placeOrder(market, mangoes, 2);
  const coded = await payOrder(market, await placeOrder(market, keys, 2));
  const refunded = await refundOne(market, paid.capture, [{ lineId: paid.line.id, quantity: 1 }]);
  const late = await payLate(market, mangoes);
  const disputed = await disputeOne(market, coded.capture);
  const statement = await tellStatement(market, coded.capture);
  const asked = await askBack(market, paid, refunded);
  const coupon = await useCoupon(market, open.order);
  const eventId = randomIds.next();
  await write(store, async (tx) => {
    await tx.catalog.assignCodes(keys.product.id, coded.order.id, coded.line.id, 2, AT);
    const event = {
      id: eventId,
      channel: 'sandbox',
      account: market.shopId,
      eventId: 'evt_1',
      objectId: 'co_1',
      type: 'paid',
    };
    await tx.inbox.insertEvent({ ...event, digest: 'x', receivedAt: AT }, '{}');
    for (const lane of ['a', 'b']) {
      const message = { name: 'card.refresh', productId: mangoes.product.id } as const;
      await tx.outbox.send({ id: `m-${lane}`, lane, message, dueAt: AT, createdAt: AT }, { coalesce: 'card.refresh' });
    }
    await tx.outbox.claim(AT, AT + 1000, 1);
    const chat = {
      id: 'w1',
      audience: { chatId: market.chatId },
      key: 'w1',
      authorId: market.buyer,
      text: 'hi',
      view: null,
    };
    await tx.web.put(chat, AT);
    const own = { personId: market.buyer, communityId: market.communityId };
    await tx.web.put({ id: 'w2', audience: own, key: 'bill', authorId: null, text: null, view: { title: 'Bill' } }, AT);
    await tx.people.putAddress(market.buyer, { recipient: 'A', lines: 'B', phone: '' }, AT);
  });
  return { market, mangoes, keys, paid, open, coded, refunded, late, disputed, statement, asked, eventId, coupon };
}

/** A coupon that lowers the open bill by nothing worth telling, reserved for it. */
async function useCoupon(market: Market, order: Order) {
  const id = randomIds.next();
  const codeId = randomIds.next();
  const redemptionId = randomIds.next();
  const { communityId, shopId } = market;
  await write(market.store, async (tx) => {
    await tx.coupons.insertCoupon({
      ...{ id, communityId, shopId, state: 'on', label: 'TEN', rule: { id, kind: 'percent', bps: 1000 } },
      ...{ maxUses: 5, maxPerPerson: 1, budget: 5000, currency: 'MYR', inUse: 0, spent: 0, overUses: 0, overSpent: 0 },
      ...{ byPersonId: market.buyer, createdAt: AT },
    });
    const code = { id: codeId, couponId: id, communityId, code: 'TEN', shown: 'TEN', single: true, inUse: 0 };
    await tx.coupons.insertCouponCode(code);
    await tx.coupons.takeCode(codeId);
    await tx.coupons.takePersonUse(id, order.buyerId, 1);
    await tx.coupons.takeCoupon(id, 0);
    await tx.coupons.insertRedemption({
      ...{ id: redemptionId, orderId: order.id, couponId: id, codeId, personId: order.buyerId },
      ...{ amount: 0, currency: 'MYR', state: 'reserved', overLimit: false, createdAt: AT },
    });
    if (!order.quote) throw new Error('the fixture has no bill');
    const { quote } = order;
    const acting = { stage: 'coupon', kind: 'percent', id, version: 1, label: 'TEN', funder: 'shop' } as const;
    const applied = [{ ...acting, amount: 0, lines: [], shipping: 0 }];
    await tx.orders.moveOrder(order, 'pending_payment', { quote: { ...quote, applied } });
  });
  return { id, codeId, redemptionId };
}

async function refundOne(market: Market, capture: Capture, lines: Refund['lines'], cause: Refund['cause'] = 'seller') {
  const amount = cause === 'late' ? capture.amount : 1250;
  const { channel, merchantAccountId, currency, orderId } = capture;
  const refund: Refund = {
    ...{
      id: randomIds.next(),
      captureId: capture.id,
      orderId,
      channel,
      merchantAccountId,
      amount,
      currency,
      cause,
      lines,
    },
    ...{
      state: 'requested',
      requestedBy: null,
      restock: false,
      channelRef: null,
      nextCheckAt: null,
      checks: 0,
      createdAt: AT,
      submittedAt: null,
    },
  };
  const source = { book: merchantAccountId, sourceId: refund.id, orderId };
  const back = money(amount, currency);
  await write(market.store, async (tx) => {
    await tx.payments.reserveRefund(capture.id, amount);
    for (const { lineId, quantity } of lines) await tx.orders.refundLine(lineId, quantity);
    await tx.payments.insertRefund(refund);
    const home = capture.use === 'applied' ? 'sales' : 'suspense';
    await tx.payments.post(refundReserved(source, back, home), randomIds.next(), AT);
    await note(tx, orderId, 'refund_requested');
    if (cause === 'late') return;
    await tx.payments.moveRefund(refund.id, 'requested', 'submitted');
    await tx.payments.moveRefund(refund.id, 'submitted', 'succeeded');
    await tx.payments.post(refundSucceeded(source, back), randomIds.next(), AT);
  });
  return refund;
}

/** The bill was over; the money came, waits in suspense and is on its way back. */
async function payLate(market: Market, goods: Parameters<typeof placeOrder>[1]) {
  const bill = await placeOrder(market, goods, 1);
  const { attempt, paymentId } = await openAttempt(market, bill);
  const capture = captureOf(attempt, { use: 'late' });
  const source = { book: market.accountId, sourceId: capture.id, orderId: bill.order.id };
  await write(market.store, async (tx) => {
    await tx.orders.moveOrder(bill.order, 'expired');
    await tx.payments.movePayment(paymentId, 'open', 'expired');
    for (const hold of await tx.catalog.holdsOf(bill.order.id)) {
      await tx.catalog.endHold(hold.id, 'released', AT);
      await tx.catalog.releaseStock(hold.variantId, hold.quantity);
    }
    await tx.payments.insertCapture(capture);
    await tx.payments.post(capturedToSuspense(source, money(capture.amount, 'MYR')), randomIds.next(), AT);
    await tx.payments.post(feeKnown(source, money(capture.fee, 'MYR')), randomIds.next(), AT);
    await tx.payments.moveAttempt(attempt.id, 'submitted', 'succeeded');
    await note(tx, bill.order.id, 'captured_late');
  });
  return { ...bill, capture, refund: await refundOne(market, capture, [], 'late') };
}

/** The buyer asked, and got what was asked. */
async function askBack(market: Market, { order }: Awaited<ReturnType<typeof payOrder>>, refund: Refund) {
  const asked: RefundRequest = {
    ...{ id: randomIds.next(), orderId: order.id, buyerId: market.buyer, amount: refund.amount, currency: 'MYR' },
    ...{ lines: [], reason: 'Broken', state: 'open', decideBy: AT, remindAt: null, refundId: null, answer: '' },
    ...{ decidedBy: null, createdAt: AT, decidedAt: null },
  };
  await write(market.store, async (tx) => {
    await tx.requests.insertRequest(asked);
    const end = { refundId: refund.id, decidedBy: market.seller, decidedAt: AT };
    await tx.requests.moveRequest(asked.id, 'open', 'accepted', end);
    await tx.requests.insertApproval({ refundId: refund.id, decision: 'approved', decidedBy: market.other, at: AT });
  });
  return asked;
}

/** A payout that only the statement tells of, the line of a payment, and one that nothing answers. */
async function tellStatement(market: Market, capture: Capture) {
  const base = {
    ...{ merchantAccountId: market.accountId, reference: null, fee: 0, currency: 'MYR', occurredAt: AT, hash: 'h' },
    ...{ availableAt: null, payoutRef: null, result: 'new' as const, matchedType: null, matchedId: null },
  };
  const row = (lineId: string, kind: 'payment' | 'payout', amount: number): StatementRow => {
    return { ...base, id: randomIds.next(), lineId, kind, objectId: lineId, amount };
  };
  const [payout, payment, odd] = [
    row('out', 'payout', -7),
    row('in', 'payment', capture.amount),
    row('odd', 'payment', 5),
  ];
  const breakId = randomIds.next();
  const caseId = randomIds.next();
  await write(market.store, async (tx) => {
    for (const one of [payout, payment, odd]) await tx.statements.insertRow(one);
    await tx.statements.setResult(payout.id, 'matched', { type: 'statement', id: payout.id });
    await tx.statements.setResult(payment.id, 'matched', { type: 'capture', id: capture.id });
    await tx.statements.setResult(odd.id, 'missing_internal', null);
    const source = { book: market.accountId, sourceId: payout.id, orderId: null };
    await tx.payments.post(payoutSeen(source, money(7, 'MYR')), randomIds.next(), AT);
    const one = { id: caseId, communityId: market.communityId, orderId: null, kind: 'recon_break' } as const;
    await tx.payments.insertCase({ ...one, params: { breakId }, openedAt: AT, resolvedAt: null });
    await tx.payments.resolveCase(caseId, AT, { decision: 'dismiss', by: null, reason: 'explained' });
    const told = { kind: 'missing_internal', subject: odd.id, rowId: odd.id, caseId, currency: 'MYR' } as const;
    const where = { id: breakId, merchantAccountId: market.accountId, day: '2026-01-01' };
    await tx.statements.insertBreak({ ...where, ...told, ours: null, theirs: 5, openedAt: AT, closedAt: AT });
  });
  return { payout, payment, breakId };
}

/** A bank took the money of a capture, with a fee, and gave it back. */
async function disputeOne(market: Market, { id: captureId, orderId, channel, merchantAccountId, currency }: Capture) {
  const dispute: Dispute = {
    ...{ id: randomIds.next(), captureId, orderId, channel, merchantAccountId, currency, channelRef: 'dsp_1' },
    ...{ state: 'needs_response', amount: 100, reason: 'fraudulent', respondBy: AT, withdrawn: 100, fee: 15 },
    ...{ toldAt: AT, remindAt: null, nextCheckAt: null, checks: 0, createdAt: AT },
  };
  const withdrawn = { id: randomIds.next(), disputeId: dispute.id, kind: 'withdrawn', amount: 100, at: AT } as const;
  const fee = { id: randomIds.next(), disputeId: dispute.id, kind: 'fee', amount: 15, at: AT } as const;
  const source = { book: merchantAccountId, orderId };
  await write(market.store, async (tx) => {
    await tx.disputes.insertDispute(dispute);
    await tx.payments.addWithdrawn(captureId, 100);
    await tx.disputes.insertDisputeMove(withdrawn);
    await tx.disputes.insertDisputeMove(fee);
    const taken = disputeWithdrawn({ ...source, sourceId: withdrawn.id }, money(100, currency));
    await tx.payments.post(taken, randomIds.next(), AT);
    await tx.payments.post(disputeFee({ ...source, sourceId: fee.id }, money(15, currency)), randomIds.next(), AT);
  });
  return { dispute, withdrawn };
}

type Seeded = Awaited<ReturnType<typeof seedAll>>;
type Plant = {
  readonly check: string;
  readonly does: string;
  readonly sql: string;
  /** The id that must be named. */
  readonly names: string;
  /** Where the guards of the database must stand for the check to see anything. */
  readonly guarded?: true;
};

/** Ids of journal transactions, by kind and source. */
type Entries = ReadonlyMap<string, string>;

function disputePlants({ coded, disputed: { dispute, withdrawn }, statement, refunded, asked }: Seeded): Plant[] {
  return [
    {
      check: 'R4a',
      does: 'a refund that was stopped went out',
      names: refunded.id,
      sql: `update refund_approvals set decision = 'rejected' where refund_id = '${refunded.id}'`,
    },
    {
      check: 'R6',
      does: 'more was paid than was asked',
      names: asked.id,
      sql: `update refund_requests set amount = amount - 1 where id = '${asked.id}'`,
    },
    {
      check: 'L5',
      does: 'a line was matched with nothing',
      names: statement.payment.id,
      sql: `update statement_rows set matched_id = 'none' where id = '${statement.payment.id}'`,
    },
    {
      check: 'L5p',
      does: 'a payout is more than its entry',
      names: statement.payout.id,
      sql: `update statement_rows set amount = amount - 1 where id = '${statement.payout.id}'`,
    },
    {
      check: 'L5b',
      does: 'a difference waits and its case does not',
      names: statement.breakId,
      sql: `update recon_breaks set closed_at = null where id = '${statement.breakId}'`,
    },
    {
      check: 'P4d',
      does: 'a bank is said to hold more than it took',
      names: dispute.id,
      sql: `update disputes set withdrawn = withdrawn + 1 where id = '${dispute.id}'`,
    },
    {
      check: 'P4d',
      does: 'a capture forgot what its bank holds',
      names: coded.capture.id,
      sql: `update captures set withdrawn = 0 where id = '${coded.capture.id}'`,
    },
    {
      check: 'P4j',
      does: 'a movement is not in the journal',
      names: withdrawn.id,
      sql: `update dispute_moves set amount = amount + 1 where id = '${withdrawn.id}'`,
    },
    {
      check: 'R5',
      does: 'a dispute is in another currency than its payment',
      names: dispute.id,
      sql: `update disputes set currency = 'USD' where id = '${dispute.id}'`,
    },
  ];
}

function moneyPlants({ market, paid, open, coded, refunded, late }: Seeded, entries: Entries): Plant[] {
  const { capture, order, attempt, paymentId } = paid;
  const earned = entries.get(`captured:${capture.id}`) ?? '';
  const fee = entries.get(`fee:${capture.id}`) ?? '';
  const copy = (table: string, id: string, columns: string, changes: string) =>
    `insert into ${table} (id, ${columns}) select 'twin', ${changes} from ${table} where id = '${id}'`;
  return [
    {
      check: 'L1',
      does: 'a posting is one unit more',
      names: earned,
      sql: `update postings set amount = amount + 1 where account = 'sales' and transaction_id = '${earned}'`,
    },
    {
      check: 'L1',
      does: 'both postings are gone',
      names: earned,
      sql: `delete from postings where transaction_id = '${earned}'`,
    },
    {
      check: 'L3',
      does: 'a balance is one unit more',
      names: `${market.accountId}:sales:MYR`,
      sql: `update account_balances set amount = amount + 1 where account = 'sales'`,
    },
    {
      check: 'L3',
      does: 'a balance is gone',
      names: `${market.accountId}:channel:MYR`,
      sql: `delete from account_balances where account = 'channel'`,
    },
    {
      check: 'L4',
      does: 'a price is in a currency nobody knows',
      names: 'ZZZ',
      sql: `update prices set currency = 'ZZZ' where variant_id = '${paid.line.variantId}'`,
    },
    {
      check: 'L6',
      does: "an account is a customer's balance",
      names: earned,
      sql: `update postings set account = 'wallet' where account = 'sales' and transaction_id = '${earned}'`,
    },
    {
      check: 'L7',
      does: 'the journal speaks of a capture that is not there',
      names: earned,
      sql: `delete from captures where id = '${capture.id}'`,
    },
    {
      check: 'P4',
      does: 'a capture is larger than its entry',
      names: capture.id,
      sql: `update captures set amount = amount + 1 where id = '${capture.id}'`,
    },
    {
      check: 'P4',
      does: 'money in suspense is called paid',
      names: late.capture.id,
      sql: `update captures set "use" = 'applied' where id = '${late.capture.id}'`,
    },
    {
      check: 'P4',
      does: 'a fee was forgotten',
      names: capture.id,
      sql: `delete from postings where account = 'channel_fee' and transaction_id = '${fee}'`,
    },
    {
      check: 'P4r',
      does: 'a refund failed and the journal does not know',
      names: refunded.id,
      sql: `update refunds set state = 'failed' where id = '${refunded.id}'`,
    },
    {
      check: 'P4r',
      does: 'a refund was never journalled',
      names: late.refund.id,
      sql: `delete from journal_transactions where source_id = '${late.refund.id}'`,
    },
    {
      check: 'P2',
      does: 'an order is paid without money',
      names: open.order.id,
      sql: `update orders set state = 'paid', paid_at = 1 where id = '${open.order.id}'`,
    },
    {
      check: 'P2',
      does: 'a paid order is not paid',
      names: order.id,
      sql: `update orders set state = 'expired', paid_at = null where id = '${order.id}'`,
    },
    {
      check: 'P2',
      does: 'two captures pay one order',
      names: order.id,
      sql: copy(
        'captures',
        capture.id,
        'order_id, payment_id, attempt_id, channel, merchant_account_id, channel_ref, amount, fee, currency, "use", refunding, withdrawn, at',
        `order_id, payment_id, attempt_id, channel, merchant_account_id, 'other', amount, fee, currency, "use", 0, 0, at`,
      ),
    },
    {
      check: 'P2p',
      does: 'a paid order has an open payment',
      names: paymentId,
      sql: `update payments set state = 'open' where id = '${paymentId}'`,
    },
    {
      check: 'P2p',
      does: 'a paid order has no payment',
      names: order.id,
      sql: `delete from payments where id = '${paymentId}'`,
    },
    {
      check: 'P3',
      does: 'a capture pays with another amount than owed',
      names: capture.id,
      sql: `update payments set amount = amount + 5 where id = '${paymentId}'`,
    },
    {
      check: 'P3',
      does: "a capture lies at another shop's account",
      names: capture.id,
      sql: `update merchant_accounts set shop_id = 'other' where id = '${market.accountId}'`,
    },
    {
      check: 'P5',
      does: 'late money has no way home',
      names: late.capture.id,
      sql: `delete from refunds where id = '${late.refund.id}'`,
    },
    {
      check: 'P6p',
      does: 'a payment owes another sum than its order',
      names: paymentId,
      sql: `update orders set total = total + 1 where id = '${order.id}'`,
    },
    {
      check: 'P6p',
      does: 'an attempt asks for another sum',
      names: attempt.id,
      sql: `update attempts set amount = amount - 1 where id = '${attempt.id}'`,
    },
    {
      check: 'P7',
      does: 'two live attempts at one channel',
      names: paymentId,
      sql: `update attempts set state = 'pending' where id = '${attempt.id}'; ${copy('attempts', attempt.id, 'payment_id, order_id, channel, merchant_account_id, reference, state, amount, currency, checks, created_at', `payment_id, order_id, channel, merchant_account_id, 'r2', 'submitted', amount, currency, 0, created_at`)}`,
    },
    {
      check: 'R1',
      does: 'less is reserved than is refunded',
      names: capture.id,
      sql: `update captures set refunding = 0 where id = '${capture.id}'`,
    },
    {
      check: 'R1',
      does: 'more is refunded than was paid',
      names: capture.id,
      sql: `update captures set refunding = 99999 where id = '${capture.id}'; update refunds set amount = 99999 where id = '${refunded.id}'`,
    },
    {
      check: 'R1u',
      does: 'a line has refunded units of no refund',
      names: coded.line.id,
      sql: `update order_lines set refunded_quantity = 1 where id = '${coded.line.id}'`,
    },
    {
      check: 'R4',
      does: 'a refund goes to another channel',
      names: refunded.id,
      sql: `update refunds set channel = 'cash' where id = '${refunded.id}'`,
    },
    {
      check: 'W2',
      does: 'the same money was recorded twice',
      names: 'twin',
      sql: copy(
        'captures',
        capture.id,
        'order_id, payment_id, attempt_id, channel, merchant_account_id, channel_ref, amount, fee, currency, "use", refunding, at',
        `order_id, payment_id, attempt_id, channel, merchant_account_id, channel_ref, amount, fee, currency, 'duplicate', 0, at`,
      ).replace("'twin'", "'0 twin'"),
    },
    {
      check: 'U1',
      does: 'the timeline does not know of the money',
      names: order.id,
      sql: `delete from timeline_entries where order_id = '${order.id}' and kind = 'captured'`,
    },
    {
      check: 'U1',
      does: 'the timeline does not know of a refund',
      names: order.id,
      sql: `delete from timeline_entries where order_id = '${order.id}' and kind = 'refund_requested'`,
    },
  ];
}

function goodsPlants({ market, mangoes, keys, paid, open, coded }: Seeded): Plant[] {
  const { order } = paid;
  return [
    {
      check: 'P1',
      does: 'a state is no word',
      names: `orders:${order.id}`,
      sql: `update orders set state = 'refunded' where id = '${order.id}'`,
    },
    {
      check: 'P1t',
      does: 'a paid order was never paid',
      names: order.id,
      sql: `update orders set paid_at = null where id = '${order.id}'`,
    },
    {
      check: 'P6',
      does: 'the total is not the quote',
      names: order.id,
      sql: `update orders set total = total + 1 where id = '${order.id}'`,
    },
    {
      check: 'P6',
      does: 'the quote does not add up',
      names: order.id,
      sql: `update orders set quote = replace(quote, '"waived":false,"net":0', '"waived":false,"net":7') where id = '${order.id}'`,
    },
    {
      check: 'P6',
      does: 'a line of the order is not the one of the quote',
      names: order.id,
      sql: `update order_lines set quantity = 3 where order_id = '${order.id}'`,
    },
    {
      check: 'A1',
      does: "a line sells another shop's goods",
      names: paid.line.id,
      sql: `update orders set shop_id = 'other' where id = '${order.id}'`,
    },
    {
      check: 'A1',
      does: 'a card hangs in a chat of another community',
      names: mangoes.listingId,
      sql: `update chats set community_id = 'other' where id = '${market.chatId}'`,
    },
    {
      check: 'S1',
      does: 'more is held than is in hand',
      names: mangoes.variant.id,
      sql: `update variants set held = on_hand + 1 where id = '${mangoes.variant.id}'`,
    },
    {
      check: 'S2',
      does: 'a unit came from nowhere',
      names: mangoes.variant.id,
      sql: `update variants set on_hand = on_hand + 1 where id = '${mangoes.variant.id}'`,
    },
    {
      check: 'S2',
      does: 'a move of stock is gone',
      names: mangoes.variant.id,
      sql: `delete from stock_moves where variant_id = '${mangoes.variant.id}' and delta < 0`,
    },
    {
      check: 'S2h',
      does: 'a unit is held for nobody',
      names: mangoes.variant.id,
      sql: `update variants set held = held + 1 where id = '${mangoes.variant.id}'`,
    },
    {
      check: 'S3',
      does: 'an expired bill keeps its units',
      names: 'held',
      sql: `update orders set state = 'expired' where id = '${open.order.id}'; update holds set id = 'held' where order_id = '${open.order.id}'`,
    },
    {
      check: 'S3',
      does: 'units were sold that nobody paid',
      names: 'sold',
      sql: `update holds set id = 'sold', state = 'committed', ended_at = 1 where order_id = '${open.order.id}'`,
    },
    {
      check: 'S4',
      does: 'a code lies with an unpaid order',
      names: `${keys.product.id}:4`,
      sql: `update codes set order_id = '${open.order.id}', order_line_id = '${open.line.id}', assigned_at = 1, seq = 4 where seq = (select max(seq) from codes)`,
    },
    {
      check: 'S4n',
      does: 'a paid line lacks a code',
      names: coded.line.id,
      sql: `update codes set order_id = null, order_line_id = null where seq = (select min(seq) from codes)`,
    },
    {
      check: 'S4s',
      does: 'more codes are for sale than there are',
      names: keys.product.id,
      sql: `update variants set on_hand = 9 where product_id = '${keys.product.id}'`,
    },
  ];
}

function couponPlants({ coupon, open }: Seeded): Plant[] {
  const of = `where id = '${coupon.id}'`;
  return [
    { check: 'K1', does: 'a use too many is counted', names: coupon.id, sql: `update coupons set in_use = 2 ${of}` },
    { check: 'K1', does: 'money was spent on nothing', names: coupon.id, sql: `update coupons set spent = 5 ${of}` },
    {
      check: 'K1',
      does: 'a code was used by nobody',
      names: coupon.codeId,
      sql: `update coupon_codes set in_use = 0 where id = '${coupon.codeId}'`,
    },
    {
      check: 'K1',
      does: "a person's use is forgotten",
      names: coupon.id,
      sql: `update coupon_people set in_use = 0 where coupon_id = '${coupon.id}'`,
    },
    {
      check: 'K2',
      does: 'an unpaid bill redeemed its coupon',
      names: coupon.redemptionId,
      sql: `update redemptions set state = 'redeemed' where id = '${coupon.redemptionId}'`,
    },
    {
      check: 'K3',
      does: 'a bill has a discount without a redemption',
      names: open.order.id,
      sql: `delete from redemptions where id = '${coupon.redemptionId}'`,
    },
  ];
}

function eventPlants({ market, eventId }: Seeded): Plant[] {
  const event = 'channel, account, event_id, object_id, type, digest, received_at';
  return [
    {
      check: 'W1',
      does: 'an event is stored twice',
      names: '0 twin',
      sql: `insert into inbox_events (id, ${event}) select '0 twin', ${event} from inbox_events`,
    },
    { check: 'W6', does: 'an event has no work', names: eventId, sql: 'delete from inbox_work' },
    { check: 'W6', does: 'open work has no hour', names: eventId, sql: 'update inbox_work set due_at = null' },
    {
      check: 'X3',
      does: 'two of a lane are under way',
      names: 'm-a',
      sql: `update outbox_messages set lane = 'a', state = 'claimed', lease_until = 9`,
    },
    {
      check: 'X3',
      does: 'what is under way has no lease',
      names: 'm-a',
      sql: `update outbox_messages set lease_until = null`,
    },
    {
      check: 'X4',
      does: 'two wait that say the same',
      names: 'm-a',
      sql: `update outbox_messages set lane = 'a', state = 'pending', lease_until = null`,
    },
    {
      check: 'C1',
      does: 'a message was numbered by no clock',
      names: 'w1',
      sql: `update web_messages set seq = 99 where id = 'w1'`,
    },
    {
      check: 'C1',
      does: "a private message stands in another's place",
      names: 'w2',
      sql: `update web_messages set audience = 'person:x:y' where id = 'w2'`,
    },
    {
      check: 'V1o',
      does: 'a message was given up',
      names: 'm-b',
      sql: `update outbox_messages set state = 'dead' where id = 'm-b'`,
    },
    {
      check: 'V1i',
      does: 'an event was given up',
      names: eventId,
      sql: `update inbox_work set state = 'dead', due_at = null`,
    },
    {
      check: 'V1c',
      does: 'a case waits',
      names: 'case',
      sql: `insert into cases (id, community_id, kind, params, opened_at) values ('case', '${market.communityId}', 'refund_failed', '{}', 1)`,
    },
    {
      check: 'U2',
      does: 'a name was sealed with another key',
      names: market.buyer,
      sql: `update people set sealed_name = 'c2VhbGVkIHdpdGggc29tZXRoaW5nIGVsc2UgZW50aXJlbHkgeWVz' where id = '${market.buyer}'`,
    },
    {
      check: 'U2',
      does: 'a payload was changed',
      names: eventId,
      sql: `update inbox_payloads set sealed_payload = 'xx'`,
    },
    {
      check: 'U3',
      does: "a person's key is gone",
      names: market.other,
      sql: `delete from person_keys where person_id = '${market.other}'`,
    },
    {
      check: 'U3',
      does: 'a bill stands in clear',
      names: 'w2',
      sql: `update web_messages set view = '{"title":"Bill"}' where id = 'w2'`,
    },
  ];
}

type Look = (run: Run, plant: Plant) => Promise<void>;
/** Breaks one thing after the other, each undone before the next. */
type Bench = (plants: readonly Plant[], look: Look) => Promise<void>;

/** `loosen` takes away every guard of the database, for the plants that need none. */
async function undone(
  plants: readonly Plant[],
  say: (sql: string) => unknown,
  { loosen, look }: { loosen: () => unknown; look: (plant: Plant) => Promise<void> },
): Promise<void> {
  for (const guarded of [true, false]) {
    await say('begin');
    if (!guarded) await loosen();
    for (const plant of plants.filter((one) => (one.guarded ?? false) === guarded)) {
      await say('savepoint before_it');
      await say(plant.sql);
      await look(plant);
      await say('rollback to savepoint before_it');
    }
    await say('rollback');
  }
}

function sqliteBench({ url }: TestDatabase): Bench {
  return async (plants, look) => {
    const connection = openSqlite(url.slice('sqlite:'.length), { readOnly: false });
    const { raw } = connection;
    const say = (sql: string) => {
      raw.exec(sql);
    };
    const namesOf = (type: string) => {
      const rows = raw
        .prepare(`select name from sqlite_master where type = '${type}' and name not like 'sqlite%'`)
        .all();
      return (rows as unknown as string[][]).map(String);
    };
    const loosen = () => {
      for (const name of namesOf('trigger')) say(`drop trigger ${name}`);
      for (const name of namesOf('table')) {
        say(`create table loose as select * from ${name}; drop table ${name}; alter table loose rename to ${name}`);
      }
    };
    try {
      say('pragma foreign_keys = off; pragma legacy_alter_table = on');
      await undone(plants, say, { loosen, look: (plant) => look(unitOn(connection, 'plant').run, plant) });
    } finally {
      connection.close();
    }
  };
}

const LOOSEN = `do $$ declare one record; begin
  for one in select conrelid::regclass as of, conname from pg_constraint
    where connamespace = current_schema()::regnamespace and contype in ('c', 'f', 'u', 'p') order by contype <> 'f'
  loop execute format('alter table %s drop constraint if exists %I cascade', one.of, one.conname); end loop;
  for one in select indexrelid::regclass as name from pg_index join pg_class on pg_class.oid = indrelid
    where relnamespace = current_schema()::regnamespace
  loop execute format('drop index %s', one.name); end loop;
  for one in select tgname, tgrelid::regclass as of from pg_trigger join pg_class on pg_class.oid = tgrelid
    where relnamespace = current_schema()::regnamespace and not tgisinternal
  loop execute format('drop trigger %I on %s', one.tgname, one.of); end loop;
  for one in select attrelid::regclass as of, attname from pg_attribute join pg_class on pg_class.oid = attrelid
    where relnamespace = current_schema()::regnamespace and relkind = 'r' and attnum > 0 and attnotnull and attidentity = ''
  loop execute format('alter table %s alter column %I drop not null', one.of, one.attname); end loop;
end $$`;

function postgresBench({ url, schema }: TestDatabase): Bench {
  return async (plants, look) => {
    const pool = openPool({ url, schema, log: silentLog });
    const client = await pool.connect();
    const statements = statementsOf();
    const all = <P, O>(query: Query<P, O>, given: Arguments<P>): Promise<O[]> => {
      const statement = query.statement('postgres', given);
      return statements.rows(client, statement, bind(statement, given)) as Promise<O[]>;
    };
    const first: Run['first'] = async (query, given) => (await all(query, given))[0];
    const run: Run = { all, first, change: () => Promise.reject(new Error('a check writes')) };
    const say = (sql: string) => client.query(sql);
    try {
      await undone(plants, say, { loosen: () => say(LOOSEN), look: (plant) => look(run, plant) });
    } finally {
      client.release(true);
      await pool.end();
    }
  };
}

onEachEngine('verification', (kind) => {
  test('each planted break is named by its invariant, and before it nothing was broken', async () => {
    const database = freshDatabase(kind);
    const store = await database.open();
    const seeded = await seedAll(store);
    const before = await verifyStore(store, testVault);
    expect(before.results.filter(({ broken }) => broken.length > 0)).toEqual([]);
    expect(before.ok).toBe(true);
    await store.close();

    const orphan: Plant = {
      ...{ check: 'D1', does: 'a reference leads nowhere', guarded: true },
      ...(kind === 'sqlite'
        ? { names: 'listings:1', sql: `delete from chats` }
        : {
            names: 'orders:orders_trust_me',
            sql: `alter table orders add constraint orders_trust_me check (total >= 0) not valid`,
          }),
    };
    const journal = await database.query('select id, kind, source_id from journal_transactions');
    const entries = new Map(
      journal.map((row) => [`${String(row['kind'])}:${String(row['source_id'])}`, String(row['id'])]),
    );
    const plants = [
      ...moneyPlants(seeded, entries),
      ...disputePlants(seeded),
      ...goodsPlants(seeded),
      ...couponPlants(seeded),
      ...eventPlants(seeded),
      orphan,
    ];
    expect([...new Set(plants.map((plant) => plant.check))].toSorted()).toEqual(checks.map(({ id }) => id).toSorted());
    const bench = kind === 'sqlite' ? sqliteBench(database) : postgresBench(database);
    const missed: string[] = [];
    await bench(plants, async (run, { check: id, does, names }) => {
      const found = await checks.find((check) => check.id === id)?.find(run, testVault);
      const named = found?.broken.some((row) => Object.values(row).some((value) => String(value).includes(names)));
      if (!named) missed.push(`${id}, ${does}: ${JSON.stringify(found)}`);
    });
    expect(missed).toEqual([]);
  });

  test('a database is verified by its URL beside a market that writes, in one snapshot', async () => {
    const database = freshDatabase(kind);
    const store = await database.open();
    const { market, mangoes } = await seedAll(store);
    let running = true;
    const busy = (async () => {
      for (let n = 0; running && n < 500; n++) {
        await write(store, async (tx) => {
          await tx.catalog.setOnHand(mangoes.variant.id, 30 + n, AT, 'set');
        });
      }
    })();
    const told: string[] = [];
    const { url, schema } = database;
    const options = { ...storeOptions(url), ...(schema === undefined ? {} : { schema }) };
    const reports = [];
    for (let n = 0; n < 3; n++) reports.push(await verifyDatabase(options, (result) => told.push(...linesOf(result))));
    running = false;
    await busy;
    expect(reports.flatMap(({ results }) => results.filter(({ broken }) => broken.length > 0))).toEqual([]);
    expect(told).toHaveLength(3 * checks.length);
    expect(told[0]).toMatch(/^ok +L1 +\d+ {2}every journal transaction balances/);
    expect(market.shopId).not.toBe('');
  });

  test('what must be looked at does not make a market wrong; what is broken does', async () => {
    const database = freshDatabase(kind);
    const store = await database.open();
    const { mangoes } = await seedAll(store);
    await database.query(`update outbox_messages set state = 'claimed', lease_until = 1 where id = 'm-b'`);
    await database.query(`update outbox_messages set state = 'dead', lease_until = null where id = 'm-b'`);
    const looked = await verifyStore(store, testVault);
    expect([looked.ok, looked.results.find(({ id }) => id === 'V1o')?.broken]).toMatchObject([true, [{ id: 'm-b' }]]);
    await database.query(`update variants set sold = 0, on_hand = on_hand + 1 where id = '${mangoes.variant.id}'`);
    const broken = await verifyStore(store, testVault);
    expect(broken.ok).toBe(false);
    const lines = broken.results.filter(({ id }) => id === 'S2').flatMap(linesOf);
    expect(lines[0]).toMatch(/^BROKEN +S2 /);
    expect(lines[1]).toContain(`id=${mangoes.variant.id}`);
  });
});
