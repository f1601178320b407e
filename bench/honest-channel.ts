/** A payment channel without a network: what is measured is our own work. It signs its notices, so they are verified as any other. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ChannelNotice, CreatePayment, PaymentChannel, RawNotice } from '../src/ports/payment-channel.ts';

const CODE = 'bench';
const SECRET = 'the secret of a channel that exists only in the bench';
const SIGNATURE = 'bench-signature';
const PAGE = 'https://bench.invalid/checkout/';

/** The buyer pays on the channel's page: what the channel tells us of it. */
type Pay = (pageUrl: string, at: number) => RawNotice;

const signatureOf = (body: Uint8Array): string => createHmac('sha256', SECRET).update(body).digest('hex');

export function createHonestChannel(): { readonly channel: PaymentChannel; readonly pay: Pay } {
  const asked = new Map<string, CreatePayment>();
  const unheard = () => Promise.resolve({ state: 'absent', payments: [] } as const);
  const channel: PaymentChannel = {
    code: CODE,
    capabilities: {
      currencies: 'all',
      goods: 'all',
      nativeInvoice: null,
      paidTo: 'shop',
      canBeAsked: true,
      minimum: {},
      webhook: true,
      refunds: 'automatic',
      partialRefund: true,
      refundWindowDays: 180,
      hostedPage: true,
      keepsOrderOpenMs: null,
      lateTailMs: 0,
      checkoutOrigins: [new URL(PAGE).origin],
    },
    createPayment(request) {
      asked.set(request.reference, request);
      const url = `${PAGE}${request.reference}`;
      const channelRef = `checkout_${request.reference}`;
      return Promise.resolve({ state: 'open', channelRef, nextAction: { kind: 'redirect', url }, payments: [] });
    },
    retrievePayment: unheard,
    cancelPayment: unheard,
    createRefund: () => Promise.resolve({ state: 'absent' }),
    retrieveRefund: () => Promise.resolve({ state: 'absent' }),
    verifyNotice({ body, headers }) {
      const given = Buffer.from(headers[SIGNATURE] ?? '');
      const expected = Buffer.from(signatureOf(body));
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      return JSON.parse(Buffer.from(body).toString('utf8')) as ChannelNotice;
    },
  };
  const pay: Pay = (pageUrl, at) => {
    const reference = pageUrl.slice(PAGE.length);
    const request = asked.get(reference);
    if (!request) throw new Error(`Nobody was asked to pay at ${pageUrl}.`);
    asked.delete(reference);
    const body = Buffer.from(JSON.stringify(noticeOf(request, at)));
    return { body, headers: { [SIGNATURE]: signatureOf(body) }, receivedAt: at };
  };
  return { channel, pay };
}

/** Three per cent of it stay with the channel, as they would elsewhere: a second entry in the journal. */
function noticeOf({ reference, account, orderId, amount }: CreatePayment, at: number): ChannelNotice {
  const fee = Math.floor((amount.amount * 3) / 100);
  const paid = {
    channelRef: `payment_${reference}`,
    state: 'succeeded',
    amount: amount.amount,
    currency: amount.currency,
    fee,
  } as const;
  return {
    eventId: `event_${reference}`,
    type: 'payment.succeeded',
    account: account.accountRef,
    objectId: `checkout_${reference}`,
    occurredAt: at,
    about: {
      kind: 'attempt',
      reference,
      orderId,
      truth: { state: 'succeeded', channelRef: `checkout_${reference}`, payments: [paid] },
    },
  };
}
