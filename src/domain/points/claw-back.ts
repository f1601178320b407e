/** Where points come from that an order should not have earned: its own pending ones, then what its buyer has, then the policy. */
import { mulDiv } from '../money.ts';
import type { PointsValue } from '../pricing/quote-shape.ts';
import type { Clawback, RefundRequest } from '../pricing/refund-shape.ts';

type Wish = NonNullable<RefundRequest['clawback']> & {
  readonly points: number;
  /** Minor units of the refund: no more can be deducted. */
  readonly cash: number;
  readonly value: PointsValue | null;
};

/**
 * `only_pending`: nothing else is touched. `within_balance`: what the balance does not cover is written off. `debt`: it is owed, and the next
 * earnings repay it. `deduct_from_refund`: it is paid from the refund at the rate points are spent at, floored; what that cannot bear is owed.
 */
export function clawBack(wish: Wish): { readonly clawback: Clawback; readonly amount: number } {
  const { points, policy, pending, available } = wish;
  const fromPending = Math.min(points, pending);
  const fromAvailable = policy === 'only_pending' ? 0 : Math.min(points - fromPending, available);
  const rest = points - fromPending - fromAvailable;
  const from = { fromPending, fromAvailable, debt: 0, writtenOff: 0, deducted: 0 };
  switch (policy) {
    case 'only_pending':
    case 'within_balance':
      return { clawback: { ...from, writtenOff: rest }, amount: 0 };
    case 'debt':
      return { clawback: { ...from, debt: rest }, amount: 0 };
    case 'deduct_from_refund': {
      const { deducted, amount } = deduct(rest, wish);
      return { clawback: { ...from, deducted, debt: rest - deducted }, amount };
    }
    default:
      return policy satisfies never;
  }
}

function deduct(points: number, { cash, value }: Wish): { readonly deducted: number; readonly amount: number } {
  if (!value || value.amount === 0) return { deducted: 0, amount: 0 };
  const deducted = Math.min(points, mulDiv(cash, value.points, value.amount, 'floor'));
  return { deducted, amount: mulDiv(deducted, value.amount, value.points, 'floor') };
}
