// What a file of `commands/` is: something that people, the bank, the machine or time may do in a history.
import { type Arbitrary, constantFrom } from 'fast-check';
import type { Reply } from '../../../src/ports/core.ts';
import type { Stage } from './stage.ts';

export type Command = {
  /** How often it is drawn, beside the others. */
  readonly weight: number;
  /** What it is given: small plain data, which fast-check makes up and makes smaller. */
  readonly input: Arbitrary<unknown>;
  /** One line for whoever reads the history. */
  readonly tell: (input: unknown) => string;
  /** Begins it; what it causes goes on by the schedule. */
  readonly run: (stage: Stage, input: unknown) => Promise<void> | void;
};

/** Keeps the type of the input to the file that knows it. */
export function define<I>(command: {
  readonly weight: number;
  readonly input: Arbitrary<I>;
  readonly tell: (input: I) => string;
  readonly run: (stage: Stage, input: I) => Promise<void> | void;
}): Command {
  return {
    ...{ weight: command.weight, input: command.input },
    tell: (input) => command.tell(input as I),
    run: (stage, input) => command.run(stage, input as I),
  };
}

/** One of a list that may be shorter than when the number was drawn; undefined when it is empty. */
export const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];

/** A bill by its age: the newest is number 0, and most happens to the newest. */
export const whichBill = constantFrom(0, 0, 0, 0, 1, 1, 2, 3);

export const pickBill = (stage: Stage, index: number) => pick(stage.memory.bills().toReversed(), index);

/** The order that an answer shows; null when it shows none. */
export const shownOrder = (reply: Reply): string | null =>
  reply.ok && reply.show?.name === 'order' ? reply.show.orderId : null;

/** Remembers a bill as its buyer saw it. */
export function remember(stage: Stage, orderId: string, buyer: string): void {
  const [order] = stage.rows('select pay_token from orders where id = ?', [orderId]);
  const lines = stage.rows('select variant_id, quantity from order_lines where order_id = ? order by position', [
    orderId,
  ]);
  const goods = lines.map((one) => ({ variantId: String(one['variantId']), quantity: Number(one['quantity']) }));
  stage.memory.placed({ orderId, buyer, payToken: String(order?.['payToken']), goods });
}

const AMOUNT = /^(\d+)\.(\d\d)$/;
/** Minor units of "12.50". */
export function minorUnits(text: string): number {
  const [, whole = '', cents = ''] = AMOUNT.exec(text) ?? [];
  return Number(whole) * 100 + Number(cents);
}
/** "12.50" of minor units. */
export const typed = (amount: number): string => `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}`;
