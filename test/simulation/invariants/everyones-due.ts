import type { BankPayment } from '../bank/bank.ts';
import { atRest } from '../engine/invariant.ts';
import type { Stage } from '../engine/stage.ts';
import type { Bill } from '../memory.ts';

/** What became of an order, as its row says. */
type End = { readonly state: string; readonly total: number; readonly expiresAt: number; readonly paidBy: string };

const PAID = ['paid', 'fulfilled', 'closed'];

export const invariant = atRest('everybody has what they are due, as an onlooker would count it', (stage) =>
  stage.memory.bills().flatMap((bill) => {
    const end = endOf(stage, bill.orderId);
    return judge(stage, bill, end).map((fault) => `order ${bill.orderId}, ${end.state}, ${end.total}: ${fault}`);
  }),
);

function endOf(stage: Stage, orderId: string): End {
  const [order] = stage.rows('select state, total, created_at from orders where id = ?', [orderId]);
  const [capture] = stage.rows("select channel_ref from captures where order_id = ? and use = 'applied'", [orderId]);
  const [attempt] = stage.rows('select min(expires_at) as ends_at from attempts where order_id = ?', [orderId]);
  return {
    state: String(order?.['state']),
    total: Number(order?.['total']),
    expiresAt: Number(attempt?.['endsAt'] ?? 0),
    paidBy: String(capture?.['channelRef'] ?? ''),
  };
}

function judge(stage: Stage, bill: Bill, end: End): string[] {
  const faults: string[] = [];
  const isPaid = PAID.includes(end.state);
  const mine = stage.bank.payments().filter((one) => one.orderId === bill.orderId && one.state === 'succeeded');
  // One payment is the order's own, and of it the shop keeps what nobody wished back; all others went back whole.
  for (const payment of mine) {
    const own = payment.id === end.paidBy;
    const left = payment.amount - backOf(stage, payment);
    if (!own && left !== 0) faults.push(`${left} of ${payment.id} was neither earned nor given back`);
    if (own && !isFitting(stage, bill, payment, left)) faults.push(`the shop keeps ${left} of ${payment.amount}`);
  }
  if (isPaid && end.total > 0 && end.paidBy === '') faults.push('nothing has paid it');
  if (isPaid && !bill.cash && !mine.some((one) => one.id === end.paidBy)) faults.push('it was paid by nobody');
  if (mustBePaid(stage, bill, end) && !isPaid)
    faults.push('it was paid in time, its goods were kept, and it is not paid');
  if (!costsRightly(stage, bill, end)) faults.push('its bill does not add up');
  return faults;
}

/** What went back of a payment, and stayed with the buyer. */
const backOf = (stage: Stage, payment: BankPayment): number =>
  stage.bank
    .refunds()
    .reduce((sum, one) => (one.payment === payment.id && one.state === 'succeeded' ? sum + one.amount : sum), 0);

/** What is left of the payment that paid the order, beside what people wished back of it. */
function isFitting(stage: Stage, { cancelled, wishes, tainted }: Bill, payment: BankPayment, left: number): boolean {
  const failed = stage.bank.refunds().some((one) => one.payment === payment.id && one.state === 'failed');
  const isAll = cancelled || wishes.some((one) => one.amount === null);
  const most = wishes.reduce((sum, one) => sum + (one.amount ?? 0), 0);
  // A refund that failed is sent again or dropped as the steward decides; either way no more goes back than was wished.
  if (failed || tainted) return left >= (isAll ? 0 : Math.max(0, payment.amount - 2 * most));
  if (isAll) return left === 0;
  const units = wishes.reduce((sum, one) => sum + one.units, 0);
  return left >= payment.amount - most && left <= payment.amount - most + units;
}

/** Money came while the bill was open and its goods were kept for it: nothing may stand in its way. */
function mustBePaid(stage: Stage, { payments, goods, cancelled, tainted }: Bill, { total, expiresAt }: End): boolean {
  if (cancelled || tainted || !goods.every(({ variantId }) => stage.memory.isKept(variantId))) return false;
  return payments.some(({ amount, at }) => amount === total && at < expiresAt - stage.skewMax() - 1_000);
}

function costsRightly(stage: Stage, bill: Bill, { total }: End): boolean {
  const lines = stage.rows('select variant_id, quantity, total from order_lines where order_id = ?', [bill.orderId]);
  const worth = lines.reduce((sum, line) => sum + Number(line['total']), 0);
  const ids = lines.map((line) => String(line['variantId']));
  const priced = lines.every((line) =>
    stage.memory.mayCost(String(line['variantId']), Number(line['quantity']), Number(line['total'])),
  );
  const units = (list: readonly { readonly quantity: unknown }[]) =>
    list.reduce((sum, one) => sum + Number(one.quantity), 0);
  const asWanted = units(bill.goods) === units(lines.map((line) => ({ quantity: line['quantity'] })));
  return priced && asWanted && total === worth + stage.memory.feeFor(ids, worth);
}
