import { expect, test } from 'vitest';
import { randomIds } from '../../src/runtime/ids.ts';
import { freshDatabase, onEachEngine } from '../support/stores.ts';
import { AT, placeOrder, payOrder, putGoods, seedMarket, write } from '../support/rows.ts';

onEachEngine('stock', (kind) => {
  const open = async () => {
    const database = freshDatabase(kind);
    const store = await database.open();
    return { database, store, market: await seedMarket(store) };
  };

  test('of a hundred buyers who want the last unit at once, exactly one holds it', async () => {
    const { store, market } = await open();
    const { variant } = await putGoods(market, 1);
    const wins = await Promise.all(
      Array.from({ length: 100 }, () => store.transact(null, (tx) => tx.catalog.holdStock(variant.id, 1))),
    );
    expect(wins.filter(Boolean)).toHaveLength(1);
    expect(await store.read((reads) => reads.catalog.variant(variant.id))).toMatchObject({
      onHand: 1,
      held: 1,
      sold: 0,
    });
  });

  test('of many who take without a hold, no more are served than there is', async () => {
    const { database, store, market } = await open();
    const goods = await putGoods(market, 7);
    const { order } = await placeOrder(market, goods, 3);
    const wins = await Promise.all(
      Array.from({ length: 30 }, () =>
        store.transact(null, (tx) => tx.catalog.takeStock(goods.variant.id, 1, AT, order.id)),
      ),
    );
    expect(wins.filter(Boolean)).toHaveLength(4);
    expect(await store.read((reads) => reads.catalog.variant(goods.variant.id))).toMatchObject({
      onHand: 3,
      held: 3,
      sold: 4,
    });
    const moves = await database.query(
      `select sum(delta) as total from stock_moves where variant_id = '${goods.variant.id}'`,
    );
    expect(Number(moves[0]?.['total'])).toBe(3);
  });

  test('a sale of held units, and a return, move units in hand and write both moves', async () => {
    const { database, store, market } = await open();
    const goods = await putGoods(market, 5);
    const { order } = await payOrder(market, await placeOrder(market, goods, 2));
    await write(store, (tx) => tx.catalog.returnStock(goods.variant.id, 1, AT, order.id));
    expect(await store.read((reads) => reads.catalog.variant(goods.variant.id))).toMatchObject({
      onHand: 4,
      held: 0,
      sold: 1,
    });
    const moves = await database.query('select delta, reason, order_id from stock_moves order by seq');
    expect(moves.map((move) => [Number(move['delta']), move['reason'], move['order_id']])).toEqual([
      [5, 'initial', null],
      [-2, 'sale', order.id],
      [1, 'return', order.id],
    ]);
  });

  test('unlimited stock can always be held, taken and returned, and writes no moves', async () => {
    const { database, store, market } = await open();
    const goods = await putGoods(market, null);
    const { order } = await payOrder(market, await placeOrder(market, goods, 900));
    await write(store, async (tx) => {
      expect(await tx.catalog.takeStock(goods.variant.id, 5, AT, order.id)).toBe(true);
      await tx.catalog.returnStock(goods.variant.id, 1, AT, order.id);
    });
    expect(await store.read((reads) => reads.catalog.variant(goods.variant.id))).toMatchObject({
      onHand: null,
      held: 0,
      sold: 904,
    });
    expect(await database.query('select * from stock_moves')).toEqual([]);
  });

  test('a seller sets units in hand, never below what is held, and each change writes its difference', async () => {
    const { database, store, market } = await open();
    const goods = await putGoods(market, 5);
    await placeOrder(market, goods, 3);
    const set = (onHand: number | null) =>
      store.transact(null, (tx) => tx.catalog.setOnHand(goods.variant.id, onHand, AT, 'set_by_seller'));
    expect(await set(2)).toBe(false);
    expect([await set(3), await set(null), await set(10)]).toEqual([true, true, true]);
    const moves = await database.query('select delta from stock_moves order by seq');
    expect(moves.map((move) => Number(move['delta']))).toEqual([5, -2, -3, 10]);
  });

  test('setting units in hand while others buy loses no unit of either', async () => {
    const { database, store, market } = await open();
    const goods = await putGoods(market, 50);
    const { order } = await placeOrder(market, goods, 1);
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        store.transact(null, (tx) =>
          index % 4 === 0
            ? tx.catalog.setOnHand(goods.variant.id, 60 + index, AT, 'set')
            : tx.catalog.takeStock(goods.variant.id, 1, AT, order.id),
        ),
      ),
    );
    const moves = await database.query('select sum(delta) as total from stock_moves');
    const variant = await store.read((reads) => reads.catalog.variant(goods.variant.id));
    expect(variant?.onHand).toBe(Number(moves[0]?.['total']));
  });

  test('a hold ends once, and an order has one open hold of a variant', async () => {
    const { store, market } = await open();
    const goods = await putGoods(market, 5);
    const { order } = await placeOrder(market, goods, 2);
    const [hold] = await store.read((reads) => reads.catalog.holdsOf(order.id));
    if (!hold) throw new Error('no hold');
    const again = { ...hold, id: randomIds.next() };
    expect(await store.transact(null, (tx) => tx.catalog.insertHold(again, AT))).toBe(false);
    const ends = await Promise.all(
      (['released', 'committed', 'released'] as const).map((to) =>
        store.transact(null, (tx) => tx.catalog.endHold(hold.id, to, AT)),
      ),
    );
    expect(ends.filter(Boolean)).toHaveLength(1);
  });

  test('releasing or selling more than is held is a bug that undoes the whole work', async () => {
    const { store, market } = await open();
    const { variant } = await putGoods(market, 5);
    const work = write(store, async (tx) => {
      await tx.catalog.holdStock(variant.id, 2);
      await tx.catalog.releaseStock(variant.id, 3);
    });
    await expect(work).rejects.toThrow(/release of 3 units/);
    expect(await store.read((reads) => reads.catalog.variant(variant.id))).toMatchObject({ held: 0 });
    await expect(write(store, (tx) => tx.catalog.holdStock(variant.id, -1))).rejects.toThrow(RangeError);
  });
});

onEachEngine('single-use codes', (kind) => {
  test('codes are never handed out twice, and everybody who may have one gets one', async () => {
    const store = await freshDatabase(kind).open();
    const market = await seedMarket(store);
    const codes = Array.from({ length: 20 }, (_, index) => `CODE-${index}`);
    const goods = await putGoods(market, null, { kind: 'digital', digital: 'codes', delivery: null, codes });
    const bills = [];
    for (let n = 1; n <= 10; n++) bills.push(await placeOrder(market, goods, 2));
    const given = await Promise.all(
      bills.map(({ order, line }) =>
        store.transact(null, (tx) => tx.catalog.assignCodes(goods.product.id, order.id, line.id, 2, AT)),
      ),
    );
    expect(given).toEqual(bills.map(() => 2));
    const handed = [];
    for (const { order } of bills) handed.push(...(await store.read((reads) => reads.catalog.codesOf(order.id))));
    expect(handed.map((one) => one.code).toSorted()).toEqual(codes.toSorted());
    expect(await store.read((reads) => reads.catalog.freeCodes(goods.product.id))).toBe(0);
  });

  test('the oldest are handed out first; the same code is added once; shown ones never come back', async () => {
    const store = await freshDatabase(kind).open();
    const market = await seedMarket(store);
    const goods = await putGoods(market, null, {
      kind: 'digital',
      digital: 'codes',
      delivery: null,
      codes: ['A', 'B', 'C'],
    });
    const { id } = goods.product;
    expect(await store.transact(null, (tx) => tx.catalog.addCodes(id, ['C', 'D'], AT))).toBe(1);
    const first = await placeOrder(market, goods, 2);
    const second = await placeOrder(market, goods, 1);
    const assign = (bill: typeof first, units: number) =>
      store.transact(null, (tx) => tx.catalog.assignCodes(id, bill.order.id, bill.line.id, units, AT));
    const codesOf = async ({ order }: typeof first) =>
      (await store.read((reads) => reads.catalog.codesOf(order.id))).map((one) => one.code);
    expect(await assign(first, 2)).toBe(2);
    expect(await codesOf(first)).toEqual(['A', 'B']);
    await write(store, (tx) => tx.catalog.markCodesShown(first.line.id, 2, AT));
    expect(await assign(second, 9)).toBe(2);
    const back = ({ order, line }: typeof first) =>
      store.transact(null, (tx) => tx.catalog.returnUnshownCodes(order.id, line.id, 5));
    expect([await back(first), await back(second)]).toEqual([0, 2]);
    expect([await codesOf(first), await codesOf(second)]).toEqual([['A', 'B'], []]);
    expect(await store.read((reads) => reads.catalog.freeCodes(id))).toBe(2);
  });
});
