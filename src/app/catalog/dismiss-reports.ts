import { audit } from '../audit.ts';
import { productFor } from './catalog-access.ts';
import { show, type UseCase } from '../deps.ts';

/** A steward has looked at the reports of a product and leaves it as it is. */
export const dismissReports: UseCase<'dismiss_reports'> = async (tx, at, { productId }) => {
  const product = await productFor(tx, at, productId, 'product.freeze');
  if (!product.ok) return product;

  const resolved = await tx.catalog.resolveReports(productId, at.now);
  if (resolved > 0) await audit(tx, at, 'product.dismiss_reports', productId, { resolved });
  return show({ name: 'admin' });
};
