// How a story ends: everything that was begun has its end, nothing is kept for nobody, and three books tell the same.
import { expect } from 'vitest';
import { isLive } from '../../src/domain/payment.ts';
import { isOpenRefund } from '../../src/domain/refund.ts';
import { isOpenOrder, wasPaid } from '../../src/domain/order.ts';
import { prove } from './proof.ts';
import { MINUTE, type World } from './world.ts';

/** Until everything that has been begun has ended: slow, late and lost money, refunds, cash that nobody brought. */
const SETTLING_MINUTES = [1, 1, 2, 5, 10, 10, 30, 60, 60, 360, 1440, 1440, 1440, 1440] as const;

/** How many payments the provider must have taken at each checkout, as the story knows it without any code of ours. */
export type Tally = Map<string, { payments: number; late: boolean }>;

export async function settle(world: World): Promise<void> {
  world.sandbox.clearFaults();
  for (const minutes of SETTLING_MINUTES) await world.pass(minutes * MINUTE);
}

export async function judge(world: World, orderIds: readonly string[], tally: Tally): Promise<void> {
  await prove(world);
  let captured = 0;
  for (const orderId of orderIds) captured += await judgeOrder(world, orderId);
  const taken = [...tally.values()].reduce((sum, { payments }) => sum + payments, 0);
  const booked = world.sandbox.book(world.shop.id).filter((line) => line.kind === 'payment').length;
  expect({ booked, captured }).toEqual({ booked: taken, captured: taken });
}

/** Answers how many payments of the provider it has. */
async function judgeOrder(world: World, orderId: string): Promise<number> {
  const order = await world.order(orderId);
  const { captures, refunds, attempts } = await world.money(orderId);
  const holds = await world.store.read((reads) => reads.catalog.holdsOf(orderId));
  const homeless = captures.filter(({ use }) => use === 'late' || use === 'duplicate');
  const sold = wasPaid(order.state) && order.total > 0;
  expect({
    state: order.state,
    waits: isOpenOrder(order.state) && order.state !== 'paid',
    held: holds.filter(({ state }) => state === 'held').length,
    payable: attempts.filter(({ state }) => isLive(state)).map(({ channel, state }) => `${channel} ${state}`),
    // Cash goes back by hand, and nobody in a story says so.
    unpaidBack: refunds.filter(({ channel, state }) => channel === 'sandbox' && isOpenRefund(state)).length,
    // Whatever did not pay the order went back to the buyer, or was tried to.
    forgotten: homeless.filter(({ id }) => !refunds.some(({ captureId }) => captureId === id)).length,
    paidBy: captures.filter(({ use }) => use === 'applied').length,
  }).toEqual({
    ...{ state: order.state, waits: false, held: 0, payable: [], unpaidBack: 0, forgotten: 0 },
    paidBy: sold ? 1 : 0,
  });
  return captures.filter(({ channel }) => channel === 'sandbox').length;
}
