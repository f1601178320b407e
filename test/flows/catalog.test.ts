import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Intent } from '../../src/ports/intents.ts';
import type { ProductForm } from '../../src/ports/intents/catalog.ts';
import type { OutboxMessage } from '../../src/ports/outbox.ts';
import type { ProductKind } from '../../src/domain/product.ts';
import { blankForm, type CatalogMarket, faultOf, openCatalogMarket, START } from '../support/catalog.ts';

let market: CatalogMarket;
beforeEach(async () => {
  market = await openCatalogMarket();
});
afterEach(() => market.close());

const FRUIT = 'Mei Lin Fruit and Tea';
const KITCHEN = "Ravi's Kitchen";
const sellerOf = (name: string) => market.shopNamed(name).ownerId;
const chatIds = () => market.chats.map((chat) => chat.id);

function post(changes: Partial<ProductForm> = {}, productKind: ProductKind = 'physical', chats = chatIds()) {
  const shopId = market.shopNamed(FRUIT).id;
  const form = { ...blankForm, ...changes };
  return market.act(sellerOf(FRUIT), { kind: 'post_product', shopId, chatIds: chats, productKind, form });
}

async function posted(changes: Partial<ProductForm> = {}, productKind: ProductKind = 'physical') {
  expect(await post(changes, productKind)).toMatchObject({ ok: true });
  return market.productNamed(changes.title ?? blankForm.title);
}

const variantsOf = (productId: string) => market.read((reads) => reads.catalog.variants(productId));
const listingsOf = (productId: string) => market.read((reads) => reads.catalog.listings(productId));

async function onlyVariant(productId: string) {
  const [variant] = await variantsOf(productId);
  if (!variant) throw new Error('no variant');
  return variant;
}

async function cardOf(productId: string) {
  const [listing] = await listingsOf(productId);
  const card = await market.load(null, { name: 'card', listingId: listing?.id ?? '' });
  if (!card.ok) throw new Error(card.fault.code);
  return card.value.product;
}

/** Who was told what kind of news. */
function newsIn(messages: readonly OutboxMessage[]): string[] {
  return messages.flatMap((one) =>
    one.name === 'notice' && one.message.name === 'notice' ? [`${one.personId} ${one.message.kind}`] : [],
  );
}

/** Takes one unit into an unpaid order. */
async function holdOne(personId: string, productId: string) {
  const [listing] = await listingsOf(productId);
  expect(await market.act(personId, { kind: 'buy', listingId: listing?.id ?? '' })).toMatchObject({ ok: true });
}

describe('posting a product', () => {
  test('writes it and one card for each chosen chat, and tells the seller', async () => {
    await market.sent();
    const reply = await post({ stock: '7', otherPrices: 'USD 2.50', description: 'Soft.\nGreen.' });
    const product = await market.productNamed('Pandan cake');
    expect(reply).toEqual({ ok: true, show: { name: 'notice', kind: 'posted', objectId: product.id } });
    expect(product).toMatchObject({ state: 'on_sale', description: 'Soft.\nGreen.', createdAt: START });
    expect(await variantsOf(product.id)).toMatchObject([{ onHand: 7, held: 0, prices: { MYR: 1000, USD: 250 } }]);
    const listings = await listingsOf(product.id);
    expect(listings.map((listing) => listing.chatId).toSorted()).toEqual(chatIds().toSorted());
    expect((await market.sent()).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))).toEqual(
      listings
        .map(({ id }) => ({ name: 'listing.post', listingId: id }))
        .toSorted((a, b) => (a.listingId < b.listingId ? -1 : 1)),
    );
  });

  test('draws a card that tells price, stock and delivery to everybody', async () => {
    const product = await posted({ stock: '', shippingFee: '5', shippingFreeFrom: '50', pickupNote: 'Stall 4' });
    expect(await cardOf(product.id)).toMatchObject({
      title: 'Pandan cake',
      variants: [{ price: { amount: 1000, currency: 'MYR' }, available: null, sold: 0 }],
      shop: { title: FRUIT, state: 'approved' },
      pickup: true,
      pickupNote: 'Stall 4',
      shipping: { fee: { amount: 500, currency: 'MYR' }, freeFrom: { amount: 5000, currency: 'MYR' } },
      ...{ buyable: true, soldOut: false, testMoney: true, image: null },
    });
  });

  test('makes a variant of every combination of options, each with the stock and the price', async () => {
    const product = await posted({ options: 'Size: S, M\nFilling: coconut, durian', stock: '2' });
    const variants = await variantsOf(product.id);
    expect(variants.map((variant) => variant.choices.join(' '))).toEqual([
      'S coconut',
      'S durian',
      'M coconut',
      'M durian',
    ]);
    expect(variants.every((variant) => variant.onHand === 2 && variant.prices['MYR'] === 1000)).toBe(true);
  });

  test('may give away, hand over a text, or sell codes that are its stock', async () => {
    const present = await posted({ title: 'Present', price: '0', digitalText: 'Enjoy' }, 'digital');
    expect(await onlyVariant(present.id)).toMatchObject({ prices: { MYR: 0 } });
    expect(await market.read((reads) => reads.catalog.digitalText(present.id))).toBe('Enjoy');
    const keys = await posted({ title: 'Keys', digitalCodes: 'A-1\nB-2' }, 'digital');
    expect(await onlyVariant(keys.id)).toMatchObject({ onHand: 2 });
    expect(await market.read((reads) => reads.catalog.freeCodes(keys.id))).toBe(2);
  });

  test('keeps a picture that was stored before, and refuses one that was not', async () => {
    const product = await posted({ imageDigest: 'picture-1', imageAlt: 'A green cake' });
    expect((await cardOf(product.id)).image).toEqual({ digest: 'picture-1', alt: 'A green cake' });
    expect(faultOf(await post({ imageDigest: 'nowhere' }))).toBe('input_invalid');
  });

  test('is refused with the field named when something typed is wrong, and writes nothing', async () => {
    const before = await market.read((reads) => reads.audit.auditOf(market.shopNamed(FRUIT).id));
    expect(await post({ price: '1.234' })).toEqual({
      ok: false,
      fault: { code: 'amount_ambiguous', params: { grouped: '1234.00', decimal: '1.234', field: 'price' } },
    });
    expect(faultOf(await post({ pickup: false }))).toBe('delivery_missing');
    await expect(market.productNamed('Pandan cake')).rejects.toThrow('no product');
    expect(await market.read((reads) => reads.audit.auditOf(market.shopNamed(FRUIT).id))).toEqual(before);
  });

  test('needs a chat of this community', async () => {
    expect(faultOf(await post({}, 'physical', []))).toBe('input_invalid');
    expect(faultOf(await post({}, 'physical', ['elsewhere']))).toBe('not_found');
  });

  test('is for the sellers of that shop: members, helpers, other sellers and stewards may not', async () => {
    const shopId = market.shopNamed(FRUIT).id;
    const helper = await market.arriveAs('helper');
    await market.act(sellerOf(FRUIT), { kind: 'put_helper', shopId, personId: helper, helps: true });
    const visitor = await market.arriveAs('visitor');
    for (const personId of [visitor, helper, sellerOf(KITCHEN), market.stewardId]) {
      const intent = {
        kind: 'post_product',
        shopId,
        chatIds: chatIds(),
        productKind: 'physical',
        form: blankForm,
      } as const;
      expect(faultOf(await market.act(personId, intent))).toBe('not_allowed');
    }
  });
});

describe('a card number typed into a product', () => {
  test('is dropped before anything is stored, and the seller is warned', async () => {
    await market.sent();
    expect(faultOf(await post({ description: 'Pay to 4111 1111 1111 1111' }))).toBe('card_number_typed');
    expect(await market.sent()).toMatchObject([{ name: 'notice', message: { kind: 'card_number_dropped' } }]);
  });
});

describe('changing what is on sale', () => {
  const edit = (personId: string, productId: string, changes: Partial<ProductForm>) =>
    market.act(personId, { kind: 'edit_product', productId, form: { ...blankForm, ...changes } });

  test('an edit rewrites words, rules and prices, and every copy of the card is drawn again', async () => {
    const product = await posted({ imageDigest: 'picture-1' });
    await market.sent();
    const changes = { title: 'Kaya cake', price: '12', otherPrices: 'USD 3', limitPerPerson: '2', holdMinutes: '' };
    expect(await edit(sellerOf(FRUIT), product.id, changes)).toMatchObject({ ok: true, show: { kind: 'saved' } });
    const card = await cardOf(product.id);
    expect(card).toMatchObject({ title: 'Kaya cake', limitPerPerson: 2, holdPolicy: { kind: 'first_paid' } });
    expect(card.image?.digest).toBe('picture-1');
    expect(card.variants).toMatchObject([
      {
        prices: [
          { amount: 1200, currency: 'MYR' },
          { amount: 300, currency: 'USD' },
        ],
      },
    ]);
    expect(await market.sent()).toEqual([{ name: 'card.refresh', productId: product.id }]);
    const after = await market.read((reads) => reads.catalog.product(product.id));
    expect(after?.version).toBeGreaterThan(product.version);
  });

  test('an edit with no price leaves the prices of all variants alone', async () => {
    const product = await posted({ options: 'Size: S, M' });
    const [small] = await variantsOf(product.id);
    await market.act(sellerOf(FRUIT), { kind: 'set_price', variantId: small?.id ?? '', price: '8' });
    await edit(sellerOf(FRUIT), product.id, { price: '' });
    expect((await variantsOf(product.id)).map((variant) => variant.prices['MYR'])).toEqual([800, 1000]);
  });

  test('an edit of a digital product keeps its text unless a new one is typed, and adds codes', async () => {
    const text = await posted({ title: 'Song', digitalText: 'la la' }, 'digital');
    await edit(sellerOf(FRUIT), text.id, { title: 'Song', digitalText: '' });
    expect(await market.read((reads) => reads.catalog.digitalText(text.id))).toBe('la la');
    await edit(sellerOf(FRUIT), text.id, { title: 'Song', digitalText: 'do re mi' });
    expect(await market.read((reads) => reads.catalog.digitalText(text.id))).toBe('do re mi');
    const keys = await posted({ title: 'Keys', digitalCodes: 'A-1' }, 'digital');
    await edit(sellerOf(FRUIT), keys.id, { title: 'Keys', digitalCodes: 'B-2\nC-3' });
    expect(await onlyVariant(keys.id)).toMatchObject({ onHand: 3 });
  });

  test('an edit of the fee leaves the fees in other currencies alone, and an empty one ends sending', async () => {
    const product = await posted({ shippingFee: '8, USD 3' });
    const fees = async () => {
      const now = await market.read((reads) => reads.catalog.product(product.id));
      return now?.delivery?.shipping.map(({ fee }) => `${fee.currency} ${fee.amount}`);
    };
    await edit(sellerOf(FRUIT), product.id, { shippingFee: '9' });
    expect(await fees()).toEqual(['MYR 900', 'USD 300']);
    await edit(sellerOf(FRUIT), product.id, { shippingFee: '' });
    expect(await fees()).toEqual([]);
  });

  test('a bad edit changes nothing', async () => {
    const product = await posted();
    await market.sent();
    expect(faultOf(await edit(sellerOf(FRUIT), product.id, { title: 'New', price: 'x' }))).toBe('amount_not_a_number');
    expect(faultOf(await edit(sellerOf(FRUIT), product.id, { imageDigest: 'nowhere' }))).toBe('input_invalid');
    expect((await cardOf(product.id)).title).toBe('Pandan cake');
    expect(await market.sent()).toEqual([]);
  });

  test('a price is changed for one variant, in one currency or several, and the card follows', async () => {
    const product = await posted({ otherPrices: 'USD 3' });
    const { id: variantId } = await onlyVariant(product.id);
    await market.sent();
    await market.act(sellerOf(FRUIT), { kind: 'set_price', variantId, price: '٩٫٥٠' });
    await market.act(sellerOf(FRUIT), { kind: 'set_price', variantId, price: 'EUR 2, 9.75' });
    expect((await onlyVariant(product.id)).prices).toEqual({ MYR: 975, USD: 300, EUR: 200 });
    expect(await market.sent()).toContainEqual({ name: 'card.refresh', productId: product.id });
    expect(faultOf(await market.act(sellerOf(FRUIT), { kind: 'set_price', variantId, price: ' ' }))).toBe(
      'amount_empty',
    );
  });

  test('stock may be set to any number that covers what is held, or to unlimited', async () => {
    const product = await posted({ stock: '3' });
    const { id: variantId } = await onlyVariant(product.id);
    const set = (stock: string) => market.act(sellerOf(FRUIT), { kind: 'set_stock', variantId, stock });
    await holdOne(await market.arriveAs('buyer'), product.id);
    expect(await set('0')).toMatchObject({ fault: { code: 'stock_below_held', params: { held: 1 } } });
    expect(await set('1')).toMatchObject({ ok: true, show: { name: 'edit_product', productId: product.id } });
    expect(await cardOf(product.id)).toMatchObject({ soldOut: true, buyable: false });
    await set('10');
    expect(await cardOf(product.id)).toMatchObject({ soldOut: false, variants: [{ available: 9, held: 1 }] });
    await set('');
    expect((await cardOf(product.id)).variants[0]?.available).toBeNull();
    expect(faultOf(await set('many'))).toBe('quantity_invalid');
  });

  test('codes are added to the stock, repeated ones are skipped, and their number cannot be set by hand', async () => {
    const product = await posted({ title: 'Keys', digitalCodes: 'A-1\nB-2' }, 'digital');
    const add = (codes: string) => market.act(sellerOf(FRUIT), { kind: 'add_codes', productId: product.id, codes });
    expect(await add('B-2\nC-3')).toMatchObject({ ok: true, show: { name: 'edit_product' } });
    const variant = await onlyVariant(product.id);
    expect(variant.onHand).toBe(3);
    expect(await market.read((reads) => reads.catalog.freeCodes(product.id))).toBe(3);
    expect(faultOf(await add(' \n'))).toBe('codes_missing');
    expect(faultOf(await add('D-4\nD-4'))).toBe('codes_repeated');
    const setStock = { kind: 'set_stock', variantId: variant.id, stock: '9' } as const;
    expect(faultOf(await market.act(sellerOf(FRUIT), setStock))).toBe('input_invalid');
    const cake = await posted();
    const toCake = { kind: 'add_codes', productId: cake.id, codes: 'X-1' } as const;
    expect(faultOf(await market.act(sellerOf(FRUIT), toCake))).toBe('input_invalid');
  });

  test('a product is paused and put back on sale in all chats', async () => {
    const product = await posted();
    await market.sent();
    const pause = (paused: boolean) =>
      market.act(sellerOf(FRUIT), { kind: 'pause_product', productId: product.id, paused });
    await pause(true);
    expect(await cardOf(product.id)).toMatchObject({ state: 'paused', buyable: false });
    expect(await market.sent()).toEqual([{ name: 'card.refresh', productId: product.id }]);
    expect(await pause(true)).toMatchObject({ ok: true });
    expect(await market.sent()).toEqual([]);
    await pause(false);
    expect(await cardOf(product.id)).toMatchObject({ state: 'on_sale', buyable: true });
  });

  test('a withdrawn product is gone for good', async () => {
    const product = await posted();
    const seller = sellerOf(FRUIT);
    expect(await market.act(seller, { kind: 'withdraw_product', productId: product.id })).toMatchObject({
      ok: true,
      show: { name: 'shop' },
    });
    expect(await cardOf(product.id)).toMatchObject({ state: 'withdrawn', buyable: false });
    const { id: productId } = product;
    for (const intent of [
      { kind: 'edit_product', productId, form: blankForm },
      { kind: 'pause_product', productId, paused: false },
      { kind: 'list_product', productId, chatId: chatIds()[0] ?? '' },
      { kind: 'ask_seller', productId, text: 'Is it gone?' },
      { kind: 'report_product', productId, reason: 'Gone' },
    ] satisfies Intent[]) {
      expect(faultOf(await market.act(seller, intent))).toBe('product_gone');
    }
  });

  test('is for the sellers of that shop alone', async () => {
    const product = await posted();
    const { id: productId } = product;
    const { id: variantId } = await onlyVariant(productId);
    const visitor = await market.arriveAs('visitor');
    const intents: Intent[] = [
      { kind: 'edit_product', productId, form: blankForm },
      { kind: 'set_stock', variantId, stock: '99' },
      { kind: 'set_price', variantId, price: '0' },
      { kind: 'add_codes', productId, codes: 'X' },
      { kind: 'pause_product', productId, paused: true },
      { kind: 'withdraw_product', productId },
      { kind: 'list_product', productId, chatId: chatIds()[0] ?? '' },
    ];
    for (const intent of intents) {
      for (const personId of [visitor, sellerOf(KITCHEN), market.stewardId]) {
        expect(faultOf(await market.act(personId, intent))).toBe('not_allowed');
      }
    }
    expect(await cardOf(productId)).toMatchObject({ state: 'on_sale', variants: [{ available: 5 }] });
    const missing: Intent[] = [
      { kind: 'set_stock', variantId: 'none', stock: '1' },
      { kind: 'pause_product', productId: 'none', paused: true },
    ];
    for (const intent of missing) expect(faultOf(await market.act(sellerOf(FRUIT), intent))).toBe('not_found');
  });
});

describe('a card in another chat', () => {
  const list = (productId: string, chatId: string) =>
    market.act(sellerOf(FRUIT), { kind: 'list_product', productId, chatId });

  test('is posted once, however often it is asked for', async () => {
    const [night = '', corner = ''] = chatIds();
    expect(await post({}, 'physical', [night])).toMatchObject({ ok: true });
    const product = await market.productNamed('Pandan cake');
    await market.sent();
    expect(await list(product.id, corner)).toMatchObject({ ok: true, show: { kind: 'posted' } });
    expect(await market.sent()).toMatchObject([{ name: 'listing.post' }]);
    await list(product.id, corner);
    expect(await market.sent()).toEqual([{ name: 'card.refresh', productId: product.id }]);
    expect(await listingsOf(product.id)).toHaveLength(2);
  });

  test('is posted again on the seller word when nobody knows whether it appeared', async () => {
    const product = await posted();
    await market.sent();
    const [listing] = await listingsOf(product.id);
    await market.store.transact(null, async (tx) => {
      await tx.catalog.updateListing(listing?.id ?? '', { state: 'unknown' });
      return null;
    });
    await list(product.id, listing?.chatId ?? '');
    expect(await market.sent()).toEqual([{ name: 'listing.post', listingId: listing?.id }]);
  });

  test('is refused in a chat that is not here, for a frozen product, and for a frozen shop', async () => {
    const product = await posted();
    const shopId = market.shopNamed(FRUIT).id;
    const [night = ''] = chatIds();
    expect(faultOf(await list(product.id, 'elsewhere'))).toBe('not_found');
    await market.act(market.stewardId, { kind: 'freeze_shop', shopId, frozen: true });
    expect(faultOf(await list(product.id, night))).toBe('shop_frozen');
    await market.act(market.stewardId, { kind: 'freeze_shop', shopId, frozen: false });
    await market.act(market.stewardId, { kind: 'freeze_product', productId: product.id, frozen: true });
    expect(faultOf(await list(product.id, night))).toBe('product_frozen');
  });
});

describe('a steward', () => {
  const freeze = (personId: string, productId: string, frozen: boolean) =>
    market.act(personId, { kind: 'freeze_product', productId, frozen });

  test('freezes a card everywhere, and the shop is told', async () => {
    const product = await posted();
    await market.sent();
    expect(await freeze(market.stewardId, product.id, true)).toMatchObject({ ok: true, show: { name: 'admin' } });
    expect(await cardOf(product.id)).toMatchObject({ state: 'frozen', buyable: false });
    const told = await market.sent();
    expect(told).toContainEqual({ name: 'card.refresh', productId: product.id });
    expect(newsIn(told)).toEqual([`${sellerOf(FRUIT)} product_frozen`]);
    const resume = { kind: 'pause_product', productId: product.id, paused: false } as const;
    expect(faultOf(await market.act(sellerOf(FRUIT), resume))).toBe('product_frozen');
  });

  test('thaws a product into the state it was frozen in', async () => {
    const product = await posted();
    await freeze(market.stewardId, product.id, true);
    await freeze(market.stewardId, product.id, false);
    expect((await cardOf(product.id)).state).toBe('on_sale');
    await market.act(sellerOf(FRUIT), { kind: 'pause_product', productId: product.id, paused: true });
    market.clock.at += 1;
    await freeze(market.stewardId, product.id, true);
    await freeze(market.stewardId, product.id, false);
    expect((await cardOf(product.id)).state).toBe('paused');
  });

  test('freezes a shop: none of its cards can be bought from, and posting is over', async () => {
    const shopId = market.shopNamed(FRUIT).id;
    const mango = await market.productNamed('Mango box');
    await market.sent();
    const freezeShop = (personId: string, frozen: boolean) =>
      market.act(personId, { kind: 'freeze_shop', shopId, frozen });
    expect(faultOf(await freezeShop(sellerOf(FRUIT), true))).toBe('not_allowed');
    await freezeShop(market.stewardId, true);
    expect(await cardOf(mango.id)).toMatchObject({ buyable: false, shop: { state: 'frozen' } });
    const told = await market.sent();
    expect(told.filter((message) => message.name === 'card.refresh')).toHaveLength(2);
    expect(told).toContainEqual(expect.objectContaining({ name: 'notice', personId: sellerOf(FRUIT) }));
    expect(faultOf(await post())).toBe('shop_frozen');
    await freezeShop(market.stewardId, false);
    expect(await cardOf(mango.id)).toMatchObject({ buyable: true });
  });

  test('is the only one who freezes and dismisses', async () => {
    const product = await posted();
    for (const personId of [sellerOf(FRUIT), await market.arriveAs('visitor')]) {
      expect(faultOf(await freeze(personId, product.id, true))).toBe('not_allowed');
      const dismiss = { kind: 'dismiss_reports', productId: product.id } as const;
      expect(faultOf(await market.act(personId, dismiss))).toBe('not_allowed');
    }
  });

  test('sees what members report, once a person, until it is dismissed', async () => {
    const product = await posted();
    await market.sent();
    const visitor = await market.arriveAs('visitor');
    const report = (reason: string) => market.act(visitor, { kind: 'report_product', productId: product.id, reason });
    expect(await report('Not what the picture shows')).toMatchObject({ ok: true, show: { kind: 'reported' } });
    expect(await market.sent()).toMatchObject([
      { name: 'notice', personId: market.stewardId, message: { kind: 'product_reported', objectId: product.id } },
    ]);
    expect(faultOf(await report('Again'))).toBe('already_reported');
    expect(faultOf(await report(' '))).toBe('text_empty');
    expect(await market.load(market.stewardId, { name: 'admin' })).toMatchObject({
      value: { reports: [{ product: { title: 'Pandan cake' }, reasons: ['Not what the picture shows'] }] },
    });
    await market.act(market.stewardId, { kind: 'dismiss_reports', productId: product.id });
    expect(await market.load(market.stewardId, { name: 'admin' })).toMatchObject({ value: { reports: [] } });
  });
});

describe('a question', () => {
  test('goes to everybody in the shop, and its answer to whoever asked', async () => {
    const product = await posted();
    const shopId = market.shopNamed(FRUIT).id;
    const helper = await market.arriveAs('Hana');
    const asker = await market.arriveAs('Omar');
    await market.act(sellerOf(FRUIT), { kind: 'put_helper', shopId, personId: helper, helps: true });
    await market.sent();
    const asked = await market.act(asker, { kind: 'ask_seller', productId: product.id, text: 'Is it halal?' });
    expect(asked).toMatchObject({ ok: true, show: { kind: 'asked' } });
    const told = await market.sent();
    const team = [sellerOf(FRUIT), helper];
    expect(newsIn(told).toSorted()).toEqual(team.map((personId) => `${personId} question_asked`).toSorted());
    const panel = await market.load(helper, { name: 'questions', shopId });
    expect(panel).toMatchObject({ value: { questions: [{ asker: 'Omar', text: 'Is it halal?', at: START }] } });
    const questionId = panel.ok ? (panel.value.questions[0]?.id ?? '') : '';

    const answer = { kind: 'answer_question', questionId, text: 'Yes, all of it.' } as const;
    expect(faultOf(await market.act(sellerOf(KITCHEN), answer))).toBe('not_allowed');
    expect(faultOf(await market.act(asker, answer))).toBe('not_allowed');
    expect(await market.load(asker, { name: 'answer', questionId })).toMatchObject({ fault: { code: 'not_found' } });
    expect(await market.act(helper, answer)).toMatchObject({ ok: true, show: { name: 'questions', shopId } });
    expect(await market.sent()).toMatchObject([
      { name: 'notice', personId: asker, message: { name: 'answer', questionId } },
    ]);
    expect(await market.load(asker, { name: 'answer', questionId })).toMatchObject({
      value: { question: 'Is it halal?', answer: 'Yes, all of it.', product: { title: 'Pandan cake' } },
    });
    const stranger = await market.arriveAs('stranger');
    expect(await market.load(stranger, { name: 'answer', questionId })).toMatchObject({ fault: { code: 'not_found' } });
    expect(await market.load(helper, { name: 'questions', shopId })).toMatchObject({ value: { questions: [] } });
    await market.act(sellerOf(FRUIT), { ...answer, text: 'No!' });
    expect(await market.sent()).toEqual([]);
    expect(await market.load(asker, { name: 'answer', questionId })).toMatchObject({
      value: { answer: 'Yes, all of it.' },
    });
  });

  test('without words, about nothing, or with a card number is refused', async () => {
    const product = await posted();
    const asker = await market.arriveAs('Omar');
    const ask = (productId: string, text: string) => market.act(asker, { kind: 'ask_seller', productId, text });
    expect(faultOf(await ask(product.id, '  '))).toBe('text_empty');
    expect(faultOf(await ask('none', 'Hello?'))).toBe('not_found');
    expect(faultOf(await ask(product.id, 'my card 5555 5555 5555 4444'))).toBe('card_number_typed');
    const answer = { kind: 'answer_question', questionId: 'none', text: 'Yes' } as const;
    expect(faultOf(await market.act(sellerOf(FRUIT), answer))).toBe('not_found');
  });
});

describe('looking around', () => {
  test('shows what is on sale in open shops, about prices in the currency of the viewer', async () => {
    market.rates.push({ base: 'MYR', quote: 'BRL', rate: '1.25', source: 'a table', asOf: START - 1000 });
    const visitor = await market.arriveAs('visitor');
    await market.act(visitor, { kind: 'set_profile', currency: 'BRL' });
    const browse = await market.load(visitor, { name: 'browse' });
    if (!browse.ok) throw new Error(browse.fault.code);
    const mango = browse.value.products.find((one) => one.product.title === 'Mango box');
    expect(browse.value.products).toHaveLength(8);
    expect(mango?.about).toEqual({
      money: { amount: 3125, currency: 'BRL' },
      rate: '1.25',
      source: 'a table',
      asOf: START - 1000,
      stale: false,
    });
    market.clock.at += 5 * 86_400_000;
    const later = await market.load(visitor, { name: 'browse' });
    expect(later.ok && later.value.products[0]?.about?.stale).toBe(true);
    market.clock.at += 400 * 86_400_000;
    const muchLater = await market.load(visitor, { name: 'browse' });
    expect(muchLater.ok && muchLater.value.products[0]?.about).toBeNull();
    await market.act(market.stewardId, { kind: 'freeze_shop', shopId: market.shopNamed(FRUIT).id, frozen: true });
    const frozen = await market.load(visitor, { name: 'browse' });
    expect(frozen.ok && frozen.value.products).toHaveLength(6);
  });

  test('offers the choices of a card with a price of the seller in the viewer currency first', async () => {
    const visitor = await market.arriveAs('visitor');
    await market.act(visitor, { kind: 'set_profile', currency: 'USD' });
    const scarf = await market.productNamed('Batik scarf');
    const [listing] = await listingsOf(scarf.id);
    const choose = await market.load(visitor, { name: 'choose', listingId: listing?.id ?? '' });
    if (!choose.ok) throw new Error(choose.fault.code);
    expect(choose.value.product.variants).toHaveLength(6);
    expect(choose.value.product.variants[0]?.price).toEqual({ amount: 2100, currency: 'USD' });
    expect(choose.value.product.shipping?.fee).toEqual({ amount: 600, currency: 'USD' });
    expect(choose.value.about).toEqual([null, null, null, null, null, null]);
  });

  test('keeps the desks of a shop for those who work there', async () => {
    const product = await posted({ title: 'Keys', digitalCodes: 'A-1\nB-2' }, 'digital');
    const shopId = market.shopNamed(FRUIT).id;
    const seller = sellerOf(FRUIT);
    expect(await market.load(seller, { name: 'shop', shopId })).toMatchObject({
      value: { shop: { title: FRUIT, role: 'seller' }, toShip: 0, openQuestions: 0 },
    });
    expect(await market.load(seller, { name: 'edit_product', productId: product.id })).toMatchObject({
      value: { freeCodes: 2, digitalText: '', currency: 'MYR', chats: [{ listed: true }, { listed: true }] },
    });
    const [night = ''] = chatIds();
    const form = { name: 'new_product', shopId, productKind: 'service', chatId: night } as const;
    expect(await market.load(seller, form)).toMatchObject({ value: { originChatId: night, currency: 'MYR' } });
    expect(await market.load(seller, { ...form, chatId: 'elsewhere' })).toMatchObject({
      value: { originChatId: null },
    });
    const visitor = await market.arriveAs('visitor');
    for (const personId of [visitor, sellerOf(KITCHEN)]) {
      for (const message of [
        { name: 'shop', shopId },
        { name: 'edit_product', productId: product.id },
        { name: 'questions', shopId },
        { name: 'staff', shopId },
        form,
      ] as const) {
        expect(await market.load(personId, message)).toMatchObject({ fault: { code: 'not_found' } });
      }
    }
  });
});
