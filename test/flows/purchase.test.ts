import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

describe('a purchase', () => {
  test('goes from the tap to the journal: stock kept, paid once, sold, told, and both books agree', async () => {
    const { listingId, variantId } = await world.post();
    const order = await world.buy(world.buyer, listingId);
    expect(order).toMatchObject({ state: 'pending_payment', total: 1250, currency: 'MYR' });
    expect(await world.stock(variantId)).toEqual({ onHand: 5, held: 1, sold: 0 });

    const checkout = await world.openBill(order);
    world.sandbox.pay(checkout, { mode: 'now' });
    await world.settle();

    expect((await world.order(order.id)).state).toBe('paid');
    expect(await world.stock(variantId)).toEqual({ onHand: 4, held: 0, sold: 1 });
    expect(await world.balances()).toEqual({
      'sandbox.channel': 1238,
      'sandbox.channel_fee': 12,
      'sandbox.sales': -1250,
    });
    expect(world.sandboxBalance()).toEqual({ MYR: 1238 });
    expect(await world.timeline(order.id)).toEqual(
      expect.arrayContaining(['placed', 'hold_made', 'attempt_opened', 'notice_verified', 'captured', 'paid']),
    );
    expect(world.told).toContainEqual(expect.objectContaining({ name: 'notice', personId: world.seller }));
  });
});
