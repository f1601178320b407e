/** Stages D to G: points, delivery, tax, stored value, and what is due after them. */
import { mulDiv, shareOut } from '../money.ts';
import type { Coupon, PriceInput } from './input.ts';
import { feeOf } from './order-promotions.ts';
import { planPoints, type PointsPlan, worthOfPoints } from './points-spent.ts';
import type { Quote, QuoteTax } from './quote-shape.ts';
import { reject, safe, type State, sumOf } from './state.ts';

/** By line of the input. */
type Sums = {
  readonly points: readonly number[];
  readonly pointsAmounts: readonly number[];
  readonly nets: readonly number[];
  readonly taxes: readonly number[];
  readonly cash: readonly number[];
  readonly rates: readonly QuoteTax[];
  readonly deliveryTax: number;
  readonly deliveryCash: number;
  readonly total: number;
  readonly payable: number;
  readonly tenders: Quote['tenders'];
  readonly due: number;
};

export type Settled = Sums & {
  readonly plan: PointsPlan | undefined;
  readonly deliveryNet: number;
  readonly waived: boolean;
  readonly problem: Quote['problem'];
};

/** The state is final afterwards: what frees the delivery has acted, what did not is among the rejected. */
export function settle(state: State, acting: readonly Coupon[]): Settled {
  const { waived, net: deliveryNet } = freeDelivery(state);
  const rejectedIds = new Set(state.rejected.map((one) => one.id));
  const planned = planPoints(
    state,
    acting.filter((one) => !rejectedIds.has(one.id)),
  );
  const plan = planned && 'reason' in planned ? undefined : planned;
  if (planned && 'reason' in planned) {
    const { reason, by } = planned;
    state.rejected.push({ stage: 'points', id: 'points', label: '', reason, ...(by === undefined ? {} : { by }) });
  }
  const sums = sumsOf(state, deliveryNet, plan);
  const least = state.input.minimumCharge ?? 0;
  if (sums.due === 0 || sums.due >= least) return { ...sums, plan, deliveryNet, waived, problem: null };
  const fewer = plan && giveBack(state, deliveryNet, plan, least);
  if (fewer) return { ...fewer, deliveryNet, waived, problem: null };
  const problem = { code: 'BELOW_MIN_CHARGE', minimum: least, shortfall: least - sums.due } as const;
  return { ...sums, plan, deliveryNet, waived, problem };
}

/** Stage E. The threshold is measured on the items after coupons. */
function freeDelivery(state: State): { readonly waived: boolean; readonly net: number } {
  const { shipping } = state.input;
  const fee = feeOf(shipping) ?? 0;
  const waived = fee > 0 && shipping?.freeFrom !== undefined && sumOf(state.left) >= shipping.freeFrom;
  let net = waived ? 0 : fee;
  for (const { entry, cap } of state.fees) {
    const off = Math.min(cap ?? net, net);
    if (off === 0) reject(state, entry.stage, entry, 'NO_EFFECT');
    else state.applied.push({ ...entry, amount: off, shipping: off });
    net -= off;
  }
  return { waived, net };
}

/** As few whole steps of points as bring what is due to the least that can be charged; undefined when not even all of them do. */
function giveBack(
  state: State,
  deliveryNet: number,
  plan: PointsPlan,
  least: number,
): (Sums & { readonly plan: PointsPlan | undefined }) | undefined {
  const without = (steps: number) => {
    const spent = plan.spent - steps * plan.step;
    const fewer: PointsPlan | undefined =
      spent === 0
        ? undefined
        : { ...plan, spent, amount: worthOfPoints(spent, plan.value), limitedBy: 'minimum_charge' };
    return { ...sumsOf(state, deliveryNet, fewer), plan: fewer };
  };
  let [low, high] = [1, plan.spent / plan.step];
  let found = without(high);
  if (found.due < least) return undefined;
  // What is due never falls as points are given back, so the fewest steps are found by halving.
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const tried = without(middle);
    if (tried.due >= least) [high, found] = [middle, tried];
    else low = middle + 1;
  }
  return found;
}

function sumsOf(state: State, deliveryNet: number, plan: PointsPlan | undefined): Sums {
  const { left, input } = state;
  const points = spread(left, plan?.lines ?? [], plan?.spent ?? 0);
  const pointsAmounts = spread(left, plan?.lines ?? [], plan?.amount ?? 0);
  const pays = plan?.treatment === 'tender';
  const nets = pays || !plan ? left : left.map((amount, line) => amount - (pointsAmounts[line] ?? 0));
  const { rates, taxes, deliveryTax } = taxesOf(input, nets, deliveryNet);
  const isAdded = input.tax?.mode === 'exclusive';
  const cash = nets.map(
    (net, line) => net + (isAdded ? (taxes[line] ?? 0) : 0) - (pays ? (pointsAmounts[line] ?? 0) : 0),
  );
  const deliveryCash = deliveryNet + (isAdded ? deliveryTax : 0);
  const payable = safe(sumOf(cash) + deliveryCash);
  const total = safe(payable + (pays ? plan.amount : 0));
  const tenders: { id: string; amount: number; promotional: boolean }[] = [];
  let due = payable;
  for (const { id, balance, promotional = false } of input.tenders ?? []) {
    const amount = Math.min(balance, due);
    if (amount > 0) tenders.push({ id, amount, promotional });
    due -= amount;
  }
  return {
    ...{ points, pointsAmounts, nets, taxes, cash, rates, deliveryTax },
    ...{ deliveryCash, total, payable, tenders, due },
  };
}

/** Over the lines in proportion to what is left of them; 0 for all others. */
function spread(left: readonly number[], lines: readonly number[], whole: number): number[] {
  const all = left.map(() => 0);
  if (whole === 0) return all;
  const weights = lines.map((line) => left[line] ?? 0);
  shareOut(whole, weights).forEach((part, position) => (all[lines[position] ?? 0] = part));
  return all;
}

/** Stage F: rounded half up once per rate, over the lines and the delivery at that rate, then shared over them. */
function taxesOf(
  { tax, lines, shipping }: PriceInput,
  nets: readonly number[],
  deliveryNet: number,
): Pick<Sums, 'rates' | 'taxes' | 'deliveryTax'> {
  const taxes = nets.map(() => 0);
  const rates: QuoteTax[] = [];
  let deliveryTax = 0;
  for (const { id, bps, label = '' } of tax?.rates ?? []) {
    const taxed = [...lines.keys()].filter((line) => lines[line]?.tax === id);
    const delivery = shipping?.tax === id ? deliveryNet : 0;
    const weights = [...taxed.map((line) => nets[line] ?? 0), delivery];
    const base = sumOf(weights);
    const amount = mulDiv(base, bps, tax?.mode === 'inclusive' ? 10_000 + bps : 10_000, 'half_up');
    rates.push({ id, label, bps, base, amount });
    if (amount === 0) continue;
    const parts = shareOut(amount, weights);
    taxed.forEach((line, position) => (taxes[line] = parts[position] ?? 0));
    deliveryTax += parts.at(-1) ?? 0;
  }
  return { rates, taxes, deliveryTax };
}
