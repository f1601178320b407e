/** Money: how to pay, cash, refunds, cases. */
import { z } from 'zod';
import type { MoneyIntent } from '../../ports/intents/money.ts';
import { LIST_MAX, amount, id, quantity, text, ticked } from './fields.ts';

const unitsOfLine = z.strictObject({ lineId: id, quantity });
/** By line ("lines.<id>": "2") from a form, or as a list; no units is not a line. */
const units = z
  .union([
    z.array(unitsOfLine).max(LIST_MAX),
    z
      .record(id, z.union([z.literal('').transform(() => 0), quantity]))
      .transform((byLine) => Object.entries(byLine).map(([lineId, count]) => ({ lineId, quantity: count }))),
  ])
  .transform((lines) => lines.filter((one) => one.quantity > 0))
  .default([]);

export const moneySchemas = {
  let_market_collect: z.strictObject({ kind: z.literal('let_market_collect'), shopId: id, collects: z.boolean() }),
  share_bill: z.strictObject({ kind: z.literal('share_bill'), orderId: id, shared: z.boolean() }),
  choose_channel: z.strictObject({ kind: z.literal('choose_channel'), orderId: id, channel: id }),
  confirm_cash: z.strictObject({ kind: z.literal('confirm_cash'), orderId: id }),
  refund: z
    .strictObject({
      kind: z.literal('refund'),
      orderId: id,
      amount: amount.default(''),
      lines: units,
      restock: ticked,
      /** From the form that asks how much: sent empty it is a slip, not the wish to pay back everything. */
      part: z.literal(true).exactOptional(),
    })
    .refine((one) => !one.part || one.amount.trim() !== '' || one.lines.length > 0, { path: ['amount'] })
    .transform(({ kind, orderId, amount: typed, lines, restock }) => {
      return { kind, orderId, amount: typed, lines, restock };
    }),
  request_refund: z.strictObject({
    kind: z.literal('request_refund'),
    orderId: id,
    amount: amount.default(''),
    lines: units,
    reason: text,
  }),
  withdraw_refund_request: z.strictObject({ kind: z.literal('withdraw_refund_request'), requestId: id }),
  decide_refund_request: z.strictObject({
    kind: z.literal('decide_refund_request'),
    requestId: id,
    accept: z.boolean(),
    amount: amount.default(''),
    restock: ticked,
    words: text.default(''),
  }),
  approve_refund: z.strictObject({ kind: z.literal('approve_refund'), refundId: id, approve: z.boolean() }),
  configure_refunds: z.strictObject({
    kind: z.literal('configure_refunds'),
    requestHours: z.string().max(20),
    approvalLimit: amount,
  }),
  refund_paid_by_hand: z.strictObject({ kind: z.literal('refund_paid_by_hand'), refundId: id, proof: text }),
  resolve_case: z.strictObject({
    kind: z.literal('resolve_case'),
    caseId: id,
    decision: z.enum(['deliver', 'refund', 'dismiss', 'book', 'replay']),
    reason: text.exactOptional(),
  }),
  reconcile: z.strictObject({ kind: z.literal('reconcile'), day: z.string().max(20) }),
} satisfies { [K in MoneyIntent['kind']]: z.ZodType<Extract<MoneyIntent, { kind: K }>> };
