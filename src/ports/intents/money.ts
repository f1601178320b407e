/** What is wanted of money: how to pay, cash, refunds, and the cases that a person decides. */
export type MoneyIntent =
  /** A seller lets whoever runs the market collect for the shop, where the platform pays nobody else. */
  | { readonly kind: 'let_market_collect'; readonly shopId: string; readonly collects: boolean }
  /** Others than the buyer may pay this bill, or no longer. */
  | { readonly kind: 'share_bill'; readonly orderId: string; readonly shared: boolean }
  | { readonly kind: 'choose_channel'; readonly orderId: string; readonly channel: string }
  | { readonly kind: 'confirm_cash'; readonly orderId: string }
  /** A typed amount, or what the units of lines cost; neither is all that is left. `restock` puts units back on sale. */
  | {
      readonly kind: 'refund';
      readonly orderId: string;
      readonly amount: string;
      readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
      readonly restock: boolean;
    }
  /** The buyer asks: an amount, units, or (neither) all that is left. */
  | {
      readonly kind: 'request_refund';
      readonly orderId: string;
      readonly amount: string;
      readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
      readonly reason: string;
    }
  | { readonly kind: 'withdraw_refund_request'; readonly requestId: string }
  /** Accepting pays what was asked, or the typed amount; rejecting takes words. */
  | {
      readonly kind: 'decide_refund_request';
      readonly requestId: string;
      readonly accept: boolean;
      readonly amount: string;
      readonly restock: boolean;
      readonly words: string;
    }
  /** A refund above the community's limit, by somebody other than who asked for it. */
  | { readonly kind: 'approve_refund'; readonly refundId: string; readonly approve: boolean }
  | { readonly kind: 'configure_refunds'; readonly requestHours: string; readonly approvalLimit: string }
  /** A refund that a person pays by hand (cash): recorded with proof. */
  | { readonly kind: 'refund_paid_by_hand'; readonly refundId: string; readonly proof: string }
  /**
   * `deliver`: the money pays the order after all; `refund`: it goes back; `dismiss`: nothing is to be done; `book`: the channel is
   * right, the books follow it; `replay`: an event is worked on again. What a reconciliation found takes a reason.
   */
  | {
      readonly kind: 'resolve_case';
      readonly caseId: string;
      readonly decision: 'deliver' | 'refund' | 'dismiss' | 'book' | 'replay';
      readonly reason?: string;
    }
  /** Every account of the community at every channel with a statement is compared with that channel-day, soon. */
  | { readonly kind: 'reconcile'; readonly day: string };
