/** A dispute whose every notice was lost is met in the statement: its channel is asked for the whole of it. */
import type { PaymentChannel } from '../../ports/payment-channel.ts';
import type { StatementLine } from '../../ports/statement.ts';
import type { MerchantAccount } from '../../ports/store/people.ts';
import { commit } from '../commit.ts';
import type { Deps } from '../deps.ts';
import { applyDisputeTruth } from '../money/apply-dispute.ts';

export async function learnDisputes(
  deps: Deps,
  channel: PaymentChannel,
  account: MerchantAccount,
  lines: readonly StatementLine[],
): Promise<void> {
  const told = lines.filter((line) => line.kind === 'dispute' || line.kind === 'dispute_reversed');
  for (const objectId of new Set(told.map((line) => line.objectId))) {
    const references = told.flatMap((line) => (line.objectId === objectId ? (line.reference ?? []) : []));
    const capture = await unknownTo(deps, account, objectId, references[0]);
    if (!capture) continue;
    const asking = deps.clock.now();
    const truth = await channel.retrieveDispute?.({ account, channelRef: objectId });
    if (!truth || truth.currency !== capture.currency) continue;
    await commit(deps, null, async (tx) => {
      await applyDisputeTruth(tx, { deps, now: deps.clock.now() }, capture, { told: truth, toldAt: asking });
      return null;
    });
  }
}

/** The payment of a dispute that we have never heard of, by our reference for its attempt. */
async function unknownTo(deps: Deps, account: MerchantAccount, objectId: string, reference: string | undefined) {
  return deps.store.read(async (reads) => {
    if (reference === undefined || (await reads.disputes.disputeAt(account.id, objectId))) return undefined;
    const attempt = await reads.payments.attemptByReference(account.channel, reference);
    const captures = attempt?.merchantAccountId === account.id ? await reads.payments.captures(attempt.orderId) : [];
    const paid = captures.filter((one) => one.attemptId === attempt?.id);
    // Paid twice, only the channel knows which of the two it is about: the line itself becomes a case.
    return paid.length === 1 ? paid[0] : undefined;
  });
}
