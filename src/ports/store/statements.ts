/** What channels' statements say, line by line, and where they differ from the journal. */
import type { Entry, EntryKind } from '../../domain/ledger.ts';
import type { BreakKind, LineKind, LineResult } from '../../domain/statement.ts';
import type { DisputeMove } from './disputes.ts';
import type { Refund } from './payments.ts';

/** A line as the channel wrote it, once for ever by (merchantAccountId, lineId); what it was matched with stands beside it. */
export type StatementRow = {
  readonly id: string;
  readonly merchantAccountId: string;
  /** The channel's own id of the line. */
  readonly lineId: string;
  readonly kind: LineKind;
  readonly objectId: string;
  readonly reference: string | null;
  /** What it changed is `amount - fee`. */
  readonly amount: number;
  readonly fee: number;
  readonly currency: string;
  readonly occurredAt: number;
  readonly availableAt: number | null;
  readonly payoutRef: string | null;
  /** Keyed digest of the line as it came. */
  readonly hash: string;
  readonly result: LineResult | 'new';
  /** A capture, a refund, a movement of a dispute, or this line's own entry. One line of a kind for each. */
  readonly matchedType: 'capture' | 'refund' | 'dispute' | 'statement' | null;
  readonly matchedId: string | null;
};

/** One merchant account's channel-day. */
export type ReconDay = {
  readonly merchantAccountId: string;
  readonly day: string;
  /** Keyed digest of the whole statement as it last came; '' before the first came whole. */
  readonly hash: string;
  readonly lineCount: number;
  readonly ranAt: number;
  /** When it is looked at again by itself; null: never. */
  readonly nextAt: number | null;
};

/** A difference, until a person resolves it. `subject`: the line, or what the channel does not tell of. */
export type Break = {
  readonly id: string;
  readonly merchantAccountId: string;
  readonly day: string;
  readonly kind: BreakKind;
  readonly subject: string;
  readonly rowId: string | null;
  readonly caseId: string;
  readonly currency: string;
  /** What moved by our books, and by the channel's; null where that side knows nothing. */
  readonly ours: number | null;
  readonly theirs: number | null;
  readonly openedAt: number;
  readonly closedAt: number | null;
};

/** An entry that no line has answered. */
export type Unanswered = {
  readonly sourceType: 'capture' | 'refund' | 'dispute';
  readonly sourceId: string;
  readonly kind: EntryKind;
  readonly orderId: string | null;
  readonly currency: string;
  readonly amount: number;
  readonly at: number;
};

type Span = { readonly merchantAccountId: string; readonly from: number; readonly to: number };

export interface StatementReads {
  statementRow(id: string): Promise<StatementRow | undefined>;
  rowByLine(merchantAccountId: string, lineId: string): Promise<StatementRow | undefined>;
  /** In order of happening. */
  rowsOf(span: Span, after: number, limit: number): Promise<readonly StatementRow[]>;
  rowMatchedTo(
    type: NonNullable<StatementRow['matchedType']>,
    id: string,
    kind: LineKind,
  ): Promise<StatementRow | undefined>;
  /** Σ fees that the account's statement tells of one payment: in its own line and in lines of fees. */
  feesOf(merchantAccountId: string, objectId: string): Promise<number>;
  /** The account's statement names a payment so, and nothing answers it yet. */
  hasUnplaced(merchantAccountId: string, objectId: string): Promise<boolean>;
  hasEntry(sourceType: Entry['sourceType'], sourceId: string, kind: EntryKind): Promise<boolean>;
  refundAt(merchantAccountId: string, channelRef: string): Promise<Refund | undefined>;
  /** The oldest movement of that kind that no line has answered. */
  unansweredMove(
    disputeId: string,
    kind: DisputeMove['kind'],
  ): Promise<{ readonly id: string; readonly amount: number } | undefined>;
  /** Captures of that amount that no line has answered and none names: two are enough to know that none is the one. */
  likelyCaptures(
    span: Span,
    paid: { readonly amount: number; readonly currency: string },
  ): Promise<readonly { readonly id: string }[]>;
  unanswered(span: Span, limit: number): Promise<readonly Unanswered[]>;
  /** By currency: what the lines of the span moved, and what the entries that answer them moved. */
  proofOf(
    span: Span,
  ): Promise<readonly { readonly currency: string; readonly statement: number; readonly ledger: number }[]>;
  breakOf(subject: string): Promise<Break | undefined>;
  breakById(id: string): Promise<Break | undefined>;
  breaksOf(merchantAccountId: string, day: string): Promise<readonly Break[]>;
  reconDay(merchantAccountId: string, day: string): Promise<ReconDay | undefined>;
  /** Accounts at a channel, older than `before`, whose day was never looked at. */
  unreconciled(
    channel: string,
    day: string,
    before: number,
    limit: number,
  ): Promise<readonly { readonly id: string }[]>;
  dueReconDays(now: number, limit: number): Promise<readonly ReconDay[]>;
  /** Whose account the channel calls so. */
  accountByRef(channel: string, accountRef: string): Promise<{ readonly shopId: string } | undefined>;
  /** Every account at a channel, by id. */
  accountsAt(channel: string, after: string, limit: number): Promise<readonly { readonly id: string }[]>;
}

export interface StatementWrites extends StatementReads {
  /** False when the line is known. */
  insertRow(row: StatementRow): Promise<boolean>;
  /** When it is available and with which payout it left is known later than the line. */
  updateRow(id: string, changes: Pick<StatementRow, 'availableAt' | 'payoutRef'>): Promise<void>;
  /** Guarded: a line that was matched stays so (false). */
  setResult(
    id: string,
    result: LineResult,
    matched: { readonly type: StatementRow['matchedType']; readonly id: string } | null,
  ): Promise<boolean>;
  /** False when that subject has its break. */
  insertBreak(row: Break): Promise<boolean>;
  closeBreak(id: string, at: number): Promise<boolean>;
  putReconDay(row: ReconDay): Promise<void>;
  /** A fee that was learned after the payment; guarded by its being unknown. */
  learnFee(captureId: string, fee: number): Promise<boolean>;
}
