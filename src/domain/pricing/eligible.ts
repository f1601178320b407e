/** Whether a rule may act on this bill at all, and on which of its lines. */
import type { PriceInput, PriceLine } from './input.ts';
import type { Reason } from './reasons.ts';
import type { Hours, Rule, Scope, Valid } from './schema.ts';

/** The bill's circumstances; local times are worked out once per zone. */
export type Circumstance = {
  readonly at: number;
  readonly chat: string | undefined;
  readonly tier: string | undefined;
  readonly person: string | undefined;
  readonly firstPurchase: boolean;
  readonly localTime: (zone: string) => LocalTime;
};

/** 1 is Monday; minutes since midnight as the clock on the wall shows them. */
type LocalTime = { readonly day: number; readonly minute: number };

export function circumstanceOf({ at = 0, chat, buyer }: PriceInput): Circumstance {
  const known = new Map<string, LocalTime>();
  return {
    ...{ at, chat, tier: buyer?.tier, person: buyer?.id, firstPurchase: buyer?.firstPurchase ?? false },
    localTime(zone) {
      const found = known.get(zone) ?? localTimeAt(at, zone);
      known.set(zone, found);
      return found;
    },
  };
}

function localTimeAt(at: number, zone: string): LocalTime {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  return { day: local.dayOfWeek, minute: local.hour * 60 + local.minute };
}

/** Undefined when it may act. */
export function objectionTo(rule: Rule, here: Circumstance): Reason | undefined {
  const { scope, valid, limits } = rule;
  return (
    (valid && objectionOfTime(valid, here)) ??
    (scope && objectionOfScope(scope, here)) ??
    (limits?.usesLeft !== undefined && limits.usesLeft < 1 ? 'USES_SPENT' : undefined) ??
    (limits?.personUsesLeft !== undefined && limits.personUsesLeft < 1 ? 'PERSON_USES_SPENT' : undefined)
  );
}

function objectionOfTime({ from, until, zone, weekly }: Valid, here: Circumstance): Reason | undefined {
  if (from !== undefined && here.at < from) return 'NOT_STARTED';
  if (until !== undefined && here.at >= until) return 'ENDED';
  if (!weekly || zone === undefined) return undefined;
  const now = here.localTime(zone);
  return weekly.some((hours) => isWithin(hours, now)) ? undefined : 'OUTSIDE_HOURS';
}

const minuteOf = (hour: string): number => Number(hour.slice(0, 2)) * 60 + Number(hour.slice(3));
const dayBefore = (day: number): number => (day === 1 ? 7 : day - 1);

function isWithin({ days, from, to }: Hours, { day, minute }: LocalTime): boolean {
  const [start, end] = [minuteOf(from), minuteOf(to)];
  if (start < end) return days.includes(day) && minute >= start && minute < end;
  return (days.includes(day) && minute >= start) || (days.includes(dayBefore(day)) && minute < end);
}

function objectionOfScope(scope: Scope, here: Circumstance): Reason | undefined {
  const lacks = (named: readonly string[] | undefined, one: string | undefined) =>
    named !== undefined && (one === undefined || !named.includes(one));
  if (lacks(scope.chats, here.chat)) return 'WRONG_CHAT';
  if (lacks(scope.tiers, here.tier)) return 'WRONG_TIER';
  if (lacks(scope.persons, here.person)) return 'WRONG_PERSON';
  return scope.firstPurchase === true && !here.firstPurchase ? 'NOT_FIRST_PURCHASE' : undefined;
}

/** Which lines have which product, tag and shop: worked out once for all the rules of a bill. */
export type LineIndex = {
  readonly lines: number;
  readonly products: ReadonlyMap<string, readonly number[]>;
  readonly tags: ReadonlyMap<string, readonly number[]>;
  readonly shops: ReadonlyMap<string, readonly number[]>;
};

export function indexOf(lines: readonly PriceLine[]): LineIndex {
  const [products, tags, shops] = [
    new Map<string, number[]>(),
    new Map<string, number[]>(),
    new Map<string, number[]>(),
  ];
  const put = (map: Map<string, number[]>, name: string, line: number) => {
    const known = map.get(name);
    if (known) known.push(line);
    else map.set(name, [line]);
  };
  lines.forEach((line, at) => {
    put(products, line.productId ?? line.id, at);
    if (line.shopId !== undefined) put(shops, line.shopId, at);
    for (const tag of line.tags ?? []) put(tags, tag, at);
  });
  return { lines: lines.length, products, tags, shops };
}

/** Indexes of the lines that the scope means, in their order. */
export function linesIn(scope: Scope | undefined, index: LineIndex): number[] {
  const { products, tags, shops, exceptProducts, exceptTags } = scope ?? {};
  const isNamed = products !== undefined || tags !== undefined;
  const marks = new Uint8Array(index.lines);
  if (isNamed) {
    mark(marks, index.products, products, 1);
    mark(marks, index.tags, tags, 1);
  } else marks.fill(1);
  if (shops) {
    const ofShops = new Uint8Array(index.lines);
    mark(ofShops, index.shops, shops, 1);
    ofShops.forEach((isIn, at) => (marks[at] = (marks[at] ?? 0) & isIn));
  }
  mark(marks, index.products, exceptProducts, 0);
  mark(marks, index.tags, exceptTags, 0);
  const found: number[] = [];
  for (let at = 0; at < marks.length; at++) if (marks[at] === 1) found.push(at);
  return found;
}

function mark(
  marks: Uint8Array,
  known: ReadonlyMap<string, readonly number[]>,
  names: readonly string[] | undefined,
  as: 0 | 1,
): void {
  for (const name of names ?? []) for (const line of known.get(name) ?? []) marks[line] = as;
}
