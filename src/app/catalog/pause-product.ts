import { audit } from '../audit.ts';
import { productToEdit } from './catalog-access.ts';
import { refuse, show, type UseCase } from '../deps.ts';
import { refreshCards } from '../tell.ts';

/** A seller takes a product off sale for a while, or puts it back. What was ordered before stays ordered. */
export const pauseProduct: UseCase<'pause_product'> = async (tx, at, { productId, paused }) => {
  const product = await productToEdit(tx, at, productId);
  if (!product.ok) return product;
  if (product.value.state === 'frozen') return refuse('product_frozen');

  const [from, to] = paused ? (['on_sale', 'paused'] as const) : (['paused', 'on_sale'] as const);
  // Pressed twice: the first press did it.
  if (await tx.catalog.moveProduct(productId, [from], to)) {
    await refreshCards(tx, at, productId);
    await audit(tx, at, paused ? 'product.pause' : 'product.resume', productId);
  }
  return show({ name: 'edit_product', productId });
};
