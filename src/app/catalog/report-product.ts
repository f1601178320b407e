import { productFor } from './catalog-access.ts';
import { refuse, show, type UseCase } from '../deps.ts';
import { textField } from './fields.ts';
import { notifyStewards } from '../tell.ts';

/** A member tells the stewards that something is wrong with a card; one open report a person and product. */
export const reportProduct: UseCase<'report_product'> = async (tx, at, { productId, reason }) => {
  const product = await productFor(tx, at, productId, 'product.report');
  if (!product.ok) return product;
  if (product.value.state === 'withdrawn') return refuse('product_gone');
  const words = textField('reason', reason, { max: 300, lines: true });
  if (!words.ok) return words;

  const id = at.deps.ids.next();
  const report = { id, productId, reporterId: at.actor.personId, reason: words.value, at: at.now, resolvedAt: null };
  if (!(await tx.catalog.insertReport(report))) return refuse('already_reported');
  const notice = { kind: 'product_reported', objectId: productId, params: { n: at.now } } as const;
  await notifyStewards(tx, at, at.community.id, notice);
  return show({ name: 'notice', kind: 'reported', objectId: productId });
};
