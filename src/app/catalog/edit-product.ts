import { fail, ok, type Fault, type Result } from '../../domain/faults.ts';
import type { ProductForm } from '../../ports/intents/catalog.ts';
import type { Reads, Tx } from '../../ports/store.ts';
import type { Product } from '../../ports/store/catalog.ts';
import { addStockOfCodes } from './add-codes.ts';
import { audit } from '../audit.ts';
import { chargeObjection } from './chargeable-price.ts';
import { productToEdit } from './catalog-access.ts';
import { show, type Circumstances, type UseCase } from '../deps.ts';
import { chatsOf, platformPriceObjection } from './platform-price.ts';
import {
  parseCodes,
  parseDelivery,
  parseDigitalText,
  parsePrices,
  parseRules,
  parseWords,
  type PriceList,
  type ProductWords,
  type SellingRules,
} from './product-form.ts';
import { refreshCards } from '../tell.ts';

/** What an edit changes; null leaves as it is. Options and stock have no part in it: units in hand are set by themselves. */
type Edit = {
  readonly words: ProductWords;
  readonly rules: SellingRules;
  readonly imageDigest: string | null;
  readonly delivery: Product['delivery'];
  readonly prices: PriceList | null;
  readonly digitalText: string | null;
  readonly codes: readonly string[];
};

/** A seller rewrites a product; every copy of its card follows. An empty price, picture or digital text stays what it was. */
export const editProduct: UseCase<'edit_product'> = async (tx, at, { productId, form }) => {
  const found = await productToEdit(tx, at, productId);
  if (!found.ok) return found;
  const product = found.value;
  const edit = await parseEdit(tx, at, product, form);
  if (!edit.ok) return edit;
  const { words, rules, imageDigest, delivery, prices, digitalText, codes } = edit.value;

  const picture = imageDigest === null ? {} : { imageDigest };
  await tx.catalog.updateProduct(productId, { ...words, ...rules, ...picture, delivery });
  if (prices) await priceEveryVariant(tx, productId, prices);
  if (digitalText !== null) await tx.catalog.setDigitalText(productId, digitalText);
  if (codes.length > 0) await addStockOfCodes(tx, at, { productId, codes });
  await refreshCards(tx, at, productId);
  await audit(tx, at, 'product.edit', productId);
  return show({ name: 'notice', kind: 'saved', objectId: productId });
};

async function parseEdit(reads: Reads, at: Circumstances, product: Product, form: ProductForm): Promise<Result<Edit>> {
  const words = parseWords(form);
  if (!words.ok) return words;
  const rules = parseRules(form);
  if (!rules.ok) return rules;
  const delivery = parseDelivery(product.kind, form, at.community.currency);
  if (!delivery.ok) return delivery;
  const prices = form.price.trim() === '' ? ok(null) : parsePrices(form, at.community.currency);
  if (!prices.ok) return prices;
  if (prices.value) {
    const goods = { shopId: product.shopId, kind: product.kind, title: words.value.title, prices: [prices.value] };
    const unpriced = await platformPriceObjection(reads, at.deps, goods, await chatsOf(reads, product.id));
    if (unpriced) return { ok: false, fault: unpriced };
    const sold = { shopId: product.shopId, kind: product.kind, prices: prices.value, delivery: delivery.value };
    const uncharged = await chargeObjection(reads, at, sold);
    if (uncharged) return { ok: false, fault: uncharged };
  }
  const text = parseDigitalText(product.digital === 'text' ? form.digitalText : '');
  if (!text.ok) return text;
  const codes = parseCodes('digitalCodes', product.digital === 'codes' ? form.digitalCodes : '');
  if (!codes.ok) return codes;
  const imageDigest = form.imageDigest === '' ? null : form.imageDigest;
  if (imageDigest !== null && !(await reads.catalog.image(imageDigest))) return missingImage;
  const digitalText = text.value === '' ? null : text.value;
  const offer = withOtherFees(delivery.value, product.delivery);
  const parts = { words: words.value, rules: rules.value, delivery: offer, prices: prices.value };
  return ok({ ...parts, imageDigest, digitalText, codes: codes.value });
}

/** The form shows one fee; those in currencies that were not typed stay, as long as the product is sent at all. */
function withOtherFees(typed: Product['delivery'], before: Product['delivery']): Product['delivery'] {
  if (!typed || !before || typed.shipping.length === 0) return typed;
  const known = new Set(typed.shipping.map((one) => one.fee.currency));
  return { ...typed, shipping: [...typed.shipping, ...before.shipping.filter((one) => !known.has(one.fee.currency))] };
}

const missingImage: { ok: false; fault: Fault } = fail('input_invalid', { field: 'imageDigest' });

async function priceEveryVariant(tx: Tx, productId: string, prices: PriceList): Promise<void> {
  for (const variant of await tx.catalog.variants(productId)) await tx.catalog.setPrices(variant.id, prices);
}
