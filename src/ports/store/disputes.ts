/** Payments that a payer's bank took up, and every movement of money that came of it. */
import type { DisputeState } from '../../domain/dispute.ts';

/** Unique by (merchantAccountId, channelRef). */
export type Dispute = {
  readonly id: string;
  readonly captureId: string;
  readonly orderId: string;
  readonly channel: string;
  readonly merchantAccountId: string;
  readonly channelRef: string;
  readonly state: DisputeState;
  readonly amount: number;
  readonly currency: string;
  /** The channel's own word for why. */
  readonly reason: string;
  /** Until when the seller may answer at the channel. */
  readonly respondBy: number | null;
  /** What the bank holds now, and what the channel keeps for it: Σ of its movements. */
  readonly withdrawn: number;
  readonly fee: number;
  /** When the channel said so of what stands here: older news changes nothing. */
  readonly toldAt: number;
  /** When the next reminder, or the end of the time to answer, is due. */
  readonly remindAt: number | null;
  /** When the channel is asked next. */
  readonly nextCheckAt: number | null;
  readonly checks: number;
  readonly createdAt: number;
};

export type DisputeMove = {
  readonly id: string;
  readonly disputeId: string;
  readonly kind: 'withdrawn' | 'reinstated' | 'fee' | 'fee_returned';
  readonly amount: number;
  readonly at: number;
};

export interface DisputeReads {
  dispute(id: string): Promise<Dispute | undefined>;
  disputeAt(merchantAccountId: string, channelRef: string): Promise<Dispute | undefined>;
  disputesOf(orderId: string): Promise<readonly Dispute[]>;
  /** Disputes whose `nextCheckAt` has come. */
  dueDisputes(now: number, limit: number): Promise<readonly Dispute[]>;
  /** Disputes whose `remindAt` has come. */
  dueReminders(now: number, limit: number): Promise<readonly Dispute[]>;
}

export interface DisputeWrites extends DisputeReads {
  /** False when the channel's dispute is known. */
  insertDispute(row: Dispute): Promise<boolean>;
  /** Guarded by the state it was read in; `to` may equal it (changes only). */
  moveDispute(
    id: string,
    from: DisputeState,
    to: DisputeState,
    changes?: Partial<
      Pick<
        Dispute,
        'amount' | 'reason' | 'respondBy' | 'withdrawn' | 'fee' | 'toldAt' | 'remindAt' | 'nextCheckAt' | 'checks'
      >
    >,
  ): Promise<boolean>;
  insertDisputeMove(row: DisputeMove): Promise<void>;
}
