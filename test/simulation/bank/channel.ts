// The bank as a payment channel of the market: what its answers mean in the market's words, and which of them may be believed.
import { createHash } from 'node:crypto';
import {
  type AttemptRef,
  type ChannelAttempt,
  type ChannelNotice,
  type ChannelPayment,
  type ChannelRefund,
  ChannelTrouble,
  type CreatePayment,
  type CreateRefund,
  type PaymentChannel,
  type RawNotice,
} from '../../../src/ports/payment-channel.ts';
import {
  type Bank,
  type BankCheckout,
  type BankEvent,
  type BankPayment,
  type BankRefund,
  LATE_TAIL_MS,
} from './bank.ts';
import type { Answer, Wire } from './wire.ts';

export const BANK = 'giro';
const SECRET = 'known to the bank and to the market alone';
const PAST_MAX_MS = 300_000;
const FUTURE_MAX_MS = 60_000;

const UNKNOWN: ChannelAttempt = { state: 'unknown', payments: [] };

export function createBankChannel({ call }: Wire, bank: Bank): PaymentChannel {
  const lookUp = async (ref: AttemptRef): Promise<BankCheckout | 'absent' | 'unknown'> => {
    const by = { id: ref.channelRef, reference: ref.reference };
    const answer = await call('ask about a payment', undefined, () => bank.find(ref.account.accountRef, by));
    if (answer.kind !== 'answered') return 'unknown';
    return answer.value ?? 'absent';
  };
  const retrievePayment = async (ref: AttemptRef): Promise<ChannelAttempt> => {
    const found = await lookUp(ref);
    return typeof found === 'string' ? { state: found, payments: [] } : truthOf(found);
  };

  return {
    code: BANK,
    capabilities: {
      ...{ currencies: 'all', minimum: {}, goods: 'all', nativeInvoice: null, paidTo: 'shop', canBeAsked: true },
      ...{ webhook: true, refunds: 'automatic', partialRefund: true, refundWindowDays: 180, hostedPage: true },
      ...{ keepsOrderOpenMs: null, lateTailMs: LATE_TAIL_MS, checkoutOrigins: [] },
    },
    async createPayment(wish: CreatePayment) {
      const { account, reference, orderId, amount, expiresAt, idempotencyKey } = wish;
      const asked = { account: account.accountRef, reference, orderId, expiresAt, ...moneyOf(amount) };
      const made = await call('open a page', idempotencyKey, () => bank.open(asked));
      if (made.kind === 'answered' && !made.replayed) return truthOf(made.value);
      if (made.kind === 'unclear') return UNKNOWN;
      // The stored answer tells of the past, and a refusal speaks of this call alone.
      const found = await look(() => lookUp({ account, reference, channelRef: null }));
      if (found === 'absent' && made.kind === 'refused') throw refused(made.code);
      return typeof found === 'string' ? UNKNOWN : truthOf(found);
    },
    retrievePayment,
    async cancelPayment(ref) {
      const found = await lookUp(ref);
      if (typeof found === 'string') return { state: found, payments: [] };
      if (found.state !== 'open') return truthOf(found);
      const closed = await call('close a page', undefined, () => bank.close(ref.account.accountRef, found.id));
      if (closed.kind === 'answered') return truthOf(closed.value);
      // The buyer was quicker.
      if (closed.kind === 'refused') return retrievePayment({ ...ref, channelRef: found.id });
      return UNKNOWN;
    },
    createRefund: (wish) => createRefund({ call }, bank, wish),
    async retrieveRefund(ref) {
      const by = { id: ref.channelRef, reference: ref.reference };
      const answer = await call('ask about a refund', undefined, () => bank.findRefund(ref.account.accountRef, by));
      return refundIn(answer);
    },
    verifyNotice: readNotice,
  };
}

const moneyOf = ({ amount, currency }: CreatePayment['amount']) => ({ amount, currency });
const refused = (code: string) => new ChannelTrouble(`bank: refused, ${code}`, { retryable: false });

/** For a call that may have been executed: whatever keeps us from looking, the answer is `unknown`. */
async function look<T>(read: () => Promise<T>): Promise<T | 'unknown'> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ChannelTrouble) return 'unknown';
    throw error;
  }
}

const refundIn = (answer: Answer<BankRefund | undefined>): ChannelRefund => {
  if (answer.kind !== 'answered') return { state: 'unknown' };
  return answer.value ? refundOf(answer.value) : { state: 'absent' };
};

async function createRefund({ call }: Wire, bank: Bank, wish: CreateRefund): Promise<ChannelRefund> {
  const { account, reference, paymentRef, amount, idempotencyKey } = wish;
  const asked = { account: account.accountRef, reference, payment: paymentRef, ...moneyOf(amount) };
  const made = await call('refund', idempotencyKey, () => bank.refund(asked));
  if (made.kind === 'answered' && !made.replayed) return refundOf(made.value);
  if (made.kind === 'unclear') return { state: 'unknown' };
  const by = { id: null, reference };
  const found = await look(() => call('ask about a refund', undefined, () => bank.findRefund(asked.account, by)));
  const known = found === 'unknown' ? ({ state: 'unknown' } as const) : refundIn(found);
  if (known.state !== 'absent' || made.kind !== 'refused')
    return known.state === 'absent' ? { state: 'unknown' } : known;
  if (made.code === 'refund_exceeds_payment' || made.code === 'payment_not_refundable') return { state: 'failed' };
  throw refused(made.code);
}

function paymentOf({ id, state, amount, currency, fee }: BankPayment): ChannelPayment {
  return { channelRef: id, state, amount, currency, fee };
}

const refundOf = ({ id, state }: BankRefund): ChannelRefund => ({ state, channelRef: id });

function truthOf(checkout: BankCheckout): ChannelAttempt {
  const payments = checkout.payments.map(paymentOf);
  const told = { channelRef: checkout.id, payments };
  const isAny = (state: BankPayment['state']) => payments.some((one) => one.state === state);
  if (isAny('succeeded')) return { state: 'succeeded', ...told };
  if (isAny('pending')) return { state: 'pending', ...told, nextAction: { kind: 'wait' } };
  if (checkout.state === 'expired') return { state: 'ended', ...told };
  if (checkout.state === 'complete') return { state: 'failed', ...told, declineCode: 'bank_unavailable' };
  const declined = checkout.declines > 0 ? ({ declineCode: 'declined' } as const) : {};
  return { state: 'open', ...told, ...declined, nextAction: { kind: 'redirect', url: pageOf(checkout.id) } };
}

const ORIGIN = 'https://bank.example';
const pageOf = (id: string): string => `${ORIGIN}/pay/${id}`;
/** The page that a link leads to; undefined when it is none of the bank's. */
export const checkoutAt = (url: string): string | undefined => /^https:\/\/bank\.example\/pay\/(\w+)$/.exec(url)?.[1];

const signatureOf = (body: string, at: number): string =>
  createHash('sha256').update(`${SECRET}.${at}.${body}`).digest('base64url');

/** What the bank posts to the market. */
export function signed(event: BankEvent, at: number): Pick<RawNotice, 'body' | 'headers'> {
  const body = JSON.stringify(event);
  return { body: Buffer.from(body), headers: { 'bank-at': String(at), 'bank-signature': signatureOf(body, at) } };
}

function readNotice({ body, headers, receivedAt }: RawNotice): ChannelNotice | undefined {
  const text = Buffer.from(body).toString('utf8');
  const at = Number(headers['bank-at'] ?? Number.NaN);
  if (headers['bank-signature'] !== signatureOf(text, at)) return undefined;
  const age = receivedAt - at;
  if (!(age <= PAST_MAX_MS && age >= -FUTURE_MAX_MS)) return undefined;
  // Signed by the bank of this very program: its shape is known.
  const { id, type, account, object } = JSON.parse(text) as BankEvent;
  return { eventId: id, type, account, objectId: object.id, occurredAt: at, about: aboutOf(type, object) };
}

function aboutOf(type: string, object: BankEvent['object']): ChannelNotice['about'] {
  if ('payments' in object)
    return { kind: 'attempt', reference: object.reference, orderId: object.orderId, truth: truthOf(object) };
  if ('checkout' in object)
    return { kind: 'attempt', reference: object.reference, orderId: object.orderId, truth: truthOfPayment(object) };
  if (!type.startsWith('refund.')) return { kind: 'other' };
  const { reference, amount, currency } = object;
  return { kind: 'refund', reference, truth: { ...refundOf(object), amount, currency } };
}

/** Of the page it tells nothing: after a payment that failed the bank has to be asked. */
function truthOfPayment(payment: BankPayment): ChannelAttempt {
  const told = { channelRef: payment.checkout, payments: [paymentOf(payment)] };
  if (payment.state === 'succeeded') return { state: 'succeeded', ...told };
  if (payment.state === 'failed') return { state: 'unknown', ...told, declineCode: 'declined' };
  return { state: 'pending', ...told, nextAction: { kind: 'wait' } };
}
