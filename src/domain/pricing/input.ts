/** Everything a bill is made of, as plain data: the door through which scripts and tests come in. docs/pricing.md tells it in full. */
import * as z from 'zod';
import { withKinds } from '../coupon-kinds/kinds.ts';
import { amount, amounts, bps, count, currency, id, instant, label, points, ruleFields } from './schema.ts';

const line = z.strictObject({
  id,
  quantity: count,
  unitPrice: amount,
  /** `id` unless said. */
  productId: id.optional(),
  variantId: id.optional(),
  shopId: id.optional(),
  title: label.optional(),
  choices: z.array(label).max(10).readonly().optional(),
  tags: z.array(id).max(100).readonly().optional(),
  /** The id of its tax rate; untaxed when absent. */
  tax: id.optional(),
  /** Bought stored value: never paid with points, never earns any. */
  giftCard: z.boolean().optional(),
  /** False: it earns no points. */
  earns: z.boolean().optional(),
});
export type PriceLine = z.infer<typeof line>;

const ofItems = { ...ruleFields, stage: z.literal('item') };
const buyAndGet = { buy: count, get: count, offBps: bps.min(1).optional(), maxTimes: count.optional() };
export const itemPromotion = z.discriminatedUnion('kind', [
  z.strictObject({ ...ofItems, kind: z.literal('percent'), bps: bps.min(1), cap: amounts.optional() }),
  z.strictObject({ ...ofItems, kind: z.literal('fixed'), amount: amounts, per: z.enum(['unit', 'line']).optional() }),
  z.strictObject({ ...ofItems, kind: z.literal('unit_price'), price: amounts }),
  z.strictObject({ ...ofItems, kind: z.literal('buy_x_get_y'), ...buyAndGet }),
]);
export type ItemPromotion = z.infer<typeof itemPromotion>;

/** Of an exclusive group one promotion acts. */
export const orderPromotion = withKinds({ ...ruleFields, stage: z.literal('order'), exclusiveGroup: id.optional() });
export type OrderPromotion = z.infer<typeof orderPromotion>;

export const coupon = withKinds({
  ...ruleFields,
  code: label.optional(),
  /** One coupon of each class acts. `shipping` where it frees the delivery, `merchant` where the shop pays, else `platform`. */
  class: z.enum(['merchant', 'platform', 'shipping']).optional(),
  /** False: it stands alone. */
  combinable: z.boolean().optional(),
  /** True: no points beside it. */
  noPoints: z.boolean().optional(),
  /** True: lines that an item promotion lowered are out of its scope. */
  exceptPromoted: z.boolean().optional(),
  /** So long after its end it still goes back to its owner; 0 unless said. */
  returnGraceMs: z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
});
export type Coupon = z.infer<typeof coupon>;

/** So many points are worth so many minor units. */
const worth = z.record(currency, z.strictObject({ points: count, amount: count }));

const pointsRule = z.strictObject({
  value: worth,
  /** Of what may be paid with points; 10000 unless said. */
  maxShareBps: bps.optional(),
  /** Points are spent in multiples of it; 1 unless said. */
  step: count.optional(),
  /** `price_reduction` (unless said) lowers what is taxed, `tender` pays what is taxed. */
  treatment: z.enum(['price_reduction', 'tender']).optional(),
});

const earningRule = z.strictObject({
  /** `points` for every `per` minor units. */
  rate: z.record(currency, z.strictObject({ points, per: count })),
  /** 10000 is once; what each gives above that adds up. */
  multipliers: z
    .array(z.strictObject({ id, bps: z.int().min(0).max(1_000_000) }))
    .max(50)
    .readonly()
    .optional(),
  /** The most that the multipliers come to together. */
  capBps: z.int().min(0).max(1_000_000).optional(),
});

const shape = z.strictObject({
  currency,
  /** The instant that validity is judged at. */
  at: instant.optional(),
  lines: z.array(line).max(500).readonly(),
  buyer: z.strictObject({ id: id.optional(), tier: id.optional(), firstPurchase: z.boolean().optional() }).optional(),
  /** `platform:chat id`. */
  chat: id.optional(),
  /** The zone of the market, frozen with the bill. */
  zone: label.optional(),
  promotions: z
    .array(z.union([itemPromotion, orderPromotion]))
    .max(1000)
    .readonly()
    .optional(),
  coupons: z.array(coupon).max(100).readonly().optional(),
  points: z
    .strictObject({ requested: z.union([points, z.literal('max')]), balance: points, rule: pointsRule })
    .optional(),
  shipping: z
    .strictObject({
      method: z.enum(['pickup', 'ship', 'none']).optional(),
      fee: amount,
      /** Waived when the items after coupons reach it. Points are no part of it: spending them never brings a fee back. */
      freeFrom: amount.optional(),
      tax: id.optional(),
    })
    .optional(),
  tax: z
    .strictObject({
      /** Whether prices contain the tax. */
      mode: z.enum(['inclusive', 'exclusive']),
      rates: z
        .array(z.strictObject({ id, bps: z.int().min(0).max(1_000_000), label: label.optional() }))
        .max(50)
        .readonly(),
    })
    .optional(),
  /** Stored value, used in this order. `promotional`: given, not bought; what it pays earns no points. */
  tenders: z
    .array(z.strictObject({ id, balance: amount, promotional: z.boolean().optional() }))
    .max(20)
    .readonly()
    .optional(),
  /** The least that the payment channel takes. */
  minimumCharge: amount.optional(),
  earning: earningRule.optional(),
  /** What a partial refund does to thresholds: `keep` unless said. */
  onBreach: z.enum(['keep', 'recompute']).optional(),
});
export type PriceInput = z.infer<typeof shape>;

const distinct = (list: readonly { readonly id: string }[] | undefined): boolean =>
  new Set(list?.map((one) => one.id)).size === (list?.length ?? 0);

const priceInput = shape.superRefine((input, context) => {
  const complain = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
  for (const list of ['lines', 'promotions', 'coupons', 'tenders'] as const)
    if (!distinct(input[list])) complain([list], 'have the same id twice');
  const rates = new Set(input.tax?.rates.map((rate) => rate.id));
  if (rates.size !== (input.tax?.rates.length ?? 0)) complain(['tax', 'rates'], 'have the same id twice');
  input.lines.forEach((one, index) => {
    if (one.tax !== undefined && !rates.has(one.tax)) complain(['lines', index, 'tax'], 'is no rate of tax.rates');
  });
  if (input.shipping?.tax !== undefined && !rates.has(input.shipping.tax))
    complain(['shipping', 'tax'], 'is no rate of tax.rates');
  const rules = [...(input.promotions ?? []), ...(input.coupons ?? [])];
  if (input.at === undefined && rules.some((rule) => rule.valid !== undefined))
    complain(['at'], 'is missing, and a rule is valid only for a time');
  const { value = {}, step = 1 } = input.points?.rule ?? {};
  for (const [code, one] of Object.entries(value))
    if ((BigInt(step) * BigInt(one.amount)) % BigInt(one.points) !== 0n)
      complain(['points', 'rule', 'step'], `is worth no whole amount of ${code}: choose a multiple that is`);
});

/** Throws RangeError with every place that is wrong and what is wrong there. */
export function readPriceInput(raw: unknown): PriceInput {
  return readAs(priceInput, raw, 'The bill cannot be drawn up');
}

/** The shape, or a RangeError that says where and why: `lines[0].quantity: Too small: expected number to be >=1`. */
export function readAs<T>(wanted: z.ZodType<T>, raw: unknown, trouble: string): T {
  const read = wanted.safeParse(raw);
  if (read.success) return read.data;
  const places = read.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${z.core.toDotPath(path)}: ${message}`,
  );
  throw new RangeError(`${trouble}: ${places.join('; ')}.`);
}
