import { describe, expect, test } from 'vitest';
import { DEMO_STALLS } from '../../../src/app/community/demo-stalls.ts';
import { parseCodes, parseProductForm } from '../../../src/app/catalog/product-form.ts';
import type { ProductKind } from '../../../src/domain/product.ts';
import type { ProductForm } from '../../../src/ports/intents/catalog.ts';

const plain: ProductForm = {
  title: 'Mango box',
  description: '',
  price: '12.50',
  otherPrices: '',
  options: '',
  stock: '5',
  limitPerPerson: '',
  holdMinutes: '15',
  imageDigest: '',
  imageAlt: '',
  pickup: true,
  pickupNote: '',
  shippingFee: '',
  shippingFreeFrom: '',
  digitalText: '',
  digitalCodes: '',
  serviceNote: '',
  quickPay: false,
};

const parse = (changes: Partial<ProductForm>, kind: ProductKind = 'physical') =>
  parseProductForm(kind, { ...plain, ...changes }, 'MYR');

const factsOf = (changes: Partial<ProductForm>, kind: ProductKind = 'physical') => {
  const parsed = parse(changes, kind);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.fault));
  return parsed.value;
};

const faultOf = (changes: Partial<ProductForm>, kind: ProductKind = 'physical') => {
  const parsed = parse(changes, kind);
  return parsed.ok ? undefined : { code: parsed.fault.code, field: parsed.fault.params?.['field'] };
};

describe('a product form', () => {
  test('becomes facts in minor units of the community currency', () => {
    expect(factsOf({})).toEqual({
      title: 'Mango box',
      description: '',
      imageAlt: 'Mango box',
      imageDigest: null,
      serviceNote: '',
      options: [],
      prices: { MYR: 1250 },
      stock: 5,
      limitPerPerson: null,
      holdPolicy: { kind: 'on_checkout', minutes: 15 },
      quickPay: false,
      delivery: { pickup: true, shipping: [] },
      digital: null,
      digitalText: '',
      codes: [],
    });
  });

  test('reads digits of any script', () => {
    expect(factsOf({ price: '١٢٫٥٠', stock: '٥', limitPerPerson: '２' })).toMatchObject({
      prices: { MYR: 1250 },
      stock: 5,
      limitPerPerson: 2,
    });
  });

  test('takes an empty stock as unlimited, an empty hold as first paid first served, a price of 0 as free', () => {
    expect(factsOf({ stock: '', holdMinutes: '', price: '0' })).toMatchObject({
      stock: null,
      holdPolicy: { kind: 'first_paid' },
      prices: { MYR: 0 },
    });
  });

  test.each([
    ['USD 13.00, EUR 12'],
    ['13.00 USD; 12 eur'],
    ['USD 13,00,EUR 12'],
    ['usd13.00\nEUR12,00'],
    ['USD 13.00، EUR 12.00'],
  ])('reads further prices from %j', (otherPrices) => {
    expect(factsOf({ otherPrices }).prices).toEqual({ MYR: 1250, USD: 1300, EUR: 1200 });
  });

  test('keeps each currency by its own decimals', () => {
    expect(factsOf({ otherPrices: 'JPY 450, KWD 1.250, XTR 100' }).prices).toEqual({
      MYR: 1250,
      JPY: 450,
      KWD: 1250,
      XTR: 100,
    });
  });

  test('multiplies options into variants that a reader can count', () => {
    expect(factsOf({ options: 'Size: S, M, L\n\nColour： 红、蓝' }).options).toEqual([
      { name: 'Size', values: ['S', 'M', 'L'] },
      { name: 'Colour', values: ['红', '蓝'] },
    ]);
  });

  test('charges for sending per currency, free from an amount', () => {
    expect(factsOf({ pickup: false, shippingFee: '8.00, USD 3', shippingFreeFrom: '80' }).delivery).toEqual({
      pickup: false,
      shipping: [
        { fee: { amount: 800, currency: 'MYR' }, freeFrom: { amount: 8000, currency: 'MYR' } },
        { fee: { amount: 300, currency: 'USD' } },
      ],
    });
  });

  test('counts single-use codes as stock', () => {
    expect(factsOf({ digitalCodes: 'A-1\nB-2\r\n\nC-3', stock: '99' }, 'digital')).toMatchObject({
      digital: 'codes',
      codes: ['A-1', 'B-2', 'C-3'],
      stock: 3,
      delivery: null,
    });
  });

  test('forgets the delivery of what is not physical', () => {
    expect(factsOf({ serviceNote: 'Come at six.', pickup: true, shippingFee: '8' }, 'service')).toMatchObject({
      serviceNote: 'Come at six.',
      delivery: null,
    });
  });

  test.each<[Partial<ProductForm>, string, string]>([
    [{ title: '  ' }, 'text_empty', 'title'],
    [{ title: 'x'.repeat(81) }, 'text_too_long', 'title'],
    [{ description: 'x'.repeat(1001) }, 'text_too_long', 'description'],
    [{ price: '' }, 'amount_empty', 'price'],
    [{ price: '-3' }, 'amount_negative', 'price'],
    [{ price: '1.234' }, 'amount_ambiguous', 'price'],
    [{ price: '1.2345' }, 'amount_too_precise', 'price'],
    [{ price: 'cheap' }, 'amount_not_a_number', 'price'],
    [{ otherPrices: '13.00' }, 'currency_unknown', 'otherPrices'],
    [{ otherPrices: 'ZZZ 13.00' }, 'currency_unknown', 'otherPrices'],
    [{ otherPrices: 'MYR 13.00' }, 'input_invalid', 'otherPrices'],
    [{ otherPrices: 'USD 13.00, USD 14.00' }, 'input_invalid', 'otherPrices'],
    [{ options: 'S, M, L' }, 'input_invalid', 'options'],
    [{ options: 'Size: S, S' }, 'input_invalid', 'options'],
    [{ options: 'Size: S\nSize: M' }, 'input_invalid', 'options'],
    [{ options: 'A: 1\nB: 1\nC: 1\nD: 1' }, 'options_too_many', 'options'],
    [{ options: 'A: 1,2,3,4,5,6\nB: 1,2,3,4,5' }, 'options_too_many', 'options'],
    [{ stock: '1.5' }, 'quantity_invalid', 'stock'],
    [{ stock: '-1' }, 'quantity_invalid', 'stock'],
    [{ stock: '1000001' }, 'quantity_invalid', 'stock'],
    [{ limitPerPerson: '0' }, 'quantity_invalid', 'limitPerPerson'],
    [{ holdMinutes: '0' }, 'quantity_invalid', 'holdMinutes'],
    [{ holdMinutes: '1441' }, 'quantity_invalid', 'holdMinutes'],
    [{ pickup: false }, 'delivery_missing', 'pickup'],
    [{ shippingFreeFrom: '80' }, 'input_invalid', 'shippingFreeFrom'],
    [{ title: 'Pay to 4111 1111 1111 1111' }, 'card_number_typed', 'title'],
  ])('%j is refused as %s of %s', (changes, code, field) => {
    expect(faultOf(changes)).toEqual({ code, field });
  });

  test.each<[Partial<ProductForm>, string, string]>([
    [{}, 'codes_missing', 'digitalText'],
    [{ digitalText: 'Here', digitalCodes: 'A-1' }, 'input_invalid', 'digitalText'],
    [{ digitalCodes: 'A-1\nA-1' }, 'codes_repeated', 'digitalCodes'],
    [{ digitalCodes: 'x'.repeat(201) }, 'text_too_long', 'digitalCodes'],
    [{ digitalCodes: 'A-1', options: 'Size: S, M' }, 'input_invalid', 'options'],
    [{ digitalCodes: '5555 5555 5555 4444' }, 'card_number_typed', 'digitalCodes'],
  ])('a digital product with %j is refused as %s of %s', (changes, code, field) => {
    expect(faultOf(changes, 'digital')).toEqual({ code, field });
  });

  test('takes 500 codes at a time and no more', () => {
    const lines = (count: number) => Array.from({ length: count }, (_, index) => `CODE-${index}-X`).join('\n');
    expect(parseCodes('codes', lines(500))).toMatchObject({ ok: true });
    expect(parseCodes('codes', lines(501))).toMatchObject({ ok: false, fault: { code: 'input_invalid' } });
  });

  test.each(DEMO_STALLS.flatMap((stall) => stall.products))('of the demo is whole: $form.title', ({ kind, form }) => {
    expect(parse({ ...form, imageDigest: 'one' }, kind)).toMatchObject({ ok: true });
  });
});
