/** What is sold of a product, and for how much. */
import type { CatalogWrites, Variant } from '../ports/store/catalog.ts';
import { pick } from './columns.ts';
import { PARTS_MAX } from './names.ts';
import { list, prepare, type Run } from './prepare.ts';
import { type RowOf, tables } from './schema.ts';
import { recordMove } from './stock.ts';

/** A community shows at most 100 products at a time, each of at most 25 variants. */
const VARIANTS_READ_MAX = 4000;

const byId = prepare('variants.byId', pick(tables.variants, 'id'), (db, p) =>
  db.selectFrom('variants').selectAll().where('id', '=', p.id),
);
const ofProducts = prepare('variants.ofProducts', { productIds: list(tables.variants.productId) }, (db, p) =>
  db
    .selectFrom('variants')
    .selectAll()
    .where('productId', 'in', p.productIds)
    .orderBy('productId')
    .orderBy('position')
    .orderBy('id')
    .limit(VARIANTS_READ_MAX),
);
const pricesOfProducts = prepare('prices.ofProducts', { productIds: list(tables.variants.productId) }, (db, p) =>
  db
    .selectFrom('prices')
    .innerJoin('variants', 'variants.id', 'prices.variantId')
    .select(['prices.variantId', 'prices.currency', 'prices.amount'])
    .where('variants.productId', 'in', p.productIds)
    .orderBy('prices.variantId')
    .orderBy('prices.currency')
    .limit(VARIANTS_READ_MAX * 8),
);
const pricesOf = prepare('prices.of', pick(tables.prices, 'variantId'), (db, p) =>
  db.selectFrom('prices').selectAll().where('variantId', '=', p.variantId).orderBy('currency').limit(PARTS_MAX),
);
const insert = prepare('variants.insert', tables.variants, (db, p) =>
  db
    .insertInto('variants')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const insertPrice = prepare('prices.insert', tables.prices, (db, p) => db.insertInto('prices').values(p));
const dropPrices = prepare('prices.drop', pick(tables.prices, 'variantId'), (db, p) =>
  db.deleteFrom('prices').where('variantId', '=', p.variantId),
);
const madeAt = prepare('variants.madeAt', pick(tables.products, 'id'), (db, p) =>
  db.selectFrom('products').select('createdAt').where('id', '=', p.id),
);

type Prices = readonly RowOf<'prices'>[];

function withPrices(row: RowOf<'variants'>, prices: Prices): Variant {
  const own = prices.filter((price) => price.variantId === row.id);
  return { ...row, prices: Object.fromEntries(own.map((price) => [price.currency, price.amount])) };
}

type VariantQueries = Pick<CatalogWrites, 'variant' | 'variants' | 'variantsOf' | 'insertVariant' | 'setPrices'>;

export function variantQueries(run: Run): VariantQueries {
  const variantsOf: VariantQueries['variantsOf'] = async (productIds) => {
    const rows = await run.all(ofProducts, { productIds });
    if (rows.length === 0) return [];
    const prices = Map.groupBy(await run.all(pricesOfProducts, { productIds }), (price) => price.variantId);
    return rows.map((row) => withPrices(row, prices.get(row.id) ?? []));
  };
  const setPrices: VariantQueries['setPrices'] = async (variantId, prices) => {
    await run.change(dropPrices, { variantId });
    for (const [currency, amount] of Object.entries(prices))
      await run.change(insertPrice, { variantId, currency, amount });
  };
  return {
    async variant(id) {
      const row = await run.first(byId, { id });
      return row && withPrices(row, await run.all(pricesOf, { variantId: id }));
    },
    variants: (productId) => variantsOf([productId]),
    variantsOf,
    async insertVariant(row) {
      if ((await run.change(insert, row)) === 0) return false;
      await setPrices(row.id, row.prices);
      const product = await run.first(madeAt, { id: row.productId });
      await recordMove(run, {
        variantId: row.id,
        delta: row.onHand ?? 0,
        reason: 'initial',
        at: product?.createdAt ?? 0,
      });
      return true;
    },
    setPrices,
  };
}
