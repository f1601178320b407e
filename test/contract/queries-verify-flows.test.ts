// What the real use cases leave behind is what verification says a market must be.
import { expect, test } from 'vitest';
import { verifyStore } from '../../src/store/verify/verify.ts';
import { onEachEngine } from '../support/stores.ts';
import { MINUTE, openWorld, type World } from '../support/world.ts';

async function brokenIn(world: World): Promise<unknown[]> {
  const { results } = await verifyStore(world.store, world.deps.vault);
  return results.filter(({ broken, weight }) => weight === 'must' && broken.length > 0);
}

onEachEngine('verification of the real flows', (engine) => {
  test('paid, refunded, late, twice paid, cancelled and digital orders leave nothing broken', async () => {
    const world = await openWorld({ engine, members: 2 });
    try {
      const { buyer, seller, sandbox } = world;
      const goods = await world.post();
      const keys = await world.post({ digitalCodes: 'A-1\nB-2\nC-3', stock: '', pickup: false }, 'digital');
      const free = await world.post({ price: '0', stock: '' });

      const paid = await world.buy(buyer, goods.listingId, 2);
      sandbox.pay(await world.openBill(paid), { mode: 'now' });
      await world.settle();
      expect(await brokenIn(world)).toEqual([]);
      await world.done(seller, { kind: 'refund', orderId: paid.id, amount: '5.00', lines: [], restock: false });
      await world.settle();
      await world.done(seller, { kind: 'refund', orderId: paid.id, amount: '', lines: [], restock: true });
      await world.settle();
      expect(await brokenIn(world)).toEqual([]);

      const late = await world.buy(buyer, goods.listingId, 1);
      sandbox.pay(await world.openBill(late), { mode: 'late' });
      await world.pass(16 * MINUTE);
      await world.pass(60 * MINUTE);
      expect(await brokenIn(world)).toEqual([]);

      const last = await world.post({ holdMinutes: '', stock: '1' });
      const rivals = [
        await world.buy(buyer, last.listingId),
        await world.buy(world.buyers[1] ?? buyer, last.listingId),
      ];
      for (const rival of rivals) sandbox.pay(await world.openBill(rival), { mode: 'now' });
      await world.settle();
      expect(await brokenIn(world)).toEqual([]);

      const coded = await world.buy(buyer, keys.listingId, 2);
      sandbox.pay(await world.openBill(coded), { mode: 'twice' });
      await world.settle();
      await world.buy(buyer, free.listingId, 1);
      const cancelled = await world.buy(world.buyers[1] ?? buyer, goods.listingId, 1);
      await world.done(world.buyers[1] ?? buyer, { kind: 'cancel_order', orderId: cancelled.id });
      await world.pass(MINUTE);
      expect(await brokenIn(world)).toEqual([]);
    } finally {
      await world.close();
    }
  });
});
