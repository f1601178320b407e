/** The shapes that rules and bills share, as plain data. Amounts are whole minor units; rates are basis points (1000 = 10 %). */
import * as z from 'zod';
import { isCurrency } from '../currency.ts';

const MOST = Number.MAX_SAFE_INTEGER;
export const id = z.string().min(1).max(200);
export const label = z.string().max(500);
/** Minor units, 0 or more. */
export const amount = z.int().min(0).max(MOST);
export const count = z.int().min(1).max(1_000_000);
export const points = z.int().min(0).max(MOST);
export const bps = z.int().min(0).max(10_000);
/** Milliseconds since 1970. */
export const instant = z.int().min(-MOST).max(MOST);
export const currency = z.string().refine(isCurrency, 'is no currency: use an ISO 4217 code in capitals, XTR or BTC');
/** What something is in each currency it is meant for. A currency that is missing is refused, never converted. */
export const amounts = z.record(currency, amount);

const zone = z.string().refine(isZone, 'is no time zone: use an IANA name like Asia/Kuala_Lumpur');
const hour = z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'is no time of day: write 00:00 to 24:00');
const weekday = z.int().min(1).max(7);

const zones = new Map<string, boolean>();
const ZONES_MAX = 1000;

/** Asked for every rule of a bill, and slow to find out. */
function isZone(name: string): boolean {
  const known = zones.get(name) ?? isZoneAnew(name);
  if (zones.size < ZONES_MAX) zones.set(name, known);
  return known;
}

function isZoneAnew(name: string): boolean {
  try {
    // A bare offset is a zone to the parser and none to people: it knows no summer time.
    return /^[A-Za-z]/.test(name) && new Temporal.ZonedDateTime(0n, name).timeZoneId !== '';
  } catch {
    return false;
  }
}

const ids = z.array(id).min(1).max(1000).readonly();

/**
 * What is left out does not narrow. A line fits when its product is named or one of its tags is, and its shop is; the bill fits when its
 * chat, its buyer's tier and person are named, and it is a first purchase.
 */
export const scope = z.strictObject({
  products: ids.optional(),
  tags: ids.optional(),
  shops: ids.optional(),
  exceptProducts: ids.optional(),
  exceptTags: ids.optional(),
  /** `platform:chat id`. */
  chats: ids.optional(),
  tiers: ids.optional(),
  persons: ids.optional(),
  firstPurchase: z.boolean().optional(),
});
export type Scope = z.infer<typeof scope>;

const hours = z.strictObject({
  /** 1 is Monday, 7 is Sunday: the day on which the hours begin. */
  days: z.array(weekday).min(1).max(7).readonly(),
  from: hour,
  /** At or before `from`: on the next day. */
  to: hour,
});

/** From `from` until just before `until`; with `weekly`, only in these hours of the zone. */
export const valid = z
  .strictObject({
    from: instant.optional(),
    until: instant.optional(),
    zone: zone.optional(),
    weekly: z.array(hours).min(1).max(50).readonly().optional(),
  })
  .refine((one) => one.weekly === undefined || one.zone !== undefined, 'weekly hours need a zone');
export type Valid = z.infer<typeof valid>;
export type Hours = z.infer<typeof hours>;

/** What is left of the limits as the bill is drawn up. Absent: no limit. */
const limits = z.strictObject({
  usesLeft: z.int().max(MOST).optional(),
  personUsesLeft: z.int().max(MOST).optional(),
  /** Minor units of the bill's currency. */
  budgetLeft: z.int().max(MOST).optional(),
});

/** What every promotion and coupon has. */
export const ruleFields = {
  id,
  version: z.int().min(1).max(MOST).optional(),
  label: label.optional(),
  /** Lower acts first and wins a tie; 0 unless said. */
  priority: z.int().min(-1_000_000).max(1_000_000).optional(),
  scope: scope.optional(),
  valid: valid.optional(),
  minSpend: amounts.optional(),
  limits: limits.optional(),
  /** Who bears it: `shop` unless said. */
  funder: z.enum(['shop', 'community', 'platform']).optional(),
};
export type Rule = z.infer<z.ZodObject<typeof ruleFields>>;
