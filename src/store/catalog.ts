/** Everything about what is sold. */
import { sql } from 'kysely';
import type { Vault } from '../ports/runtime.ts';
import type { CatalogWrites } from '../ports/store/catalog.ts';
import { codeQueries } from './codes.ts';
import { personVault } from './person-vault.ts';
import { prepare, type Run } from './prepare.ts';
import { productQueries } from './products.ts';
import { questionQueries } from './questions.ts';
import { tables } from './schema.ts';
import { stockQueries } from './stock.ts';
import { variantQueries } from './variants.ts';

const unitsOf = prepare('orderLines.unitsOf', { personId: tables.people.id, productId: tables.products.id }, (db, p) =>
  db
    .selectFrom('orderLines')
    .innerJoin('orders', 'orders.id', 'orderLines.orderId')
    .select(sql<number>`coalesce(sum(order_lines.quantity - order_lines.refunded_quantity), 0)`.as('units'))
    .where('orders.buyerId', '=', p.personId)
    .where('orders.state', 'in', ['pending_payment', 'paid', 'fulfilled', 'closed'])
    .where('orderLines.productId', '=', p.productId),
);

export function catalogQueries(run: Run, vault: Vault): CatalogWrites {
  return {
    ...productQueries(run, vault),
    ...variantQueries(run),
    ...stockQueries(run),
    ...codeQueries(run, vault),
    ...questionQueries(run, personVault(run, vault)),
    unitsOf: async (personId, productId) => (await run.first(unitsOf, { personId, productId }))?.units ?? 0,
  };
}
