/**
 * The one function in which every road of news about a payment ends: webhook, return page, poll, the answer of our own call, a
 * person's confirmation. Money is recorded first; then the attempt takes the state that the channel's truth gives it.
 */
import { attemptMachine, type AttemptState, isLive } from '../../domain/payment.ts';
import type { ChannelAttempt, NextAction } from '../../ports/payment-channel.ts';
import type { Tx } from '../../ports/store.ts';
import type { Attempt, AttemptChanges } from '../../ports/store/payments.ts';
import { won } from '../commit.ts';
import { refreshBuyer } from '../orders/order-panels.ts';
import { recordMoney } from './record-money.ts';
import { notify } from '../tell.ts';
import { note, type When } from '../timeline.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** When the channel is asked again, counted in questions already asked. */
const POLLS_MS = [30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS] as const;
export const pollAfter = (checks: number): number => POLLS_MS[Math.min(checks, POLLS_MS.length - 1)] ?? 24 * HOUR_MS;

/** How long an open attempt may go without an answer before the next question: slow payments and lost notices are found soon. */
const PENDING_POLL_MS = 30 * SECOND_MS;
/** The longest between two questions about what may still be paid: with every notice lost, money is found within five minutes. */
const LIVE_POLL_MAX_MS = 4 * MINUTE_MS;

/**
 * Answers whether anything changed. The same truth twice changes nothing the second time. `attempt` was read in this commit; money
 * moves no attempt, and whoever else did since then is met by the guard. `road`: an answer of the channel's is all that it knows, while
 * a notice is one piece of news beside which others may have been lost.
 */
export async function applyTruth(
  tx: Tx,
  at: When,
  attempt: Attempt,
  truth: ChannelAttempt,
  road: 'notice' | 'answer',
): Promise<boolean> {
  let changed = false;
  for (const paid of truth.payments) {
    if (paid.state !== 'succeeded') continue;
    if (await recordMoney(tx, at, attempt, paid)) changed = true;
  }
  return (await moveByTruth(tx, at, attempt, truth, { paidNow: changed, road })) || changed;
}

function targetOf(attempt: Attempt, truth: ChannelAttempt): AttemptState {
  if (truth.payments.some((one) => one.state === 'succeeded')) return 'succeeded';
  switch (truth.state) {
    case 'open':
      return truth.nextAction?.kind === 'wait' ? 'pending' : 'requires_action';
    case 'pending':
      return 'pending';
    // A channel that says "paid" and shows no money is not believed.
    case 'succeeded':
    case 'unknown':
      return 'unknown';
    case 'failed':
      return 'failed';
    // Of an attempt whose opening we never heard of, all that was learned is that nothing came of it.
    case 'ended':
      return attempt.state === 'submitted' ? 'failed' : 'expired';
    case 'absent':
      return attempt.state;
  }
}

async function moveByTruth(
  tx: Tx,
  at: When,
  attempt: Attempt,
  truth: ChannelAttempt,
  { paidNow, road }: { paidNow: boolean; road: 'notice' | 'answer' },
): Promise<boolean> {
  const to = targetOf(attempt, truth);
  const newAction = truth.nextAction !== undefined && !sameAction(truth.nextAction, attempt.nextAction);
  // A refusal that is told when the attempt is over (paid, perhaps) would only frighten.
  const counts = isLive(attempt.state) && to !== 'succeeded';
  const declined = counts && truth.declineCode !== undefined && truth.declineCode !== attempt.declineCode;
  const moves = to !== attempt.state && attemptMachine.can(attempt.state, to);
  const changes: AttemptChanges = {
    ...(truth.channelRef && !attempt.channelRef ? { channelRef: truth.channelRef } : {}),
    ...(newAction ? { nextAction: truth.nextAction ?? null } : {}),
    ...(declined ? { declineCode: truth.declineCode ?? null } : {}),
  };
  const state = moves ? to : attempt.state;
  // Silence is no answer: it ends nothing.
  const heard = truth.state === 'unknown' ? 'notice' : road;
  const nextCheckAt = nextCheck(at, attempt, state, moves || paidNow ? 'news' : heard);
  const planned = nextCheckAt === undefined ? {} : { nextCheckAt };
  if (!moves && !declined && !newAction && !changes.channelRef) {
    // Nothing new; only the next question moves.
    await tx.payments.moveAttempt(attempt.id, attempt.state, attempt.state, planned);
    return false;
  }
  won(
    await tx.payments.moveAttempt(attempt.id, attempt.state, state, { ...changes, ...planned }),
    `attempt ${attempt.id}`,
  );
  // New money has told everybody already, and says more than the attempt it came by.
  if (paidNow && !declined) return true;
  await tellMove(tx, at, attempt, state, declined ? truth.declineCode : undefined);
  return true;
}

const sameAction = (a: NextAction, b: NextAction | null): boolean =>
  a.kind === b?.kind &&
  (a.kind !== 'redirect' || (b.kind === 'redirect' && a.url === b.url)) &&
  (a.kind !== 'invoice' || (b.kind === 'invoice' && a.link === b.link));

/** Undefined: what is planned stays. */
function nextCheck(
  at: When,
  attempt: Attempt,
  state: AttemptState,
  why: 'news' | 'notice' | 'answer',
): number | null | undefined {
  const channel = at.deps.channels.get(attempt.channel);
  if (!channel?.capabilities.canBeAsked) return null;
  // What a bank works on for days need not be asked about every half minute of them.
  const young = at.now < attempt.createdAt + HOUR_MS;
  if (state === 'pending' || state === 'unknown' || state === 'submitted')
    return at.now + (young ? PENDING_POLL_MS : LIVE_POLL_MAX_MS);
  if (state === 'requires_action') return at.now + Math.min(pollAfter(attempt.checks), LIVE_POLL_MAX_MS);
  const lateUntil = (attempt.expiresAt ?? attempt.createdAt) + channel.capabilities.lateTailMs;
  // After an end, and after money, there is always one more question, however late: only an answer to it ends the asking.
  if (why === 'notice') return undefined;
  return why === 'news' || at.now < lateUntil ? at.now + pollAfter(attempt.checks) : null;
}

async function tellMove(
  tx: Tx,
  at: When,
  attempt: Attempt,
  to: AttemptState,
  declineCode: string | undefined,
): Promise<void> {
  const order = await tx.orders.order(attempt.orderId);
  if (!order) return;
  const { channel } = attempt;
  if (declineCode) {
    await note(tx, at, order.id, 'attempt_declined', { channel, code: declineCode });
    const buyer = { personId: order.buyerId, communityId: order.communityId };
    await notify(tx, at, buyer, {
      kind: 'payment_declined',
      objectId: order.id,
      params: { code: order.code, decline: declineCode, n: at.now },
    });
  }
  if (to !== attempt.state) {
    if (to === 'requires_action') await note(tx, at, order.id, 'attempt_opened', { channel });
    if (to === 'pending') await note(tx, at, order.id, 'attempt_pending', { channel });
    if (to === 'unknown') await note(tx, at, order.id, 'attempt_unknown', { channel });
    if (to === 'expired' || to === 'cancelled' || to === 'failed')
      await note(tx, at, order.id, 'attempt_ended', { channel });
  }
  await refreshBuyer(tx, at, order);
}
