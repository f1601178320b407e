/** What stands in the fields of a product's form already. */
import type { Money } from '../domain/money.ts';
import type { ProductData } from '../ports/shown.ts';
import type { Words } from '../ports/words.ts';
import type { Filled } from './product-form.ts';

type Known = {
  readonly product: ProductData;
  readonly digitalText: string;
  readonly serviceNote: string;
  /** What the price is typed in. */
  readonly currency: string;
  readonly quickPay: boolean | null;
};

/** The product as its seller would type it. An empty price leaves prices alone that differ between variants. */
export function filledOf({ product, digitalText, serviceNote, currency, quickPay }: Known, fmt: Words['fmt']): Filled {
  const prices = samePrices(product);
  const main = prices.find((one) => one.currency === currency);
  const others = prices.filter((one) => one.currency !== currency);
  return {
    title: product.title,
    description: product.description,
    price: main ? fmt.plain(main) : '',
    otherPrices: others.map((one) => `${one.currency} ${fmt.plain(one)}`).join(', '),
    limitPerPerson: product.limitPerPerson === null ? '' : String(product.limitPerPerson),
    holdMinutes: product.holdPolicy.kind === 'on_checkout' ? String(product.holdPolicy.minutes) : '',
    imageDigest: product.image?.digest ?? '',
    imageAlt: product.image?.alt ?? '',
    pickup: product.pickup,
    pickupNote: product.pickupNote,
    shippingFee: product.shipping ? fmt.plain(product.shipping.fee) : '',
    shippingFreeFrom: product.shipping?.freeFrom ? fmt.plain(product.shipping.freeFrom) : '',
    digitalText,
    serviceNote,
    quickPay: quickPay ?? false,
  };
}

function samePrices({ variants }: ProductData): readonly Money[] {
  const lists = variants.map(({ prices }) => prices);
  const [first = []] = lists;
  return lists.every((list) => JSON.stringify(list) === JSON.stringify(first)) ? first : [];
}

/** For a new product like an old one: its options, and as many units of each as there were in hand. Codes are sold once and not repeated. */
export function repeatedOf(known: Known, fmt: Words['fmt']): Filled {
  const { options, variants } = known.product;
  const inHand = new Set(variants.map(({ available, held }) => (available === null ? '' : String(available + held))));
  const [stock] = inHand;
  return {
    ...filledOf(known, fmt),
    options: options.map(({ name, values }) => `${name}: ${values.join(', ')}`).join('\n'),
    stock: inHand.size === 1 && stock !== '0' ? (stock ?? '') : '',
  };
}
