/**
 * What a refund that went through undoes beside the money, in this order and in the same commit. Each step reads what it needs and
 * leaves alone what it has undone before: points take their place here.
 */
import { isOpenRefund } from '../../domain/refund.ts';
import type { Tx } from '../../ports/store.ts';
import type { Order, OrderLine } from '../../ports/store/orders.ts';
import type { Capture, Refund } from '../../ports/store/payments.ts';
import { putBack } from '../orders/stock.ts';
import { returnCoupons } from '../promotions/redemptions.ts';
import type { When } from '../timeline.ts';

type Undone = {
  readonly order: Order;
  readonly lines: readonly OrderLine[];
  readonly capture: Capture;
  readonly refund: Refund;
};
type UndoStep = (tx: Tx, at: When, undone: Undone) => Promise<void>;

const backOnSale: UndoStep = async (tx, at, { order, lines, refund }) => {
  if (refund.restock) await putBack(tx, at, order, lines, refund.lines);
};

/** Only when every line is back, and no refund of them may still fail. */
const couponsBack: UndoStep = async (tx, at, { order, lines, capture }) => {
  if (capture.use !== 'applied' || lines.some((line) => line.refundedQuantity < line.quantity)) return;
  const refunds = await tx.payments.refunds(order.id);
  if (!refunds.some((one) => one.captureId === capture.id && isOpenRefund(one.state)))
    await returnCoupons(tx, at, order);
};

export const UNDO_STEPS: readonly UndoStep[] = [backOnSale, couponsBack];
