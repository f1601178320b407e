// A story of a market: what its people, its provider and its clock do, one step after another, told in small integers so that
// fast-check can make it up and cut it down. Beside the market a naive tally is kept, with no code of ours in it.
import * as fc from 'fast-check';
import type { FaultKind, Operation } from '../../sandbox/faults.ts';
import type { SandboxEvent } from '../../sandbox/objects.ts';
import type { Order } from '../../src/ports/store/orders.ts';
import { judge, settle, type Tally } from './story-end.ts';
import { MINUTE, openWorld, type World } from './world.ts';

const WAYS = ['now', 'twice', 'late', 'decline', 'slow_success', 'slow_fail'] as const;
const WAITS_MS = [1_000, 11_000, 11_000, 31_000, 31_000, 2 * MINUTE, 6 * MINUTE, 16 * MINUTE, 120 * MINUTE] as const;
const FAULTS: readonly FaultKind[] = [
  ...([
    'drop_before',
    'drop_reply_after',
    'execute_late',
    '500_stored',
    '500_before',
    '503',
    '409',
    'garbage_200',
  ] as const),
];
const OPERATIONS: readonly Operation[] = [
  'createCheckout',
  'expireCheckout',
  'createRefund',
  'listCheckouts',
  'retrieveCheckout',
];
const REFUND_MODES = [
  'instant',
  'instant',
  'pending_then_succeeded',
  'pending_then_failed',
  'succeeded_then_failed',
] as const;

const small = fc.nat({ max: 11 });
const steps = {
  buy: fc.record({
    kind: fc.constant('buy' as const),
    who: small,
    what: small,
    quantity: fc.integer({ min: 1, max: 2 }),
  }),
  basket: fc.record({ kind: fc.constant('basket' as const), who: small }),
  bill: fc.record({ kind: fc.constant('bill' as const), order: small }),
  pay: fc.record({
    kind: fc.constant('pay' as const),
    order: small,
    again: fc.boolean(),
    way: fc.constantFrom(...WAYS),
  }),
  cash: fc.record({ kind: fc.constant('cash' as const), order: small, brought: fc.boolean() }),
  cancel: fc.record({ kind: fc.constant('cancel' as const), order: small }),
  refund: fc.record({ kind: fc.constant('refund' as const), order: small, part: small, restock: fc.boolean() }),
  hand: fc.record({ kind: fc.constant('hand' as const), order: small }),
  stock: fc.record({ kind: fc.constant('stock' as const), what: small, units: fc.nat({ max: 3 }) }),
  pass: fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(...WAITS_MS) }),
  sweep: fc.record({ kind: fc.constant('sweep' as const) }),
  work: fc.record({ kind: fc.constant('work' as const) }),
  deliver: fc.record({ kind: fc.constant('deliver' as const), how: small }),
  back: fc.record({ kind: fc.constant('back' as const), order: small }),
  fault: fc.record({
    kind: fc.constant('fault' as const),
    op: fc.constantFrom(...OPERATIONS),
    fault: fc.constantFrom(...FAULTS),
  }),
  forge: fc.record({ kind: fc.constant('forge' as const), what: small }),
  decide: fc.record({
    kind: fc.constant('decide' as const),
    which: small,
    decision: fc.constantFrom('deliver' as const, 'refund' as const, 'dismiss' as const),
  }),
  mode: fc.record({ kind: fc.constant('mode' as const), mode: fc.constantFrom(...REFUND_MODES) }),
};
/** The same name twice is twice as likely. */
const usual = [
  'buy',
  'buy',
  'buy',
  'buy',
  'pay',
  'pay',
  'pay',
  'pay',
  'pay',
  'deliver',
  'deliver',
  'pass',
  'pass',
] as const;
const also = [
  'basket',
  'bill',
  'cash',
  'cancel',
  'refund',
  'refund',
  'hand',
  'stock',
  'sweep',
  'work',
  'back',
] as const;
const troubles = ['fault', 'mode', 'forge', 'decide'] as const;

export const stories = fc.array(fc.oneof(...[...usual, ...also, ...troubles].map((kind) => steps[kind])), {
  ...{ minLength: 20, maxLength: 60, size: 'max' },
});
type Step = typeof stories extends fc.Arbitrary<(infer S)[]> ? S : never;

type Goods = {
  readonly listingId: string;
  readonly productId: string;
  readonly variantId: string;
  readonly codes: boolean;
};
type Stage = {
  readonly world: World;
  readonly goods: readonly Goods[];
  readonly orders: string[];
  readonly bills: string[];
  readonly tally: Tally;
};

const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];

export async function tell(story: readonly Step[]): Promise<void> {
  const world = await openWorld({ members: 3 });
  try {
    const kept = await world.post({ stock: '2' });
    const brief = await world.post({ stock: '3', holdMinutes: '1', price: '3.33' });
    const unkept = await world.post({ stock: '2', holdMinutes: '', price: '7.77' });
    const coded = await world.post({ digitalCodes: 'AAA-1\nBBB-2\nCCC-3', stock: '', price: '0.99' }, 'digital');
    const goods = [kept, brief, unkept, coded].map((one) => ({ ...one, codes: one === coded }));
    const stage: Stage = { world, goods, orders: [], bills: [], tally: new Map() };
    for (const step of story) await play(stage, step);
    await settle(world);
    await judge(world, stage.orders, stage.tally);
  } finally {
    await world.close();
  }
}

async function play(stage: Stage, step: Step): Promise<void> {
  const { world } = stage;
  switch (step.kind) {
    case 'buy':
      return buys(stage, step);
    case 'basket':
      return fillsBasket(stage, pick(world.buyers, step.who) ?? '');
    case 'bill':
      return opensBill(stage, pick(stage.orders, step.order));
    case 'pay':
      // Either a bill that is opened now, or any that was opened before, however long ago.
      if (!step.again) await opensBill(stage, stage.orders.at(-1 - (step.order % 3)));
      return pays(stage, step.again ? pick(stage.bills, step.order) : stage.bills.at(-1), step.way);
    case 'pass':
      world.clock.at += step.ms;
      return world.sandbox.tick();
    case 'sweep':
      return world.core.sweep();
    case 'work':
      return world.work();
    case 'deliver':
      return world.deliver((news) => disarrange(news, step.how));
    case 'fault':
      return world.sandbox.fault({ op: step.op, kind: step.fault });
    case 'mode':
      return world.sandbox.refundMode(world.shop.id, step.mode);
    case 'stock':
      return setsStock(stage, step);
    case 'forge':
      return forges(world, step.what);
    case 'decide':
      return decides(world, step);
    case 'cash':
    case 'cancel':
    case 'refund':
    case 'hand':
    case 'back': {
      const orderId = pick(stage.orders, step.order);
      return orderId === undefined ? undefined : withOrder(world, await world.order(orderId), step);
    }
    default:
      step satisfies never;
  }
}

type OrderStep = Extract<Step, { kind: 'cash' | 'cancel' | 'refund' | 'hand' | 'back' }>;

async function withOrder(world: World, { id: orderId, buyerId, payToken }: Order, step: OrderStep): Promise<void> {
  const { seller, admin } = world;
  switch (step.kind) {
    case 'cash':
      await world.act(buyerId, { kind: 'choose_channel', orderId, channel: 'cash' });
      if (step.brought) await world.act(seller, { kind: 'confirm_cash', orderId });
      return;
    case 'cancel':
      await world.act(step.order % 3 === 0 ? seller : buyerId, { kind: 'cancel_order', orderId });
      return;
    case 'refund': {
      const amount = step.part === 0 ? '' : `${step.part % 4}.${step.part % 10}7`;
      const actor = step.part % 2 === 0 ? seller : admin;
      await world.act(actor, { kind: 'refund', orderId, amount, lines: [], restock: step.restock });
      return;
    }
    case 'hand':
      await world.act(seller, { kind: 'hand_over', orderId });
      return;
    case 'back':
      return world.core.returned(payToken);
    default:
      step satisfies never;
  }
}

async function buys({ world, goods, orders }: Stage, { who, what, quantity }: Extract<Step, { kind: 'buy' }>) {
  const listingId = pick(goods, what)?.listingId ?? '';
  const reply = await world.act(pick(world.buyers, who) ?? '', { kind: 'buy', listingId, quantity });
  if (reply.ok && reply.show?.name === 'order' && !orders.includes(reply.show.orderId)) orders.push(reply.show.orderId);
}

async function fillsBasket({ world, goods, orders }: Stage, buyer: string): Promise<void> {
  for (const { productId } of goods) await world.act(buyer, { kind: 'basket_add', productId });
  const draft = await world.store.read((reads) => reads.orders.basket(buyer, world.shop.id));
  if (!draft) return;
  const reply = await world.act(buyer, { kind: 'basket_checkout', orderId: draft.id });
  if (reply.ok) orders.push(draft.id);
}

async function opensBill({ world, bills }: Stage, orderId: string | undefined): Promise<void> {
  if (orderId === undefined) return;
  const { payToken } = await world.order(orderId);
  const opened = await world.core.openCheckout({ payToken, returnBase: 'http://127.0.0.1:3000' });
  const id =
    opened.ok && opened.value.kind === 'redirect' ? /\/checkout\/([^?]+)/.exec(opened.value.url)?.[1] : undefined;
  if (id !== undefined && !bills.includes(id)) bills.push(id);
}

async function pays({ world, tally }: Stage, bill: string | undefined, way: (typeof WAYS)[number]): Promise<void> {
  if (bill === undefined) return;
  try {
    world.sandbox.pay(bill, { mode: way });
  } catch {
    // The page says that it is paid or over: nothing was taken.
    return;
  }
  const known = tally.get(bill) ?? { payments: 0, late: false };
  // Two wishes to pay late are one wish.
  const more = { now: 1, twice: 2, slow_success: 1, slow_fail: 0, decline: 0, late: known.late ? 0 : 1 }[way];
  tally.set(bill, { payments: known.payments + more, late: known.late || way === 'late' });
  await world.sandbox.tick();
}

async function setsStock({ world, goods }: Stage, { what, units }: Extract<Step, { kind: 'stock' }>): Promise<void> {
  const variantId = pick(goods, what)?.variantId ?? '';
  await world.act(world.seller, { kind: 'set_stock', variantId, stock: String(units) });
}

/** Rightly signed, and not what was asked for. */
async function forges(world: World, what: number): Promise<void> {
  const paid = pick(
    world.sandbox.events().filter(({ type }) => type === 'payment.succeeded'),
    what,
  );
  if (!paid) return;
  const body = JSON.stringify({ ...paid, id: `${paid.id}x${what}` });
  const { object } = paid.data;
  const amount = String('amount' in object ? object.amount : 0);
  await world.core.onProviderNotice('sandbox', world.noticeOf(body.replaceAll(`"amount":${amount}`, '"amount":1')));
}

async function decides(world: World, { which, decision }: Extract<Step, { kind: 'decide' }>): Promise<void> {
  const open = await world.store.read((reads) => reads.payments.cases(world.communityId, 20));
  const caseId = pick(open, which)?.id;
  if (caseId !== undefined) await world.act(world.admin, { kind: 'resolve_case', caseId, decision });
}

/** Turned round, repeated, some of it lost for ever. */
function disarrange(news: readonly SandboxEvent[], how: number): SandboxEvent[] {
  const turned = how % 2 === 0 ? [...news] : news.toReversed();
  const kept = how % 3 === 0 ? turned.filter((_, index) => index % 2 === 0) : turned;
  return how % 4 === 0 ? [...kept, ...kept] : kept;
}
