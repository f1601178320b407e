/**
 * Telegram's card payments: physical goods, by the provider whose token the bot's owner got from BotFather. Nobody can be asked:
 * what Telegram tells when the money is there is all that is ever known, and a refund is made by hand at the provider.
 */
import { botAccountRef } from '../../domain/invoice-payload.ts';
import type { ChannelAttempt, ChannelCapabilities, PaymentChannel } from '../../ports/payment-channel.ts';
import { createBotApi, type TelegramSettings } from './api.ts';
import { openCardInvoice, openInvoice, priceByLine } from './invoice.ts';

export type ProviderSettings = TelegramSettings & {
  /** From BotFather, for test or for live money. */
  readonly providerToken: string;
};

/** Of Telegram's list those that it counts with as many decimals as ISO 4217; what the provider takes is the provider's matter. */
const CURRENCIES =
  'AED AFN ALL AMD ARS AUD AZN BAM BDT BGN BND BOB BRL CAD CHF CLP CNY COP CRC CZK DKK DOP DZD EGP EUR GBP GEL GTQ HKD HNL ' +
  'HUF IDR ILS INR JMD JPY KES KGS KRW KZT LBP LKR MAD MDL MNT MUR MVR MXN MYR MZN NGN NIO NOK NPR NZD PAB PEN PHP PKR ' +
  'PLN PYG QAR RON RSD SAR SEK SGD THB TJS TRY TTD TWD TZS UAH USD UYU UZS VND YER ZAR';

const CAPABILITIES: ChannelCapabilities = {
  currencies: CURRENCIES.split(' '),
  minimum: {},
  goods: 'physical',
  nativeInvoice: 'telegram',
  paidTo: 'market',
  canBeAsked: false,
  webhook: false,
  refunds: 'by_hand',
  partialRefund: true,
  refundWindowDays: 30,
  hostedPage: false,
  keepsOrderOpenMs: null,
  lateTailMs: 0,
  checkoutOrigins: [],
};

const ENDED: ChannelAttempt = { state: 'ended', payments: [] };

/** Throws RangeError when a token is none. */
export function createProviderChannel({ providerToken, ...settings }: ProviderSettings): PaymentChannel {
  const api = createBotApi(settings);
  if (providerToken.trim() === '') throw new RangeError('TELEGRAM_PROVIDER_TOKEN is empty: copy it from BotFather.');
  return {
    code: 'telegram_payments',
    capabilities: CAPABILITIES,
    accountRef: (shopId) => botAccountRef(api.botId, shopId),
    createPayment: (request) => openInvoice(api, request, { providerToken, prices: priceByLine(request) }),
    createCardInvoice: (request) => openCardInvoice(api, request, providerToken),
    /** Without a link of ours nobody has one; with one, only a notice can tell. */
    retrievePayment: ({ channelRef }) =>
      Promise.resolve({ state: channelRef === null ? 'absent' : 'unknown', payments: [] }),
    /** A link cannot be taken back; that nothing more is paid by it is the work of pre-checkout. */
    cancelPayment: () => Promise.resolve(ENDED),
    createRefund: () => Promise.resolve({ state: 'pending' }),
    retrieveRefund: () => Promise.resolve({ state: 'pending' }),
  };
}
