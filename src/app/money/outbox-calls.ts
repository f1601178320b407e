/** The outbox's calls to payment channels. Each may be repeated: it carries its own key, and its answer is applied once. */
import { isLive } from '../../domain/payment.ts';
import { money } from '../../domain/money.ts';
import { type ChannelRefund, ChannelTrouble } from '../../ports/payment-channel.ts';
import type { Refund } from '../../ports/store/payments.ts';
import type { MerchantAccount } from '../../ports/store/people.ts';
import { applyRefundTruth } from './apply-refund.ts';
import { pollAfter } from './apply-truth.ts';
import { learn, refOf, submitAttempt, whomToAsk, whomToBill } from './ask-channel.ts';
import { commit, won } from '../commit.ts';
import type { Deps } from '../deps.ts';
import { note } from '../timeline.ts';

export async function openAttempt(deps: Deps, attemptId: string): Promise<void> {
  const billed = await whomToBill(deps, attemptId);
  if (!billed || (billed.attempt.state !== 'submitted' && billed.attempt.state !== 'unknown')) return;
  try {
    await learn(deps, attemptId, await submitAttempt(deps, billed, deps.settings.publicUrl));
  } catch (error) {
    // Refused for good: the buyer may choose again, and the operator finds the reason with the message that was given up.
    const refused = error instanceof ChannelTrouble && !error.retryable && billed.attempt.state === 'submitted';
    if (refused) await learn(deps, attemptId, { state: 'failed', payments: [] });
    throw error;
  }
}

/** Whatever the channel says after closing is the truth: money that came first is recorded like any other. */
export async function closeAttempt(deps: Deps, attemptId: string): Promise<void> {
  const asked = await whomToAsk(deps, attemptId);
  if (!asked || !isLive(asked.attempt.state)) return;
  await learn(deps, attemptId, await asked.channel.cancelPayment(refOf(asked)));
}

/** After this long the key may be forgotten by the channel: the refund is only asked about, never handed over again. */
const SAME_KEY_MS = 20 * 60 * 60 * 1000;

export async function submitRefund(deps: Deps, refundId: string): Promise<void> {
  const found = await commit(deps, null, async (tx) => {
    const row = await tx.payments.refund(refundId);
    if (!row || (row.state !== 'requested' && row.state !== 'approved')) return row ?? null;
    const now = deps.clock.now();
    won(
      await tx.payments.moveRefund(row.id, row.state, 'submitted', { nextCheckAt: now + pollAfter(0) }),
      `refund ${row.id}`,
    );
    await note(tx, { deps, now }, row.orderId, 'refund_submitted', { amount: row.amount, currency: row.currency });
    return { ...row, state: 'submitted' } satisfies Refund;
  });
  if (found?.state !== 'submitted' && found?.state !== 'unknown') return;
  await handOver(deps, found);
}

/** However long it waited for approval or for its channel: the age of its key counts from the first call. */
async function handOver(deps: Deps, refund: Refund): Promise<void> {
  const channel = deps.channels.get(refund.channel);
  const paid = await paidBy(deps, refund);
  if (!channel || !paid || channel.capabilities.refunds !== 'automatic') return;
  const { account, ...payment } = paid;
  const submittedAt = refund.submittedAt ?? (await markFirstCall(deps, refund.id));
  if (deps.clock.now() - submittedAt > SAME_KEY_MS)
    return learnOldRefund(deps, refund, await channel.retrieveRefund(refundRef(refund, paid)));
  const truth = await channel.createRefund({
    account,
    reference: refund.id,
    idempotencyKey: `refund:${refund.id}`,
    ...payment,
    amount: money(refund.amount, refund.currency),
  });
  await learnRefund(deps, refund.id, truth);
}

/** Kept before the call is made, so that a call whose answer is lost has its instant. */
async function markFirstCall(deps: Deps, refundId: string): Promise<number> {
  return commit(deps, null, async (tx) => {
    const now = deps.clock.now();
    if (await tx.payments.markRefundSubmitted(refundId, now)) return now;
    // Two workers at one moment: the other's call was the first.
    return (await tx.payments.refund(refundId))?.submittedAt ?? now;
  });
}

type PaidBy = { readonly account: MerchantAccount; readonly paymentRef: string; readonly openedAt: number };

const refundRef = ({ id, channelRef }: Refund, paid: PaidBy) => ({ ...paid, reference: id, channelRef });

/** Whose refund it is, of which payment. */
async function paidBy(deps: Deps, { merchantAccountId, captureId }: Refund): Promise<PaidBy | undefined> {
  return deps.store.read(async (reads) => {
    const account = await reads.people.merchantAccount(merchantAccountId);
    const capture = await reads.payments.capture(captureId);
    const attempt = capture && (await reads.payments.attempt(capture.attemptId));
    return account && attempt && { account, paymentRef: capture.channelRef, openedAt: attempt.createdAt };
  });
}

/** What the channel does not know by our reference after all that time was never done: a person is told and may refund anew. */
async function learnOldRefund(deps: Deps, refund: Refund, truth: ChannelRefund): Promise<void> {
  await learnRefund(deps, refund.id, truth.state === 'absent' ? { state: 'failed' } : truth);
}

/** Asks about a refund that was handed over; one that never arrived is handed over again with its own key. */
export async function askAboutRefund(deps: Deps, refund: Refund): Promise<void> {
  await commit(deps, null, async (tx) => {
    await tx.payments.moveRefund(refund.id, refund.state, refund.state, {
      checks: refund.checks + 1,
      nextCheckAt: deps.clock.now() + pollAfter(refund.checks + 1),
    });
    return null;
  });
  const channel = deps.channels.get(refund.channel);
  const paid = await paidBy(deps, refund);
  if (!channel || !paid || channel.capabilities.refunds !== 'automatic') return;
  const truth = await channel.retrieveRefund(refundRef(refund, paid));
  const lost = truth.state === 'absent' && (refund.state === 'submitted' || refund.state === 'unknown');
  if (lost) await handOver(deps, refund);
  else await learnRefund(deps, refund.id, truth);
}

async function learnRefund(deps: Deps, refundId: string, truth: ChannelRefund): Promise<void> {
  await commit(deps, null, async (tx) => {
    await applyRefundTruth(tx, { deps, now: deps.clock.now() }, refundId, truth);
    return null;
  });
}
