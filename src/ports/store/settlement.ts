/** What each account moved by day, as the journal has it, and what is on its way to a bank. */

/** One account, day (UTC) and currency. Signed as they change what the shop has: fees, refunds and disputes are negative. */
export type SettlementRow = {
  readonly merchantAccountId: string;
  readonly channel: string;
  /** Days since 1970 UTC. */
  readonly dayNumber: number;
  readonly currency: string;
  readonly gross: number;
  readonly fees: number;
  readonly refunds: number;
  readonly disputes: number;
  /** Left for the bank (came back: positive). */
  readonly paidOut: number;
  /** What a statement told otherwise, and a person followed. */
  readonly corrections: number;
};

/** A payout that the statement told of. `amount` is positive. */
export type SeenPayout = {
  readonly channel: string;
  readonly objectId: string;
  readonly amount: number;
  readonly currency: string;
  /** When it arrives, or arrived; null where the channel does not say. */
  readonly availableAt: number | null;
};

export interface SettlementReads {
  /** From `from` (inclusive) to `to` (exclusive); oldest first. */
  settlementOf(shopId: string, from: number, to: number): Promise<readonly SettlementRow[]>;
  /** Those that did not come back, newest first. */
  payoutsOf(shopId: string, limit: number): Promise<readonly SeenPayout[]>;
}
