import { audit } from '../audit.ts';
import { productFor } from './catalog-access.ts';
import { show, type UseCase } from '../deps.ts';
import { refreshCards } from '../tell.ts';

/** A seller ends a product for good. Its cards say so; its open orders can still be paid and shipped. */
export const withdrawProduct: UseCase<'withdraw_product'> = async (tx, at, { productId }) => {
  const product = await productFor(tx, at, productId, 'product.edit');
  if (!product.ok) return product;

  if (await tx.catalog.moveProduct(productId, ['on_sale', 'paused', 'frozen'], 'withdrawn')) {
    await refreshCards(tx, at, productId);
    await audit(tx, at, 'product.withdraw', productId, { was: product.value.state });
  }
  return show({ name: 'shop', shopId: product.value.shopId });
};
