/**
 * What comes back. Of a line of n units after m came back, floor(X * m / n) has come back in all, for its money and its points: a refund is
 * the difference, so it is never too much on the way and exact at the end. The function that previews is the one that pays.
 */
import { mulDiv, shareOut } from '../money.ts';
import { clawBack } from '../points/claw-back.ts';
import { earnedPoints } from '../points/earning.ts';
import type { Quote, QuoteLine } from './quote-shape.ts';
import { requoteRest } from './requote.ts';
import {
  type Refunded,
  type RefundInput,
  type RefundRequest,
  type RefundState,
  readRefundInput,
} from './refund-shape.ts';
import { sumOf } from './state.ts';

/** The door for scripts: anything malformed, or more than is left, is refused with a RangeError. */
export const refund = (raw: unknown): Refunded => refundOf(readRefundInput(raw));

/** Of `whole` over `of` units: what has come back when `units` have. */
export const shareOfUnits = (whole: number, units: number, of: number): number => mulDiv(whole, units, of, 'floor');

/** A line on its way back. */
type Back = {
  readonly line: QuoteLine;
  readonly before: RefundState['lines'][number];
  readonly units: number;
  /** Now. */
  readonly cash: number;
  readonly points: number;
};

function refundOf({ quote, before = nothingYet, request }: RefundInput): Refunded {
  const lines = backOf(quote, before, request);
  const shipping = request.shipping === true ? quote.delivery.cash - before.shipping : 0;
  const byUnits = sumOf(lines.map((one) => one.cash)) + shipping;
  const rest = restOf(quote, before, request, lines);
  const cash = cashOf({ quote, before, request }, lines, { byUnits, rest });
  const placed = place(lines, cash, shipping);
  const done = lines.map((one, index): RefundState['lines'][number] => ({
    id: one.line.id,
    units: one.before.units + one.units,
    cash: one.before.cash + (placed.lines[index] ?? 0),
    points: one.before.points + one.points,
  }));
  const tenders = tendersOf(quote, before.cash + cash);
  const clawed = Math.max(before.clawed, clawedOf(quote, done, rest));
  const couponsReturned = couponsOf(quote, done, before, request);
  const after: RefundState = {
    lines: done.filter((one) => one.units > 0 || one.cash > 0),
    shipping: before.shipping + placed.shipping,
    cash: before.cash + cash,
    tenders,
    clawed,
    couponsReturned: [...before.couponsReturned, ...couponsReturned],
  };
  return {
    ...payOut(quote, { cash, before, tenders, clawed: clawed - before.clawed, request }),
    cash,
    lines: lines.flatMap((one, index) => {
      const back = { id: one.line.id, units: one.units, cash: placed.lines[index] ?? 0, points: one.points };
      return back.units > 0 || back.cash > 0 ? [back] : [];
    }),
    shipping: placed.shipping,
    withheld: rest ? Math.max(0, byUnits - cash) : 0,
    pointsRestored: sumOf(lines.map((one) => one.points)),
    pointsClawed: clawed - before.clawed,
    couponsReturned,
    after,
  };
}

const nothingYet: RefundState = { lines: [], shipping: 0, cash: 0, tenders: [], clawed: 0, couponsReturned: [] };

function backOf(quote: Quote, before: RefundState, { lines: named = [] }: RefundRequest): Back[] {
  const units = new Map<string, number>();
  for (const one of named) units.set(one.id, (units.get(one.id) ?? 0) + one.units);
  const known = new Set(quote.lines.map((line) => line.id));
  for (const id of units.keys()) if (!known.has(id)) throw new RangeError(`The bill has no line ${id}.`);
  return quote.lines.map((line): Back => {
    const { id, quantity } = line;
    const was = before.lines.find((one) => one.id === id) ?? { id, units: 0, cash: 0, points: 0 };
    const now = units.get(id) ?? 0;
    const sum = was.units + now;
    if (sum > quantity)
      throw new RangeError(`${now} units of ${id} cannot come back: ${quantity - was.units} are left.`);
    const step = (whole: number) => shareOfUnits(whole, sum, quantity) - shareOfUnits(whole, was.units, quantity);
    // Money that came back without units is part of the line's: no more than the line comes back in all.
    const cash = Math.min(step(line.cash), line.cash - was.cash);
    return { line, before: was, units: now, cash, points: step(line.points) };
  });
}

/** The bill of what stays with the buyer, where thresholds count again; undefined where they were locked at purchase. */
function restOf(
  quote: Quote,
  before: RefundState,
  request: RefundRequest,
  lines: readonly Back[],
): ReturnType<typeof requoteRest> | undefined {
  if (quote.onBreach !== 'recompute' || request.amount !== undefined) return undefined;
  if (!lines.some((one) => one.units > 0)) return undefined;
  const units = new Map(lines.map((one) => [one.line.id, one.before.units + one.units]));
  return requoteRest(quote, units, request.shipping !== true && before.shipping === 0);
}

/** All money of this refund. */
function cashOf(
  { quote, before = nothingYet, request }: RefundInput,
  lines: readonly Back[],
  { byUnits, rest }: { readonly byUnits: number; readonly rest: ReturnType<typeof restOf> },
): number {
  if (request.amount === undefined) return rest ? Math.max(0, quote.payable - before.cash - rest.payable) : byUnits;
  const delivery = request.shipping === true ? quote.delivery.cash - before.shipping : 0;
  const room = sumOf(lines.map(roomOf)) + delivery;
  if (request.amount > room) throw new RangeError(`${request.amount} cannot come back: ${room} are left.`);
  return request.amount;
}

/** The money by line: first to the lines named, then to the others, never more than a line has left. */
function place(lines: readonly Back[], cash: number, shipping: number): { lines: number[]; shipping: number } {
  const forDelivery = Math.min(shipping, cash);
  const placed = lines.map(() => 0);
  let left = cash - forDelivery;
  const named = lines.some((one) => one.units > 0);
  const fill = (rooms: readonly number[]) => {
    const room = sumOf(rooms);
    const now = Math.min(left, room);
    if (now === 0) return;
    shareOut(now, rooms).forEach((part, index) => (placed[index] = (placed[index] ?? 0) + part));
    left -= now;
  };
  if (named) fill(lines.map((one) => one.cash));
  if (named) fill(lines.map((one, index) => (one.units > 0 ? roomOf(one) - (placed[index] ?? 0) : 0)));
  fill(lines.map((one, index) => roomOf(one) - (placed[index] ?? 0)));
  return { lines: placed, shipping: forDelivery + left };
}

const roomOf = ({ line, before }: Back): number => line.cash - before.cash;

/**
 * What each stored value has back when `cash` of the bill has come back: its share of what is left to the later ones and the channel, floored.
 * The channel has the rest. Every share only grows, and all are exact when everything is back.
 */
function tendersOf(quote: Quote, cash: number): RefundState['tenders'] {
  let [whole, back] = [quote.payable, cash];
  return quote.tenders.map(({ id, amount }) => {
    const part = whole === 0 ? 0 : mulDiv(back, amount, whole, 'floor');
    whole -= amount;
    back -= part;
    return { id, amount: part };
  });
}

/** Points that the order would not have earned, had it only been what remains of it. */
function clawedOf(quote: Quote, done: RefundState['lines'], rest: ReturnType<typeof restOf>): number {
  const { earned } = quote;
  if (!earned) return 0;
  if (rest) return Math.max(0, earned.points - rest.earned);
  const base = sumOf(
    quote.lines.map((line, index) => {
      const back = done[index];
      if (!back || line.earns === 0) return 0;
      const byUnits = shareOfUnits(line.earns, back.units, line.quantity);
      const byCash = line.cash === 0 ? 0 : mulDiv(line.earns, back.cash, line.cash, 'floor');
      return line.earns - Math.max(byUnits, byCash);
    }),
  );
  return earned.points - earnedPoints(base, earned.rate, earned.multiplierBps);
}

/** Once, when every line is back whole; what has ended only within its grace. */
function couponsOf(
  quote: Quote,
  done: RefundState['lines'],
  before: RefundState,
  { at = quote.at }: RefundRequest,
): string[] {
  const whole = quote.lines.every((line, index) => line.giftBy !== undefined || done[index]?.units === line.quantity);
  if (!whole) return [];
  return quote.applied.flatMap((one) => {
    if (one.stage !== 'coupon' || before.couponsReturned.includes(one.id)) return [];
    const runs = one.until === undefined || at < one.until + (one.returnGraceMs ?? 0);
    return runs ? [one.id] : [];
  });
}

type PaidOut = Pick<Refunded, 'tenders' | 'channel' | 'deducted' | 'clawback'>;

/** What is deducted for points comes off the channel's part, then off the last stored value. */
function payOut(
  quote: Quote,
  now: {
    readonly cash: number;
    readonly before: RefundState;
    readonly tenders: RefundState['tenders'];
    readonly clawed: number;
    readonly request: RefundRequest;
  },
): PaidOut {
  const { cash, before, tenders, clawed, request } = now;
  const parts = tenders.map(({ id, amount }) => ({
    id,
    amount: amount - (before.tenders.find((one) => one.id === id)?.amount ?? 0),
  }));
  const channel = cash - sumOf(parts.map((one) => one.amount));
  const taken = request.clawback
    ? clawBack({ points: clawed, cash, value: quote.pointsValue, ...request.clawback })
    : undefined;
  const deducted = taken?.amount ?? 0;
  let left = Math.max(0, deducted - channel);
  const paid = parts.toReversed().map(({ id, amount }) => {
    const off = Math.min(left, amount);
    left -= off;
    return { id, amount: amount - off };
  });
  return {
    tenders: paid.toReversed().filter((one) => one.amount > 0),
    channel: Math.max(0, channel - deducted),
    deducted,
    clawback: taken?.clawback ?? null,
  };
}
