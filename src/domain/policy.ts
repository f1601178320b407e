/** Who may do what. One function answers, from plain facts about the person and the thing; everything not allowed here is refused. */

export const COMMUNITY_ROLES = ['owner', 'admin', 'member'] as const;
export type CommunityRole = (typeof COMMUNITY_ROLES)[number];
/** In a shop: the seller does everything; a helper posts nothing and pays nothing back, but ships and answers. */
export const SHOP_ROLES = ['seller', 'helper'] as const;
export type ShopRole = (typeof SHOP_ROLES)[number];

/** A person as one community knows them. */
export type Actor = {
  readonly personId: string;
  readonly communityId: string;
  readonly role: CommunityRole;
  readonly shops: Readonly<Record<string, ShopRole>>;
};

/** The thing acted upon: every field that is set narrows who may. */
export type Target = {
  readonly communityId: string;
  readonly shopId?: string;
  readonly buyerId?: string;
  readonly firstConfirmer?: string;
  readonly maker?: string;
};

export type Deed =
  | 'market.see'
  | 'chat.write'
  | 'product.buy'
  | 'product.ask'
  | 'product.report'
  | 'shop.apply'
  | 'product.post'
  | 'product.edit'
  | 'bill.request'
  | 'coupon.issue'
  | 'shop.export'
  | 'question.answer'
  | 'order.see'
  | 'order.pay'
  | 'order.cancel'
  | 'order.receive'
  | 'order.ship'
  | 'order.refund'
  | 'order.request_refund'
  | 'order.decide_request'
  | 'order.decide_escalated'
  | 'order.approve_refund'
  | 'order.confirm_cash'
  | 'order.confirm_cash_second'
  | 'shop.staff'
  | 'shop.money'
  | 'shop.approve'
  | 'product.freeze'
  | 'community.configure'
  | 'case.resolve';

type Judge = (actor: Actor, target: Target) => boolean;

const member: Judge = () => true;
const steward: Judge = (actor) => actor.role !== 'member';
const seller: Judge = (actor, target) => target.shopId !== undefined && actor.shops[target.shopId] === 'seller';
const staff: Judge = (actor, target) => target.shopId !== undefined && actor.shops[target.shopId] !== undefined;
const buyer: Judge = (actor, target) => target.buyerId === actor.personId;
const any =
  (...judges: Judge[]): Judge =>
  (actor, target) =>
    judges.some((judge) => judge(actor, target));

const DEEDS: Readonly<Record<Deed, Judge>> = {
  'market.see': member,
  'chat.write': member,
  'product.buy': member,
  'product.ask': member,
  'product.report': member,
  'shop.apply': member,
  'product.post': seller,
  'product.edit': seller,
  'bill.request': seller,
  // The seller pays for a shop's own, the community for those of the whole market.
  'coupon.issue': (actor, target) => (target.shopId === undefined ? steward : seller)(actor, target),
  'shop.export': seller,
  'question.answer': staff,
  'order.see': any(buyer, staff, steward),
  'order.pay': buyer,
  'order.cancel': any(buyer, seller),
  'order.receive': buyer,
  'order.ship': staff,
  'order.refund': any(seller, steward),
  'order.request_refund': buyer,
  'order.decide_request': (actor, target) => !buyer(actor, target) && any(seller, steward)(actor, target),
  // The shop's time is over: of those who run the market, only who is neither its buyer nor its seller.
  'order.decide_escalated': (actor, target) => !any(buyer, staff)(actor, target) && steward(actor, target),
  // Two people: whoever asked for it cannot let it go out.
  'order.approve_refund': (actor, target) => actor.personId !== target.maker && any(seller, steward)(actor, target),
  'order.confirm_cash': seller,
  // Two people: whoever pressed first cannot be the second.
  'order.confirm_cash_second': (actor, target) =>
    actor.personId !== target.firstConfirmer && any(seller, steward)(actor, target),
  'shop.staff': seller,
  'shop.money': any(seller, steward),
  'shop.approve': steward,
  'product.freeze': steward,
  'community.configure': steward,
  'case.resolve': steward,
};

export const DEED_NAMES = Object.keys(DEEDS) as readonly Deed[];

/** A person of another community may do nothing here, whatever their role at home. */
export function may(actor: Actor, deed: Deed, target: Target): boolean {
  return actor.communityId === target.communityId && DEEDS[deed](actor, target);
}
