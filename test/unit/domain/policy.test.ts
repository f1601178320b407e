import { describe, expect, test } from 'vitest';
import { type Actor, type Deed, DEED_NAMES, may } from '../../../src/domain/policy.ts';

const home = { communityId: 'night-market', shopId: 'fruit', buyerId: 'buyer' };
const someone = (personId: string, role: Actor['role'] = 'member', shops: Actor['shops'] = {}): Actor => ({
  personId,
  communityId: 'night-market',
  role,
  shops,
});
const people = {
  buyer: someone('buyer'),
  stranger: someone('stranger'),
  seller: someone('seller', 'member', { fruit: 'seller' }),
  helper: someone('helper', 'member', { fruit: 'helper' }),
  rival: someone('rival', 'member', { noodles: 'seller' }),
  admin: someone('admin', 'admin'),
  owner: someone('owner', 'owner'),
};
type Who = keyof typeof people;
const everybody = Object.keys(people) as Who[];

/** The whole table, written down a second time, from the point of view of people. */
const allowed: Record<Deed, readonly Who[]> = {
  'market.see': everybody,
  'chat.write': everybody,
  'product.buy': everybody,
  'product.ask': everybody,
  'product.report': everybody,
  'shop.apply': everybody,
  'product.post': ['seller'],
  'shop.export': ['seller'],
  'bill.request': ['seller'],
  'coupon.issue': ['seller'],
  'product.edit': ['seller'],
  'question.answer': ['seller', 'helper'],
  'order.see': ['buyer', 'seller', 'helper', 'admin', 'owner'],
  'order.pay': ['buyer'],
  'order.cancel': ['buyer', 'seller'],
  'order.receive': ['buyer'],
  'order.ship': ['seller', 'helper'],
  'order.refund': ['seller', 'admin', 'owner'],
  'order.request_refund': ['buyer'],
  'order.decide_request': ['seller', 'admin', 'owner'],
  'order.decide_escalated': ['admin', 'owner'],
  'order.approve_refund': ['seller', 'admin', 'owner'],
  'order.confirm_cash': ['seller'],
  'order.confirm_cash_second': ['seller', 'admin', 'owner'],
  'shop.staff': ['seller'],
  'shop.money': ['seller', 'admin', 'owner'],
  'shop.approve': ['admin', 'owner'],
  'product.freeze': ['admin', 'owner'],
  'community.configure': ['admin', 'owner'],
  'case.resolve': ['admin', 'owner'],
};

describe('who may do what', () => {
  test('every deed has a row', () => {
    expect(Object.keys(allowed).toSorted()).toEqual([...DEED_NAMES].toSorted());
  });

  test.each(DEED_NAMES.flatMap((deed) => everybody.map((who) => [deed, who] as const)))('%s by %s', (deed, who) => {
    expect(may(people[who], deed, home)).toBe(allowed[deed].includes(who));
  });

  test.each(DEED_NAMES)('%s is never allowed in another community, not even to its owner at home', (deed) => {
    for (const who of everybody) expect(may(people[who], deed, { ...home, communityId: 'elsewhere' })).toBe(false);
  });

  test('a helper ships and answers, and never pays anything back', () => {
    expect(may(people.helper, 'order.ship', home)).toBe(true);
    expect(may(people.helper, 'order.refund', home)).toBe(false);
  });

  test('the second word about cash is another person’s', () => {
    const first = { ...home, firstConfirmer: 'seller' };
    expect(may(people.seller, 'order.confirm_cash_second', first)).toBe(false);
    expect(may(people.admin, 'order.confirm_cash_second', first)).toBe(true);
  });
});
