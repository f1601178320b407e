/**
 * Telegram Stars: the money of Telegram itself, and the only one that digital goods may be paid with there. Stars arrive at the
 * bot's owner; each shop has its own book of them. Telegram never forgets a transaction, so every payment can be asked about.
 */
import { botAccountRef, readCardPayload, readInvoicePayload } from '../../domain/invoice-payload.ts';
import {
  ChannelTrouble,
  type AttemptRef,
  type ChannelAttempt,
  type ChannelCapabilities,
  type ChannelPayment,
  type ChannelRefund,
  type CreateRefund,
  type PaymentChannel,
} from '../../ports/payment-channel.ts';
import type { StatementLine } from '../../ports/statement.ts';
import type { MerchantAccount } from '../../ports/store/people.ts';
import { createBotApi, type BotApi, type StarTransaction, type TelegramSettings } from './api.ts';
import { createStarHistory, type StarHistory } from './history.ts';
import { assertOurs, onePrice, openAt, openCardInvoice, openInvoice } from './invoice.ts';

const CURRENCY = 'XTR';

const CAPABILITIES: ChannelCapabilities = {
  currencies: [CURRENCY],
  minimum: { XTR: 1 },
  goods: 'digital',
  nativeInvoice: 'telegram',
  paidTo: 'market',
  canBeAsked: true,
  webhook: false,
  refunds: 'automatic',
  partialRefund: false,
  refundWindowDays: 30,
  hostedPage: false,
  keepsOrderOpenMs: null,
  // A paid invoice is told at once, or within the day for which Telegram keeps what a bot has not fetched.
  lateTailMs: 25 * 60 * 60_000,
  checkoutOrigins: [],
};

/** Throws RangeError when the token is none. */
export function createStarsChannel(settings: TelegramSettings): PaymentChannel {
  const api = createBotApi(settings);
  const history = createStarHistory(api);
  return {
    code: 'telegram_stars',
    capabilities: CAPABILITIES,
    accountRef: (shopId) => botAccountRef(api.botId, shopId),
    createPayment: (request) => openInvoice(api, request, { providerToken: '', prices: onePrice(request) }),
    createCardInvoice: (request) => openCardInvoice(api, request, ''),
    retrievePayment: (ref) => retrievePayment(history, ref, 'open'),
    // A link cannot be taken back; that nothing more is paid by it is the work of pre-checkout.
    cancelPayment: (ref) => retrievePayment(history, ref, 'ended'),
    createRefund: (request) => createRefund(api, history, request),
    retrieveRefund: (ref) => retrieveRefund(history, ref),
    fetchStatement: (query) => fetchStatement(history, query),
  };
}

/** A payment (`source`) or a refund (`receiver`) of an invoice of ours; `reference` is null where it was paid at a card. */
function ofInvoice(one: StarTransaction, side: 'source' | 'receiver') {
  const user = one[side];
  if (user?.type !== 'user') return undefined;
  const payload = user.invoice_payload ?? '';
  const name = readInvoicePayload(payload);
  const shopId = name?.shopId ?? readCardPayload(payload)?.shopId;
  return shopId === undefined
    ? undefined
    : { payload, reference: name?.reference ?? null, shopId, userId: user.user?.id };
}

type Paid = NonNullable<ReturnType<typeof ofInvoice>>;

/** By the invoice of the attempt itself, or at the card that its payer was let to pay. */
function isOf({ reference, card }: Pick<AttemptRef, 'reference' | 'card'>, name: Paid, chargeId: string): boolean {
  if (name.reference === reference) return true;
  if (!card || name.payload !== card.payload || card.claimed.includes(chargeId)) return false;
  return String(name.userId) === card.payerUserId;
}

async function retrievePayment(
  history: StarHistory,
  { account, reference, channelRef, openedAt = 0, card }: AttemptRef,
  unpaid: 'open' | 'ended',
): Promise<ChannelAttempt> {
  const rows = await history.since(openedAt);
  if (!rows) return { state: 'unknown', payments: [] };
  const payments = rows.flatMap((row): ChannelPayment[] => {
    const name = ofInvoice(row, 'source');
    if (!name || name.shopId !== account.shopId || !isOf({ reference, ...(card ? { card } : {}) }, name, row.id))
      return [];
    return [{ channelRef: row.id, state: 'succeeded', amount: row.amount, currency: CURRENCY, fee: 0 }];
  });
  const link = channelRef === null ? {} : { channelRef };
  if (payments.length > 0) return { state: 'succeeded', ...link, payments };
  if (unpaid === 'ended') return { state: 'ended', ...link, payments };
  // Without a link of ours nobody has one.
  return channelRef === null ? { state: 'absent', payments } : openAt(channelRef);
}

type Found = { readonly payment: StarTransaction | undefined; readonly refunded: boolean };

/** A refund has the id of its payment, and comes after it. */
async function lookUp(history: StarHistory, id: string, openedAt = 0): Promise<Found | undefined> {
  const isRefund = (row: StarTransaction) => row.id === id && row.receiver !== undefined;
  const rows = await history.since(openedAt, isRefund);
  return (
    rows && { payment: rows.find((row) => row.id === id && row.source !== undefined), refunded: rows.some(isRefund) }
  );
}

const ALREADY = /CHARGE_ALREADY_REFUNDED/i;

/** The whole of a charge goes back once by nature, so that a repetition needs no key. */
async function createRefund(api: BotApi, history: StarHistory, request: CreateRefund): Promise<ChannelRefund> {
  const { account, paymentRef, amount, openedAt } = request;
  assertOurs(api, account);
  const found = await lookUp(history, paymentRef, openedAt);
  if (!found) return { state: 'unknown' };
  const done = { state: 'succeeded', channelRef: paymentRef } as const;
  if (found.refunded) return done;
  const name = found.payment && ofInvoice(found.payment, 'source');
  if (!found.payment || name?.userId === undefined || name.shopId !== account.shopId) return { state: 'failed' };
  if (amount.currency !== CURRENCY || amount.amount !== found.payment.amount) return { state: 'failed' };
  const made = await api.refundStars(name.userId, paymentRef);
  if (made.kind === 'answered' || (made.kind === 'refused' && ALREADY.test(made.words))) return done;
  return { state: made.kind === 'refused' ? 'failed' : 'unknown' };
}

async function retrieveRefund(
  history: StarHistory,
  { paymentRef, openedAt }: Parameters<PaymentChannel['retrieveRefund']>[0],
): Promise<ChannelRefund> {
  if (paymentRef === undefined) return { state: 'unknown' };
  const found = await lookUp(history, paymentRef, openedAt);
  if (!found) return { state: 'unknown' };
  return found.refunded ? { state: 'succeeded', channelRef: paymentRef } : { state: 'absent' };
}

/** `from` inclusive, `to` exclusive, by Telegram's clock. A refund without a payload belongs where its payment belongs. */
async function fetchStatement(
  history: StarHistory,
  { account, from, to }: { account: MerchantAccount; from: number; to: number },
): Promise<readonly StatementLine[]> {
  const rows = await history.since(from, (row) => row.date * 1000 >= to);
  if (!rows) throw new ChannelTrouble('telegram: the statement did not come whole; ask again.', { retryable: true });
  const paid = new Set(rows.filter((row) => ofInvoice(row, 'source')?.shopId === account.shopId).map((row) => row.id));
  return rows.flatMap((row): StatementLine[] => {
    const occurredAt = row.date * 1000;
    if (occurredAt < from || occurredAt >= to) return [];
    // When Stars can be withdrawn, and with what, stands in no transaction: it concerns the bot as a whole.
    const unsaid = { fee: 0, availableAt: null, payoutRef: null };
    const line = { objectId: row.id, currency: CURRENCY, occurredAt, ...unsaid };
    if (row.source && paid.has(row.id)) {
      const reference = ofInvoice(row, 'source')?.reference ?? null;
      return [{ ...line, id: `${row.id}:payment`, kind: 'payment', reference, amount: row.amount }];
    }
    const back = ofInvoice(row, 'receiver');
    const ours = back ? back.shopId === account.shopId : row.receiver?.type === 'user' && paid.has(row.id);
    return ours ? [{ ...line, id: `${row.id}:refund`, kind: 'refund', reference: null, amount: -row.amount }] : [];
  });
}
