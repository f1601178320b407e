/** Which channels a bill may be paid at: what they charge, for what goods, on which chat platform. Facts compared, no names. */
import { isPlatformMoney } from '../../domain/currency.ts';
import { type Fault, fail } from '../../domain/faults.ts';
import { digitalCurrencyOf, isOurOwn } from '../../domain/platform-rules.ts';
import type { ProductKind } from '../../domain/product.ts';
import { isWorldwide } from '../../domain/reach.ts';
import type { ChannelCapabilities, Channels, PaymentChannel } from '../../ports/payment-channel.ts';
import type { Reads } from '../../ports/store.ts';
import type { Order } from '../../ports/store/orders.ts';
import type { MerchantAccount } from '../../ports/store/people.ts';
import type { Settings } from '../deps.ts';
import { collectsFor } from './collecting.ts';

export type BillFacts = {
  readonly currency: string;
  readonly total: number;
  readonly kinds: ReadonlySet<ProductKind>;
  /** Where the buyer is: an order is looked at and paid on these. */
  readonly platforms: readonly string[];
  /** Whoever runs the market may take this money for the shop. */
  readonly marketCollects: boolean;
};

export async function billFacts(reads: Reads, channels: Channels, order: Order): Promise<BillFacts> {
  const kinds = new Set<ProductKind>();
  for (const line of await reads.orders.lines(order.id)) {
    const product = await reads.catalog.product(line.productId);
    if (product) kinds.add(product.kind);
  }
  const { currency, total } = order;
  const platforms = await reads.people.platformsOf(order.buyerId);
  return { currency, total, kinds, platforms, marketCollects: await collectsFor(reads, channels, order.shopId) };
}

function charges({ currencies }: ChannelCapabilities, currency: string): boolean {
  return currencies === 'all' ? !isPlatformMoney(currency) : currencies.includes(currency);
}

export function takes({ goods }: ChannelCapabilities, kinds: BillFacts['kinds']): boolean {
  switch (goods) {
    case 'all':
      return true;
    case 'digital':
      return [...kinds].every((kind) => kind === 'digital');
    case 'physical':
      return !kinds.has('digital');
    default:
      return goods satisfies never;
  }
}

/**
 * Whether this bill's buyer can open our own pay link. Where not, the outbox asks the channel for its page, the panel leads straight
 * there, and what came of it is learned by asking.
 */
export const paysByOurLink = (
  { publicUrl }: Pick<Settings, 'publicUrl'>,
  { platforms }: Pick<BillFacts, 'platforms'>,
): boolean => isWorldwide(publicUrl) || platforms.every(isOurOwn);

/** Whether money moves from afar; cash does not. */
export const isOnline = ({ capabilities: can }: Pick<PaymentChannel, 'capabilities'>): boolean =>
  can.hostedPage || can.nativeInvoice !== null;

/** Whether a shop can be paid there: it has its account, or gets it with the first bill. */
export const isOpenTo = (
  accounts: readonly Pick<MerchantAccount, 'channel' | 'restricted'>[],
  channel: Pick<PaymentChannel, 'code' | 'accountRef'>,
): boolean =>
  channel.accountRef !== undefined || accounts.some((one) => one.channel === channel.code && one.restricted !== true);

/** Why this sum cannot be charged there; undefined when it can. */
function amountObjection(
  { code, capabilities: can }: Pick<PaymentChannel, 'code' | 'capabilities'>,
  { currency, total }: Pick<BillFacts, 'currency' | 'total'>,
): Fault | undefined {
  const [least, most, step] = [can.minimum[currency], can.maximum?.[currency], can.step?.[currency] ?? 1];
  if (least !== undefined && total < least)
    return fail('amount_below_minimum', { channel: code, amount: least, currency }).fault;
  if (most !== undefined && total > most)
    return fail('amount_above_maximum', { channel: code, amount: most, currency }).fault;
  return total % step === 0
    ? undefined
    : fail('amount_not_chargeable', { channel: code, amount: step, currency }).fault;
}

/**
 * Why a price can never be paid on the page that buyers of this shop are sent to; undefined when it can, when it is free, and where
 * that page does not charge its currency at all (it is then paid in another way).
 */
export function priceObjection(
  channels: Iterable<PaymentChannel>,
  accounts: readonly Pick<MerchantAccount, 'channel' | 'restricted'>[],
  price: { readonly currency: string; readonly amount: number; readonly kind: ProductKind },
): Fault | undefined {
  const { currency, amount: total, kind } = price;
  const pages = [...channels].filter(
    ({ capabilities: can, ...one }) =>
      can.hostedPage && isOpenTo(accounts, one) && charges(can, currency) && takes(can, new Set([kind])),
  );
  const objections = pages.map((one) => amountObjection(one, { currency, total }));
  return total === 0 || objections.includes(undefined) ? undefined : objections[0];
}

/** Why this bill cannot be paid at this channel; undefined when it can. */
export function channelObjection(
  { code, capabilities: can }: Pick<PaymentChannel, 'code' | 'capabilities'>,
  bill: BillFacts,
): Fault | undefined {
  const refused = fail('channel_refused', { channel: code }).fault;
  if (!charges(can, bill.currency)) return refused;
  const amount = amountObjection({ code, capabilities: can }, bill);
  if (amount) return amount;
  if (can.nativeInvoice !== null && !bill.platforms.includes(can.nativeInvoice)) return refused;
  if (can.paidTo === 'market' && !bill.marketCollects) return refused;
  if (!takes(can, bill.kinds)) return refused;
  const demanded = bill.platforms.map(digitalCurrencyOf).find((currency) => currency !== undefined);
  const outlawed = demanded !== undefined && bill.kinds.has('digital') && bill.currency !== demanded;
  return outlawed ? refused : undefined;
}
