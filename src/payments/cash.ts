/**
 * Cash at pick-up or on delivery. There is no provider: this channel hears of nothing and can prove nothing. Money is what a
 * person of the shop says was received, above a limit with a second person; that word is recorded by the core, not asked here.
 */
import type { ChannelAttempt, PaymentChannel } from '../ports/payment-channel.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** The buyer has nothing to press: the next thing happens between two people. Always the same, so any repetition is safe. */
const WAITS: ChannelAttempt = { state: 'open', nextAction: { kind: 'wait' }, payments: [] };

export function createCashChannel(): PaymentChannel {
  return {
    code: 'cash',
    capabilities: {
      currencies: 'all',
      minimum: {},
      goods: 'all',
      nativeInvoice: null,
      paidTo: 'shop',
      canBeAsked: false,
      webhook: false,
      refunds: 'by_hand',
      partialRefund: true,
      refundWindowDays: 30,
      hostedPage: false,
      keepsOrderOpenMs: 3 * DAY_MS,
      // Nobody can be asked, so nobody is asked after the end.
      lateTailMs: 0,
      checkoutOrigins: [],
    },
    createPayment: () => Promise.resolve(WAITS),
    /** Never `absent`, which would mean that handing the attempt over again could help, and never paid. */
    retrievePayment: () => Promise.resolve(WAITS),
    /** With no provider to overtake us, our own word ends it. Coins that change hands later are for a person to record. */
    cancelPayment: () => Promise.resolve({ state: 'ended', payments: [] }),
    /** A person has yet to give the money back; this channel never learns that it happened, the person's record ends it. */
    createRefund: () => Promise.resolve({ state: 'pending' }),
    retrieveRefund: () => Promise.resolve({ state: 'pending' }),
  };
}
