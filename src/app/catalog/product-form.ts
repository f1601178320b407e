/** A product as its form tells it, parsed to facts. Every fault names the field of the form it is about. */
import { fail, ok, type Result } from '../../domain/faults.ts';
import type { Money } from '../../domain/money.ts';
import {
  combinations,
  HOLD_MINUTES_MAX,
  VARIANTS_MAX,
  type DeliveryOffer,
  type DigitalDelivery,
  type HoldPolicy,
  type ProductKind,
  type ProductOption,
} from '../../domain/product.ts';
import type { ProductForm } from '../../ports/intents/catalog.ts';
import { amountField, amountsField, countField, textField } from './fields.ts';

export const STOCK_MAX = 1_000_000;
const LIMIT_MAX = 1000;
const OPTIONS_MAX = 3;
const CODES_MAX = 500;

/** Minor units by currency. */
export type PriceList = Readonly<Record<string, number>>;

export type ProductWords = {
  readonly title: string;
  readonly description: string;
  readonly imageAlt: string;
  readonly serviceNote: string;
};

export type SellingRules = {
  readonly limitPerPerson: number | null;
  readonly holdPolicy: HoldPolicy;
  readonly quickPay: boolean;
};

export type DigitalGoods = {
  readonly digital: DigitalDelivery | null;
  readonly digitalText: string;
  readonly codes: readonly string[];
};

export type ProductFacts = ProductWords &
  SellingRules &
  DigitalGoods & {
    readonly imageDigest: string | null;
    readonly options: readonly ProductOption[];
    readonly prices: PriceList;
    /** Units of each variant; null is unlimited. */
    readonly stock: number | null;
    readonly delivery: DeliveryOffer | null;
  };

/** `currency` is what the price and the fee are typed in. */
export function parseProductForm(kind: ProductKind, form: ProductForm, currency: string): Result<ProductFacts> {
  const words = parseWords(form);
  if (!words.ok) return words;
  const prices = parsePrices(form, currency);
  if (!prices.ok) return prices;
  const options = parseOptions(form.options);
  if (!options.ok) return options;
  const stock = countField('stock', form.stock, { min: 0, max: STOCK_MAX });
  if (!stock.ok) return stock;
  const rules = parseRules(form);
  if (!rules.ok) return rules;
  const delivery = parseDelivery(kind, form, currency);
  if (!delivery.ok) return delivery;
  const goods = parseGoods(kind, form, options.value);
  if (!goods.ok) return goods;
  return ok({
    ...words.value,
    ...rules.value,
    ...goods.value,
    imageDigest: form.imageDigest === '' ? null : form.imageDigest,
    options: options.value,
    prices: prices.value,
    // Each code is one unit: their number is the stock.
    stock: goods.value.digital === 'codes' ? goods.value.codes.length : stock.value,
    delivery: delivery.value,
  });
}

export function parseWords(form: ProductForm): Result<ProductWords> {
  const title = textField('title', form.title, { max: 80 });
  if (!title.ok) return title;
  const description = textField('description', form.description, { max: 1000, lines: true, optional: true });
  if (!description.ok) return description;
  const imageAlt = textField('imageAlt', form.imageAlt, { max: 200, optional: true });
  if (!imageAlt.ok) return imageAlt;
  const serviceNote = textField('serviceNote', form.serviceNote, { max: 500, lines: true, optional: true });
  if (!serviceNote.ok) return serviceNote;
  return ok({
    title: title.value,
    description: description.value,
    // A picture without words of its own is described by what it shows: the product.
    imageAlt: imageAlt.value === '' ? title.value : imageAlt.value,
    serviceNote: serviceNote.value,
  });
}

export function parsePrices(form: Pick<ProductForm, 'price' | 'otherPrices'>, currency: string): Result<PriceList> {
  const price = amountField('price', form.price, currency);
  if (!price.ok) return price;
  const others = amountsField('otherPrices', form.otherPrices);
  if (!others.ok) return others;
  if (others.value.some((other) => other.currency === currency)) return fail('input_invalid', { field: 'otherPrices' });
  return ok(Object.fromEntries([price.value, ...others.value].map((one) => [one.currency, one.amount])));
}

export function parseRules(
  form: Pick<ProductForm, 'limitPerPerson' | 'holdMinutes' | 'quickPay'>,
): Result<SellingRules> {
  const limit = countField('limitPerPerson', form.limitPerPerson, { min: 1, max: LIMIT_MAX });
  if (!limit.ok) return limit;
  const minutes = countField('holdMinutes', form.holdMinutes, { min: 1, max: HOLD_MINUTES_MAX });
  if (!minutes.ok) return minutes;
  return ok({
    limitPerPerson: limit.value,
    quickPay: form.quickPay,
    holdPolicy: minutes.value === null ? { kind: 'first_paid' } : { kind: 'on_checkout', minutes: minutes.value },
  });
}

/** One option a line, "Size: S, M, L". */
function parseOptions(raw: string): Result<readonly ProductOption[]> {
  const invalid = fail('input_invalid', { field: 'options' });
  const options: ProductOption[] = [];
  for (const line of raw.split('\n').filter((one) => one.trim() !== '')) {
    const parts = /^([^:：]+)[:：](.+)$/u.exec(line);
    if (!parts) return invalid;
    const name = textField('options', parts[1] ?? '', { max: 30 });
    if (!name.ok) return name;
    const values: string[] = [];
    for (const one of (parts[2] ?? '').split(/[,،，、;]/u).filter((value) => value.trim() !== '')) {
      const value = textField('options', one, { max: 30 });
      if (!value.ok) return value;
      values.push(value.value);
    }
    if (values.length === 0 || new Set(values).size < values.length) return invalid;
    options.push({ name: name.value, values });
  }
  if (new Set(options.map((option) => option.name)).size < options.length) return invalid;
  const variants = options.reduce((product, option) => product * option.values.length, 1);
  if (options.length > OPTIONS_MAX || variants > VARIANTS_MAX) {
    return fail('options_too_many', { field: 'options', options: OPTIONS_MAX, max: VARIANTS_MAX });
  }
  return ok(options);
}

export function parseDelivery(kind: ProductKind, form: ProductForm, currency: string): Result<DeliveryOffer | null> {
  if (kind !== 'physical') return ok(null);
  const note = textField('pickupNote', form.pickupNote, { max: 200, lines: true, optional: true });
  if (!note.ok) return note;
  const fees = amountsField('shippingFee', form.shippingFee, currency);
  if (!fees.ok) return fees;
  const freeFrom = amountsField('shippingFreeFrom', form.shippingFreeFrom, currency);
  if (!freeFrom.ok) return freeFrom;
  const feeIn = (one: Money) => fees.value.some((fee) => fee.currency === one.currency);
  if (!freeFrom.value.every(feeIn)) return fail('input_invalid', { field: 'shippingFreeFrom' });
  if (!form.pickup && fees.value.length === 0) return fail('delivery_missing', { field: 'pickup' });
  const shipping = fees.value.map((fee) => {
    const from = freeFrom.value.find((one) => one.currency === fee.currency);
    return from ? { fee, freeFrom: from } : { fee };
  });
  const pickupNote = form.pickup && note.value !== '' ? { pickupNote: note.value } : {};
  return ok({ pickup: form.pickup, ...pickupNote, shipping });
}

/** A digital product hands over one text to everybody, or a code of its own to each order. */
function parseGoods(kind: ProductKind, form: ProductForm, options: readonly ProductOption[]): Result<DigitalGoods> {
  if (kind !== 'digital') return ok({ digital: null, digitalText: '', codes: [] });
  const text = parseDigitalText(form.digitalText);
  if (!text.ok) return text;
  const codes = parseCodes('digitalCodes', form.digitalCodes);
  if (!codes.ok) return codes;
  if (codes.value.length === 0) {
    if (text.value === '') return fail('codes_missing', { field: 'digitalText' });
    return ok({ digital: 'text', digitalText: text.value, codes: [] });
  }
  if (text.value !== '') return fail('input_invalid', { field: 'digitalText' });
  // Codes belong to the product as a whole: nothing says which of them fits which choice.
  if (combinations(options).length > 1) return fail('input_invalid', { field: 'options' });
  return ok({ digital: 'codes', digitalText: '', codes: codes.value });
}

export function parseDigitalText(raw: string): Result<string> {
  return textField('digitalText', raw, { max: 2000, lines: true, optional: true });
}

/** One code a line. */
export function parseCodes(field: string, raw: string): Result<readonly string[]> {
  const lines = raw.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (lines.length > CODES_MAX) return fail('input_invalid', { field, max: CODES_MAX });
  const codes = new Set<string>();
  for (const line of lines) {
    const code = textField(field, line, { max: 200 });
    if (!code.ok) return code;
    if (codes.has(code.value)) return fail('codes_repeated', { field });
    codes.add(code.value);
  }
  return ok([...codes]);
}
