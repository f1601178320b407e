/** Calls to a channel, outside of any transaction; the answers go into `applyTruth`. */
import { cardPayload } from '../../domain/invoice-payload.ts';
import { money } from '../../domain/money.ts';
import type { Quote } from '../../domain/pricing/quote-shape.ts';
import type { AttemptRef, ChannelAttempt, CreatePayment, PaymentChannel } from '../../ports/payment-channel.ts';
import type { Reads } from '../../ports/store.ts';
import type { Order } from '../../ports/store/orders.ts';
import type { Attempt } from '../../ports/store/payments.ts';
import type { MerchantAccount } from '../../ports/store/people.ts';
import { applyTruth } from './apply-truth.ts';
import { cardRefOf } from './card-sale.ts';
import { commit } from '../commit.ts';
import type { Deps } from '../deps.ts';

type Asked = {
  readonly channel: PaymentChannel;
  readonly account: MerchantAccount;
  readonly attempt: Attempt;
  readonly card: AttemptRef['card'] | undefined;
};

/** The attempt with its channel and account; undefined when the channel is not configured (any more). */
export async function whomToAsk(deps: Deps, attemptId: string): Promise<Asked | undefined> {
  return deps.store.read((reads) => askedOf(deps, reads, attemptId));
}

async function askedOf(deps: Deps, reads: Reads, attemptId: string): Promise<Asked | undefined> {
  const attempt = await reads.payments.attempt(attemptId);
  const channel = attempt && deps.channels.get(attempt.channel);
  const account = attempt && (await reads.people.merchantAccount(attempt.merchantAccountId));
  if (!attempt || !channel || !account) return undefined;
  const card = channel.createCardInvoice && (await cardOf(reads, attempt, channel, account));
  return { channel, account, attempt, card };
}

/** What was paid at a card is known there by the card and the payer alone. */
async function cardOf(
  reads: Reads,
  attempt: Attempt,
  { capabilities }: PaymentChannel,
  { shopId }: MerchantAccount,
): Promise<AttemptRef['card']> {
  const at = await cardRefOf(reads, attempt);
  const payer = at && (await reads.platforms.address(at.personId, capabilities.nativeInvoice ?? ''));
  if (!at || !payer) return undefined;
  const payload = cardPayload({ invoiceId: at.invoice.id, shopId });
  return { payload, payerUserId: payer.userId, claimed: at.claimed };
}

export const refOf = ({ account, attempt, card }: Asked): AttemptRef => ({
  account,
  reference: attempt.reference,
  channelRef: attempt.channelRef,
  openedAt: attempt.createdAt,
  ...(card ? { card } : {}),
});

/** What opening an attempt takes beside whom to ask: the bill, whom it pays, and whom it speaks to. */
type Billed = Asked & {
  readonly order: Order;
  readonly quote: Quote;
  readonly payee: string;
  readonly locale: string;
};

/** Like `whomToAsk`, all in one read. Throws when the attempt has no bill. */
export async function whomToBill(deps: Deps, attemptId: string): Promise<Billed | undefined> {
  return deps.store.read(async (reads) => {
    const asked = await askedOf(deps, reads, attemptId);
    if (!asked) return undefined;
    const order = await reads.orders.order(asked.attempt.orderId);
    const shop = order && (await reads.people.shop(order.shopId));
    if (!order?.quote || !shop) throw new Error(`attempt ${attemptId} has no bill`);
    const buyer = await reads.people.preferences(order.buyerId);
    return { ...asked, order, quote: order.quote, payee: shop.name, locale: buyer?.locale ?? 'en' };
  });
}

/** Hands the attempt to its channel. Repeating it is safe: same reference, same key, same answer. */
export async function submitAttempt(deps: Deps, billed: Billed, returnBase: string): Promise<ChannelAttempt> {
  const { attempt, channel, account, order, quote, payee, locale } = billed;
  const delivery = quote.delivery.net;
  const isAdded = quote.tax.mode === 'exclusive';
  const lines: CreatePayment['lines'] = [
    ...quote.lines.map((line) => {
      const amount = isAdded ? line.cash - line.tax : line.cash;
      return { kind: 'item', title: line.title, quantity: line.quantity, amount } as const;
    }),
    ...(delivery > 0 ? [{ kind: 'delivery', title: '', quantity: 1, amount: delivery } as const] : []),
    ...(isAdded ? quote.tax.rates : []).map(
      (tax) => ({ kind: 'tax', title: tax.label, quantity: 1, amount: tax.amount }) as const,
    ),
  ];
  const back = `${returnBase}/pay/${order.payToken}`;
  return channel.createPayment({
    account,
    reference: attempt.reference,
    idempotencyKey: `attempt:${attempt.id}:create`,
    amount: money(attempt.amount, attempt.currency),
    lines,
    payee,
    description: order.code,
    orderId: order.id,
    attemptId: attempt.id,
    openedAt: attempt.createdAt,
    returnUrl: `${back}/return`,
    cancelUrl: `${back}/return`,
    expiresAt: attempt.expiresAt ?? deps.clock.now(),
    locale,
  });
}

export async function learn(deps: Deps, attemptId: string, truth: ChannelAttempt): Promise<void> {
  await commit(deps, null, async (tx) => {
    const attempt = await tx.payments.attempt(attemptId);
    if (!attempt) throw new Error(`no attempt ${attemptId}`);
    await applyTruth(tx, { deps, now: deps.clock.now() }, attempt, truth, 'answer');
    return null;
  });
}
