/** A buyer enters a code on an open bill, or takes a coupon off it. */
import { normaliseCode } from '../../domain/coupon-code.ts';
import { fail, ok, type Result } from '../../domain/faults.ts';
import { money, toDecimal } from '../../domain/money.ts';
import type { Quote, Rejected } from '../../domain/pricing/quote-shape.ts';
import type { Tx } from '../../ports/store.ts';
import type { CouponCode, IssuedCoupon } from '../../ports/store/coupons.ts';
import type { Order } from '../../ports/store/orders.ts';
import { type Circumstances, refuse, show, type UseCase } from '../deps.ts';
import { drawUp, chosenOf, type DrawnUp } from '../orders/draw-up.ts';
import { payIfFree } from '../orders/pay-free.ts';
import { putBill, unfixedBill } from '../orders/rebill.ts';
import { note } from '../timeline.ts';
import { type BillRules, freshRule, type Held, heldCoupons } from './coupon-rules.ts';
import { releaseOne, reserve } from './redemptions.ts';

type Found = { readonly coupon: IssuedCoupon; readonly code: CouponCode };

export const useCoupon: UseCase<'coupon_use'> = async (tx, at, { orderId, code: typed }) => {
  const order = await unfixedBill(tx, at, orderId);
  if (!order.ok) return order;
  const found = await find(tx, at, order.value, typed);
  if (!found.ok) return found;
  const { coupon, code } = found.value;
  const held = await heldCoupons(tx, order.value);
  if (held.some((one) => one.redemption.couponId === coupon.id)) return show({ name: 'order', orderId });
  const drawn = await drawWith(tx, at, order.value, held, found.value);
  if (!drawn.ok) return drawn;
  const amount = amountOf(drawn.value.quote, coupon.id);
  await putBill(tx, order.value, drawn.value);
  await reserve(tx, at, order.value, { coupon, codeId: code.id, amount });
  await note(tx, at, orderId, 'coupon_used', { amount, currency: order.value.currency });
  await payIfFree(tx, at, orderId);
  return show({ name: 'order', orderId });
};

/** Whether a code is unknown, over, or of another shop is not told: that would help whoever guesses. */
async function find(tx: Tx, at: Circumstances, order: Order, typed: string): Promise<Result<Found>> {
  const normal = normaliseCode(typed);
  const code = normal === '' ? undefined : await tx.coupons.couponCode(at.community.id, normal);
  const coupon = code && (await tx.coupons.coupon(code.couponId));
  const { from = 0, until = Number.MAX_SAFE_INTEGER } = coupon?.rule.valid ?? {};
  if (!code || !coupon || coupon.state !== 'on' || at.now < from || at.now >= until)
    return fail('coupon_unknown', { field: 'code' });
  if (coupon.shopId !== null && coupon.shopId !== order.shopId) return fail('coupon_unknown', { field: 'code' });
  return ok({ coupon, code });
}

async function drawWith(
  tx: Tx,
  at: Circumstances,
  order: Order,
  held: readonly Held[],
  { coupon, code }: Found,
): Promise<Result<DrawnUp>> {
  const fresh = await freshRule(tx, coupon, code, { personId: order.buyerId, currency: order.currency });
  const rules: BillRules = { ...(await billRules(tx, at, order)), coupons: [...held.map((one) => one.rule), fresh] };
  const chosen = await chosenOf(tx, await tx.orders.lines(order.id));
  const drawn = drawUp(at.deps, chosen, order.currency, order.deliveryMethod, rules);
  if (!drawn.ok) return drawn;
  const { quote } = drawn.value;
  const refused = quote.rejected.find((one) => one.id === coupon.id);
  if (refused) return faultOf(refused, order.currency);
  // What the buyer has already is not taken away for something new.
  const isLost = held.some((one) => !quote.applied.some((acting) => acting.id === one.rule.id));
  return isLost ? fail('coupon_conflict', { field: 'code' }) : drawn;
}

/** Who buys, where and when, as far as the scope of a coupon asks. */
async function billRules(tx: Tx, at: Circumstances, order: Order): Promise<BillRules> {
  const chat = at.chatId === null ? undefined : await tx.people.chat(at.chatId);
  return {
    ...{ at: at.now, zone: at.community.timeZone },
    buyer: { id: order.buyerId, firstPurchase: await isFirstPurchase(tx, order) },
    ...(chat ? { chat: `${chat.platform}:${chat.platformChatId}` } : {}),
  };
}

const BOUGHT_MAX = 100;

/** What came back whole was no purchase. */
async function isFirstPurchase(tx: Tx, order: Order): Promise<boolean> {
  const bought = (await tx.orders.ordersOf(order.buyerId, BOUGHT_MAX)).filter(
    (one) => one.communityId === order.communityId && one.paidAt !== null,
  );
  if (bought.length === 0) return true;
  const lines = await tx.orders.linesOf(bought.map((one) => one.id));
  return !lines.some((line) => line.refundedQuantity < line.quantity);
}

const amountOf = (quote: Quote, couponId: string): number =>
  quote.applied.find((one) => one.id === couponId)?.amount ?? 0;

function faultOf({ reason, shortfall = 0 }: Rejected, currency: string): ReturnType<typeof fail> {
  switch (reason) {
    case 'MIN_SPEND':
      return fail('coupon_min_spend', { missing: toDecimal(money(shortfall, currency)), currency, field: 'code' });
    case 'USES_SPENT':
    case 'PERSON_USES_SPENT':
    case 'BUDGET_SPENT':
      return fail('coupon_used_up', { field: 'code' });
    case 'CLASS_TAKEN':
    case 'NOT_COMBINABLE':
      return fail('coupon_conflict', { field: 'code' });
    default:
      return fail('coupon_not_here', { field: 'code' });
  }
}

export const dropCoupon: UseCase<'coupon_drop'> = async (tx, at, { orderId, couponId }) => {
  const order = await unfixedBill(tx, at, orderId);
  if (!order.ok) return order;
  const held = await heldCoupons(tx, order.value);
  const gone = held.find((one) => one.redemption.couponId === couponId);
  if (!gone) return show({ name: 'order', orderId });
  const kept = held.filter((one) => one !== gone).map((one) => one.rule);
  const chosen = await chosenOf(tx, await tx.orders.lines(orderId));
  const drawn = drawUp(at.deps, chosen, order.value.currency, order.value.deliveryMethod, {
    at: at.now,
    coupons: kept,
  });
  if (!drawn.ok) return refuse(drawn.fault.code, drawn.fault.params);
  await putBill(tx, order.value, drawn.value);
  await releaseOne(tx, gone.redemption);
  await note(tx, at, orderId, 'coupon_dropped', { amount: gone.redemption.amount, currency: order.value.currency });
  return show({ name: 'order', orderId });
};
