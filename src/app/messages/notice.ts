/** News: what it is about is looked up when it is shown, and only for whoever may see that. */
import { fail, ok, type Result } from '../../domain/faults.ts';
import { may } from '../../domain/policy.ts';
import type { Message } from '../../ports/messages.ts';
import type { NoticeKind } from '../../ports/notices.ts';
import type { Reads } from '../../ports/store.ts';
import type { LoadContext, Loader } from './loader.ts';
import { visibleProduct, visibleShop } from './rights.ts';

/** What a notice adds to its stored parameters, and where its button leads. */
type About = { readonly params: Readonly<Record<string, string | number>>; readonly next: Message | null };
type Find = (reads: Reads, at: LoadContext, objectId: string) => Promise<Result<About>>;

const nothing: Find = () => Promise.resolve(ok({ params: {}, next: null }));

const order =
  (side: 'order' | 'sale'): Find =>
  async (reads, at, orderId) => {
    const found = await reads.orders.order(orderId);
    if (!found || !at.actor || !may(at.actor, 'order.see', found)) return fail('not_found');
    const [line] = await reads.orders.lines(orderId);
    const product = line && (await reads.catalog.product(line.productId));
    // A seller who buys in their own shop sees the bill as its buyer.
    const name =
      side === 'sale' && found.buyerId === at.actor.personId && !at.actor.shops[found.shopId] ? 'order' : side;
    return ok({ params: { code: found.code, title: product?.title ?? '' }, next: { name, orderId } });
  };

/** A cancelled order is news to the buyer or to the shop, each on their own side. */
const eitherSide: Find = async (reads, at, orderId) => {
  const found = await reads.orders.order(orderId);
  return order(found?.buyerId === at.actor?.personId ? 'order' : 'sale')(reads, at, orderId);
};

const product =
  (next: (productId: string) => Message | null): Find =>
  async (reads, at, productId) => {
    const found = await visibleProduct(reads, at, productId, 'market.see');
    return found.ok ? ok({ params: { title: found.value.product.title }, next: next(productId) }) : found;
  };

const shop =
  (next: (shopId: string) => Message | null): Find =>
  async (reads, at, shopId) => {
    const found = await visibleShop(reads, at, shopId, 'market.see');
    return found.ok ? ok({ params: { title: found.value.shop.name }, next: next(shopId) }) : found;
  };

const question: Find = async (reads, at, questionId) => {
  const asked = await reads.catalog.question(questionId);
  const found = asked && (await visibleProduct(reads, at, asked.productId, 'question.answer'));
  if (!found) return fail('not_found');
  if (!found.ok) return found;
  const { title, shopId } = found.value.product;
  return ok({ params: { title }, next: { name: 'questions', shopId } });
};

const aCase: Find = (_reads, at) => {
  const steward = at.actor && may(at.actor, 'case.resolve', { communityId: at.community.id });
  return Promise.resolve(steward ? ok({ params: {}, next: { name: 'cases' } }) : fail('not_found'));
};

const FIND: Readonly<Record<NoticeKind, Find>> = {
  sold: order('sale'),
  cash_expected: order('sale'),
  order_cancelled: eitherSide,
  order_received: order('sale'),
  refund_by_hand: order('sale'),
  confirm_second_person: order('sale'),
  shipped: order('order'),
  paid_late_delivered: order('order'),
  paid_late_refunded: order('order'),
  paid_twice_refunded: order('order'),
  payment_declined: order('order'),
  shop_applied: shop(() => ({ name: 'admin' })),
  shop_approved: shop((shopId) => ({ name: 'shop', shopId })),
  shop_rejected: shop(() => null),
  shop_frozen: shop((shopId) => ({ name: 'shop', shopId })),
  account_active: shop((shopId) => ({ name: 'connect', shopId })),
  account_restricted: shop((shopId) => ({ name: 'connect', shopId })),
  shop_application_sent: shop(() => null),
  helper_added: shop((shopId) => ({ name: 'shop', shopId })),
  product_reported: product(() => ({ name: 'admin' })),
  product_frozen: product((productId) => ({ name: 'edit_product', productId })),
  posted: product((productId) => ({ name: 'edit_product', productId })),
  cash_only: product((productId) => ({ name: 'edit_product', productId })),
  post_unknown: product((productId) => ({ name: 'edit_product', productId })),
  card_gone: product((productId) => ({ name: 'edit_product', productId })),
  saved: product((productId) => ({ name: 'edit_product', productId })),
  reported: product(() => null),
  asked: product(() => null),
  question_asked: question,
  case_opened: aCase,
  dispute_answer: order('sale'),
  dispute_review: order('sale'),
  dispute_won: order('sale'),
  dispute_lost: order('sale'),
  dispute_accepted: order('sale'),
  dispute_expired: order('sale'),
  fraud_warning: order('sale'),
  gift_paid: nothing,
  refund_asked: order('sale'),
  refund_ask_escalated: eitherSide,
  refund_ask_accepted: eitherSide,
  refund_ask_rejected: eitherSide,
  refund_ask_waits: eitherSide,
  refund_stopped: eitherSide,
  refund_to_approve: order('sale'),
  card_number_dropped: nothing,
  index_placed: nothing,
};

export const loadNotice: Loader<'notice'> = async (reads, at, { kind, objectId, params }) => {
  const found = await (objectId === null ? nothing : FIND[kind])(reads, at, objectId ?? '');
  if (!found.ok) return found;
  return ok({ kind, params: { ...found.value.params, ...params }, next: found.value.next });
};
