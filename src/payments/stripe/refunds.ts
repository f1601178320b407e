/** Money back at Stripe. Our refund's id is the key and stands in the metadata: by it a refund is found whose answer was lost. */
import {
  ChannelTrouble,
  type ChannelRefund,
  type CreateRefund,
  type PaymentChannel,
} from '../../ports/payment-channel.ts';
import type { MerchantAccount } from '../../ports/store/people.ts';
import { toStripe } from './amounts.ts';
import { type Client, connectedAccount } from './client.ts';
import { assertOurs, belongsTo } from './ours.ts';
import { type Found, readList, readOne } from './read.ts';
import { paymentIntentShape, type Refund, refundShape } from './wire.ts';

export type RefundRef = Parameters<PaymentChannel['retrieveRefund']>[0];

export async function createRefund(client: Client, request: CreateRefund): Promise<ChannelRefund> {
  const { account, reference, paymentRef, amount } = request;
  assertOurs(client, account);
  const fee = await marketFeeBack(client, account, paymentRef);
  if (fee === undefined) return { state: 'unknown' };
  const body = {
    payment_intent: paymentRef,
    amount: toStripe(amount),
    metadata: { refund_id: reference, shop_id: account.shopId },
    ...fee,
  };
  const key = `refund:${reference}`;
  const reply = await client.call('a refund', { account, key }, refundShape, (sdk, options) =>
    sdk.refunds.create(body, options),
  );
  const kept = reply.kind === 'refused' ? reply.code === 'idempotency_mismatch' : reply.replayed;
  if (kept) {
    const now = await lookAgain(client, {
      ...{ account, reference, paymentRef, channelRef: reply.kind === 'answered' ? reply.value.id : null },
      ...(request.openedAt === undefined ? {} : { openedAt: request.openedAt }),
    });
    return now.state === 'absent' ? { state: 'unknown' } : now;
  }
  if (reply.kind === 'answered')
    return reply.value.metadata['refund_id'] === reference ? refundOf(reply.value) : { state: 'unknown' };
  // Refused for certain: too much, already given back, disputed, no money on the account. A person decides what next.
  return { state: reply.kind === 'refused' ? 'failed' : 'unknown' };
}

/** The community's fee goes back in proportion, so that nobody earns on what was given back. Undefined: no clear answer. */
async function marketFeeBack(
  client: Client,
  account: MerchantAccount,
  paymentRef: string,
): Promise<{ refund_application_fee?: true } | undefined> {
  if (connectedAccount(account) === undefined) return {};
  const intent = await readOne({ client, account }, 'reading a payment', paymentIntentShape, (sdk, options) =>
    sdk.paymentIntents.retrieve(paymentRef, {}, options),
  );
  if (intent === 'unknown') return undefined;
  return intent !== 'absent' && (intent.application_fee_amount ?? 0) > 0 ? { refund_application_fee: true } : {};
}

export async function retrieveRefund(client: Client, ref: RefundRef): Promise<ChannelRefund> {
  assertOurs(client, ref.account);
  const found = await findRefund(client, ref);
  return typeof found === 'string' ? { state: found } : refundOf(found);
}

async function lookAgain(client: Client, ref: RefundRef): Promise<ChannelRefund> {
  try {
    return await retrieveRefund(client, ref);
  } catch (error) {
    if (error instanceof ChannelTrouble) return { state: 'unknown' };
    throw error;
  }
}

async function findRefund(client: Client, ref: RefundRef): Promise<Found<Refund>> {
  const { account, reference, channelRef, paymentRef } = ref;
  const from = { client, account };
  if (channelRef !== null) {
    const one = await readOne(from, 'reading a refund', refundShape, (sdk, options) =>
      sdk.refunds.retrieve(channelRef, {}, options),
    );
    if (typeof one === 'string') return one;
    if (!belongsTo(client, account, one.metadata)) return 'absent';
    return one.metadata['refund_id'] === reference ? one : 'unknown';
  }
  const isThis = (one: Refund) => one.metadata['refund_id'] === reference && belongsTo(client, account, one.metadata);
  const of = paymentRef === undefined ? {} : { payment_intent: paymentRef };
  const listed = await readList(
    from,
    'listing refunds',
    refundShape,
    (sdk, query, options) => sdk.refunds.list({ ...query, ...of }, options),
    isThis,
  );
  return listed === 'unknown' ? 'unknown' : (listed.find(isThis) ?? 'absent');
}

/** A word that we do not know means that it is on its way. */
export function refundOf({ id, status }: Refund): ChannelRefund {
  const ends: Readonly<Record<string, 'succeeded' | 'failed'>> = {
    succeeded: 'succeeded',
    failed: 'failed',
    canceled: 'failed',
  };
  return { state: ends[status ?? ''] ?? 'pending', channelRef: id };
}
