/** What buyers ask back, what waits for a second person, and a community's rules for both. */
import type { RefundRequestState } from '../../domain/refund-request.ts';
import type { Refund } from './payments.ts';

/** `reason` is the buyer's, `answer` the decider's: their own words, sealed at rest. */
export type RefundRequest = {
  readonly id: string;
  readonly orderId: string;
  readonly buyerId: string;
  readonly amount: number;
  readonly currency: string;
  readonly lines: Refund['lines'];
  readonly reason: string;
  readonly state: RefundRequestState;
  /** Until when the seller may answer; then the stewards do. */
  readonly decideBy: number;
  /** When somebody is reminded, or the seller's time ends. */
  readonly remindAt: number | null;
  readonly refundId: string | null;
  readonly answer: string;
  readonly decidedBy: string | null;
  readonly createdAt: number;
  readonly decidedAt: number | null;
};

export type RefundPolicy = {
  readonly communityId: string;
  /** How long a seller has to answer a request. */
  readonly requestHours: number;
  /** Minor units of the order's currency; a person's refund above it waits for a second person. */
  readonly approvalLimit: number;
};

/** Who sees to it that a refund above the limit goes out: never the one who asked for it. */
export type RefundApproval = {
  readonly refundId: string;
  readonly decision: 'approved' | 'rejected';
  readonly decidedBy: string;
  readonly at: number;
};

export interface RefundRequestReads {
  refundRequest(id: string): Promise<RefundRequest | undefined>;
  /** Newest first. */
  requestsOf(orderId: string): Promise<readonly RefundRequest[]>;
  dueRequests(now: number, limit: number): Promise<readonly { readonly id: string }[]>;
  refundPolicy(communityId: string): Promise<RefundPolicy>;
}

export interface RefundRequestWrites extends RefundRequestReads {
  /** False when the order has an open one. */
  insertRequest(row: RefundRequest): Promise<boolean>;
  /** Guarded by the state it was read in. */
  moveRequest(
    id: string,
    from: RefundRequestState,
    to: RefundRequestState,
    changes?: Partial<Pick<RefundRequest, 'remindAt' | 'refundId' | 'decidedBy' | 'decidedAt' | 'answer'>>,
  ): Promise<boolean>;
  insertApproval(row: RefundApproval): Promise<void>;
  putRefundPolicy(row: RefundPolicy): Promise<void>;
}
