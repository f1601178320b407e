/** Time's own work, on a clock that tests move. Every round is bounded; what one item meets never stops the others. */
import { isLive } from '../../domain/payment.ts';
import type { ChannelAttempt } from '../../ports/payment-channel.ts';
import type { Order } from '../../ports/store/orders.ts';
import type { Attempt } from '../../ports/store/payments.ts';
import { pollAfter } from './apply-truth.ts';
import { learn, refOf, submitAttempt, whomToAsk, whomToBill } from './ask-channel.ts';
import { commit, won } from '../commit.ts';
import { beginDigest, tellDigest } from '../catalog/evening-digest.ts';
import type { Deps } from '../deps.ts';
import { reconcileDue } from '../recon/daily.ts';
import { releaseCoupons } from '../promotions/redemptions.ts';
import { refreshOrder } from '../orders/order-panels.ts';
import { forgetPayloads } from './forget-payloads.ts';
import { askAboutRefund, closeAttempt } from './outbox-calls.ts';
import { askAboutAccount } from './onboarding.ts';
import { putOff, work } from './provider-notice.ts';
import { remindOfRequest } from './watch-requests.ts';
import { askAboutDispute, remindOfDispute } from './watch-disputes.ts';
import { refreshCardsOf, releaseHolds } from '../orders/stock.ts';
import { note } from '../timeline.ts';

const BATCH = 50;
/** Bills that wait for slow money stay due: they are passed by, up to so many pages of them. */
const PAGES_MAX = 40;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Handed-over orders close by themselves after this. */
const CLOSE_AFTER_MS = 14 * DAY_MS;
/** A payment that the channel calls pending, or will not speak of, keeps its bill open at most this long after its end. */
const GRACE_MS = { pending: 60 * 60_000, unknown: 2 * 60_000 } as const;

export async function sweep(deps: Deps): Promise<void> {
  const now = deps.clock.now();
  const due = await deps.store.read(async (reads) => ({
    events: await reads.inbox.dueWork(now, BATCH),
    attempts: await reads.payments.dueAttempts(now, BATCH),
    refunds: await reads.payments.dueRefunds(now, BATCH),
    accounts: await reads.people.dueAccountOpenings(now, BATCH),
    disputes: await reads.disputes.dueDisputes(now, BATCH),
    requests: await reads.requests.dueRequests(now, BATCH),
    reminders: await reads.disputes.dueReminders(now, BATCH),
    closable: await reads.orders.closableOrders(now - CLOSE_AFTER_MS, BATCH),
    digests: await reads.selling.dueDigests(now, BATCH),
    untold: await reads.selling.shopsWithoutDigest(BATCH),
  }));
  for (const event of due.events)
    await guarded(
      deps,
      'inbox event',
      event.id,
      () => work(deps, event.id),
      () => putOff(deps, event.id),
    );
  for (const attempt of due.attempts) await guarded(deps, 'attempt', attempt.id, () => ask(deps, attempt));
  for (const refund of due.refunds) await guarded(deps, 'refund', refund.id, () => askAboutRefund(deps, refund));
  for (const one of due.disputes) await guarded(deps, 'dispute', one.id, () => askAboutDispute(deps, one));
  for (const one of due.reminders) await guarded(deps, 'dispute', one.id, () => remindOfDispute(deps, one.id));
  for (const one of due.requests) await guarded(deps, 'refund request', one.id, () => remindOfRequest(deps, one.id));
  await guarded(deps, 'reconciliation', 'daily', () => reconcileDue(deps));
  for (const account of due.accounts)
    await guarded(deps, 'account', account.accountRef, () => askAboutAccount(deps, account));
  await endBills(deps, now);
  for (const order of due.closable) await guarded(deps, 'order', order.id, () => close(deps, order));
  await guarded(deps, 'payloads', 'old', () => forgetPayloads(deps));
  for (const shop of due.untold) await guarded(deps, 'shop', shop.id, () => beginDigest(deps, shop));
  for (const digest of due.digests) await guarded(deps, 'digest', digest.shopId, () => tellDigest(deps, digest));
  await commit(deps, null, async (tx) => tx.handles.pruneHandles(now, BATCH));
}

async function guarded(
  deps: Deps,
  what: string,
  id: string,
  act: () => Promise<void>,
  otherwise?: () => Promise<void>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    deps.log.warn({ error, what, id }, 'the sweep could not finish one item; it comes again');
    await otherwise?.();
  }
}

const nothingCame: ChannelAttempt = { state: 'failed', payments: [] };

/** One question to the channel. The count goes up first, so that a channel that breaks us is asked less and less often. */
async function ask(deps: Deps, attempt: Attempt): Promise<void> {
  await commit(deps, null, async (tx) => {
    const checks = attempt.checks + 1;
    await tx.payments.moveAttempt(attempt.id, attempt.state, attempt.state, {
      checks,
      nextCheckAt: deps.clock.now() + pollAfter(checks),
    });
    return null;
  });
  const asked = await whomToAsk(deps, attempt.id);
  if (!asked) return;
  const truth = await asked.channel.retrievePayment(refOf(asked));
  // Written down and never arrived: handed over again under the same reference and key, while the bill is open; failed after that.
  const lost = truth.state === 'absent' && (attempt.state === 'submitted' || attempt.state === 'unknown');
  if (!lost) return learn(deps, attempt.id, truth);
  const billed = await whomToBill(deps, attempt.id);
  const inTime = attempt.expiresAt === null || attempt.expiresAt > deps.clock.now();
  const again = inTime && billed?.order.state === 'pending_payment';
  const found = again ? await submitAttempt(deps, billed, deps.settings.publicUrl) : nothingCame;
  await learn(deps, attempt.id, found);
}

async function endBills(deps: Deps, now: number): Promise<void> {
  let after = '';
  for (let page = 1; page <= PAGES_MAX; page++) {
    const orders = await deps.store.read((reads) => reads.orders.dueOrders(now, BATCH, after));
    for (const order of orders) await guarded(deps, 'order', order.id, () => end(deps, order));
    const last = orders.at(-1);
    if (!last || orders.length < BATCH) return;
    after = last.id;
  }
}

/** The bill's time is over: the channel closes what is open and is believed about what it says after that. */
async function end(deps: Deps, order: Order): Promise<void> {
  const asking = deps.clock.now();
  const attempts = await deps.store.read(async (reads) => {
    const isDue = ((await reads.orders.order(order.id))?.expiresAt ?? Infinity) <= asking;
    return isDue ? reads.payments.attempts(order.id) : [];
  });
  for (const attempt of attempts.filter((one) => isLive(one.state))) {
    // Asked a moment ago and still at work: its own poll brings the news.
    const atWork = attempt.state === 'pending' || attempt.state === 'unknown';
    if (atWork && attempt.nextCheckAt !== null && attempt.nextCheckAt > asking) continue;
    // A channel that cannot be asked leaves the attempt live: the bill ends after the grace of what is unknown.
    await guarded(deps, 'attempt', attempt.id, () => closeAttempt(deps, attempt.id));
  }
  await commit(deps, null, async (tx) => {
    const now = deps.clock.now();
    const at = { deps, now };
    const current = await tx.orders.order(order.id);
    if (current?.state !== 'pending_payment' || current.expiresAt === null || current.expiresAt > now) return null;
    const live = (await tx.payments.attempts(order.id)).filter((one) => isLive(one.state));
    const wait = live.some((one) => one.state === 'pending')
      ? GRACE_MS.pending
      : live.length > 0
        ? GRACE_MS.unknown
        : 0;
    if (now < current.expiresAt + wait) return null;
    won(await tx.orders.moveOrder(current, 'expired'), `order ${order.id}`);
    await releaseCoupons(tx, order);
    const payment = await tx.payments.paymentOf(order.id);
    if (payment?.state === 'open')
      won(await tx.payments.movePayment(payment.id, 'open', 'expired'), `payment ${payment.id}`);
    await note(tx, at, order.id, 'expired');
    await releaseHolds(tx, at, order);
    await refreshCardsOf(tx, at, await tx.orders.lines(order.id));
    await refreshOrder(tx, at, order);
    return null;
  });
}

async function close(deps: Deps, order: Order): Promise<void> {
  await commit(deps, null, async (tx) => {
    const at = { deps, now: deps.clock.now() };
    const current = await tx.orders.order(order.id);
    if (current?.state !== 'fulfilled') return null;
    won(await tx.orders.moveOrder(current, 'closed', { closedAt: at.now }), `order ${order.id}`);
    await note(tx, at, order.id, 'closed');
    await refreshOrder(tx, at, order);
    return null;
  });
}
