/** A bill as an invoice link, and what both channels of a bot have in common. */
import { botAccountRef, invoicePayload } from '../../domain/invoice-payload.ts';
import { ChannelTrouble, type ChannelAttempt, type CreatePayment } from '../../ports/payment-channel.ts';
import type { CreateCardInvoice } from '../../ports/platform-invoice.ts';
import type { MerchantAccount } from '../../ports/store/people.ts';
import type { BotApi, InvoiceLink } from './api.ts';

const TITLE_MAX = 32;
const DESCRIPTION_MAX = 255;
const LABEL_MAX = 64;
/** A line without words of the seller: what is paid for bringing the goods. It must be understood in every language. */
const DELIVERY = '🚚';

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Whole characters up to a length in UTF-16 units, which is never less than what Telegram counts. */
function cut(text: string, max: number): string {
  let short = '';
  for (const { segment } of characters.segment(text)) {
    if (short.length + segment.length > max) return short;
    short += segment;
  }
  return short;
}

/** Throws `ChannelTrouble` for an account of another bot: its money would stand in the wrong book. */
export function assertOurs(api: BotApi, account: MerchantAccount): void {
  if (account.accountRef === botAccountRef(api.botId, account.shopId)) return;
  throw new ChannelTrouble(`telegram: account ${account.id} belongs to another bot.`, { retryable: false });
}

const payloadOf = ({ account, reference, orderId }: CreatePayment): string =>
  invoicePayload({ reference, orderId, shopId: account.shopId });

/** What stands at the top of the invoice. Both are 1 to so many characters. */
function headOf({ lines, description }: CreatePayment): Pick<InvoiceLink, 'title' | 'description'> {
  const goods = lines.filter((line) => line.kind === 'item').map((line) => line.title);
  return {
    title: cut(goods.length === 1 ? (goods[0] ?? description) : description, TITLE_MAX) || '-',
    description: cut([...goods, description].join(' · '), DESCRIPTION_MAX) || '-',
  };
}

/** One price for the whole: Stars allow no other. */
export const onePrice = (request: CreatePayment): InvoiceLink['prices'] => [
  { label: headOf(request).title, amount: request.amount.amount },
];

/** Line by line, as the bill; Σ is the amount. */
export function priceByLine(request: CreatePayment): InvoiceLink['prices'] {
  const prices = request.lines
    .filter((line) => line.amount !== 0)
    .map(({ title, quantity, amount }) => {
      const label = cut(title, LABEL_MAX - 8) || DELIVERY;
      return { label: quantity > 1 ? `${label} × ${quantity}` : label, amount };
    });
  const sum = prices.reduce((total, one) => total + one.amount, 0);
  return sum === request.amount.amount ? prices : onePrice(request);
}

/**
 * A link that did not reach us reaches nobody and cannot be paid, so a lost answer is only trouble: the next try makes another link
 * for the same attempt, and whichever is paid, pre-checkout lets one payment through.
 */
export async function openInvoice(
  api: BotApi,
  request: CreatePayment,
  { providerToken, prices }: Pick<InvoiceLink, 'providerToken' | 'prices'>,
): Promise<ChannelAttempt> {
  assertOurs(api, request.account);
  const { currency } = request.amount;
  return openAt(
    await linkOf(api, { ...headOf(request), payload: payloadOf(request), providerToken, currency, prices }),
  );
}

/** For whoever pays it: one thing at one price. */
export async function openCardInvoice(
  api: BotApi,
  { account, payload, amount, title, payee }: CreateCardInvoice,
  providerToken: string,
): Promise<string> {
  assertOurs(api, account);
  const head = { title: cut(title, TITLE_MAX) || '-', description: cut(`${title} · ${payee}`, DESCRIPTION_MAX) || '-' };
  const prices = [{ label: cut(title, LABEL_MAX) || '-', amount: amount.amount }];
  return linkOf(api, { ...head, payload, providerToken, currency: amount.currency, prices });
}

async function linkOf(api: BotApi, invoice: InvoiceLink): Promise<string> {
  const made = await api.createInvoiceLink(invoice);
  if (made.kind === 'answered') return made.value;
  if (made.kind === 'refused') {
    throw new ChannelTrouble(`telegram: an invoice was refused: ${made.words}`, { retryable: false });
  }
  throw new ChannelTrouble('telegram: an invoice link did not arrive; another is asked for.', { retryable: true });
}

/** The link is the channel's own name for an open attempt. */
export const openAt = (link: string): ChannelAttempt => ({
  state: 'open',
  channelRef: link,
  nextAction: { kind: 'invoice', link },
  payments: [],
});
