/** Products, their pictures and their cards in chats. */
import type { Vault } from '../ports/runtime.ts';
import type { CatalogWrites } from '../ports/store/catalog.ts';
import { int, pick } from './columns.ts';
import { namesOf, PARTS_MAX } from './names.ts';
import { changes, list, prepare, type Run } from './prepare.ts';
import { tables } from './schema.ts';

const facts = pick(
  tables.products,
  'id',
  'communityId',
  'shopId',
  'kind',
  'title',
  'description',
  'imageDigest',
  'imageAlt',
  'options',
  'holdPolicy',
  'limitPerPerson',
  'delivery',
  'digital',
  'serviceNote',
  'quickPay',
  'state',
  'version',
  'createdAt',
);
const shown = namesOf(facts);
const editable = pick(
  tables.products,
  'title',
  'description',
  'imageDigest',
  'imageAlt',
  'holdPolicy',
  'limitPerPerson',
  'delivery',
  'serviceNote',
  'quickPay',
);

const byIds = prepare('products.byIds', { ids: list(tables.products.id) }, (db, p) =>
  db.selectFrom('products').select(shown).where('id', 'in', p.ids).orderBy('id').limit(PARTS_MAX),
);
const byId = prepare('products.byId', pick(tables.products, 'id'), (db, p) =>
  db.selectFrom('products').select(shown).where('id', '=', p.id),
);
const ofCommunity = prepare(
  'products.ofCommunity',
  { communityId: tables.communities.id, states: list(tables.products.state), limit: int },
  (db, p) =>
    db
      .selectFrom('products')
      .select(shown)
      .where('communityId', '=', p.communityId)
      .where('state', 'in', p.states)
      .orderBy('id', 'desc')
      .limit(p.limit),
);
const ofShop = prepare(
  'products.ofShop',
  { communityId: tables.communities.id, shopId: tables.shops.id, states: list(tables.products.state), limit: int },
  (db, p) =>
    db
      .selectFrom('products')
      .select(shown)
      .where('communityId', '=', p.communityId)
      .where('shopId', '=', p.shopId)
      .where('state', 'in', p.states)
      .orderBy('id', 'desc')
      .limit(p.limit),
);
const insert = prepare('products.insert', tables.products, (db, p) =>
  db
    .insertInto('products')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const update = prepare('products.update', { ...pick(tables.products, 'id'), set: changes(editable) }, (db, p) =>
  db
    .updateTable('products')
    .set((eb) => ({ ...p.set, createdAt: eb.ref('createdAt') }))
    .where('id', '=', p.id),
);
const move = prepare(
  'products.move',
  { ...pick(tables.products, 'id'), from: list(tables.products.state), to: tables.products.state },
  (db, p) => db.updateTable('products').set({ state: p.to }).where('id', '=', p.id).where('state', 'in', p.from),
);
const bump = prepare('products.bump', pick(tables.products, 'id'), (db, p) =>
  db
    .updateTable('products')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('id', '=', p.id),
);
const sealedText = prepare('products.digitalText', pick(tables.products, 'id'), (db, p) =>
  db.selectFrom('products').select('sealedDigitalText').where('id', '=', p.id),
);
const setText = prepare('products.setDigitalText', pick(tables.products, 'id', 'sealedDigitalText'), (db, p) =>
  db.updateTable('products').set({ sealedDigitalText: p.sealedDigitalText }).where('id', '=', p.id),
);

const image = prepare('images.byDigest', pick(tables.images, 'digest'), (db, p) =>
  db.selectFrom('images').select(['digest', 'mime', 'width', 'height', 'bytes']).where('digest', '=', p.digest),
);
const insertImage = prepare('images.insert', tables.images, (db, p) =>
  db
    .insertInto('images')
    .values(p)
    .onConflict((on) => on.doNothing()),
);

const listing = prepare('listings.byId', pick(tables.listings, 'id'), (db, p) =>
  db.selectFrom('listings').selectAll().where('id', '=', p.id),
);
const listings = prepare('listings.ofProduct', pick(tables.listings, 'productId'), (db, p) =>
  db.selectFrom('listings').selectAll().where('productId', '=', p.productId).orderBy('id').limit(PARTS_MAX),
);
const insertListing = prepare('listings.insert', tables.listings, (db, p) =>
  db
    .insertInto('listings')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const updateListing = prepare(
  'listings.update',
  { ...pick(tables.listings, 'id'), set: changes(pick(tables.listings, 'state', 'messageRef')) },
  (db, p) => db.updateTable('listings').set(p.set).where('id', '=', p.id),
);

type ProductQueries = Pick<
  CatalogWrites,
  | 'product'
  | 'productsById'
  | 'products'
  | 'insertProduct'
  | 'updateProduct'
  | 'moveProduct'
  | 'bumpProduct'
  | 'digitalText'
  | 'setDigitalText'
  | 'image'
  | 'insertImage'
  | 'listing'
  | 'listings'
  | 'insertListing'
  | 'updateListing'
>;

export function productQueries(run: Run, vault: Vault): ProductQueries {
  const sealed = (text: string) => (text === '' ? null : vault.seal('digital-text', text));
  return {
    product: (id) => run.first(byId, { id }),
    productsById: (ids) => run.all(byIds, { ids }),
    products: ({ communityId, shopId, states, limit }) =>
      shopId === undefined
        ? run.all(ofCommunity, { communityId, states, limit })
        : run.all(ofShop, { communityId, shopId, states, limit }),
    insertProduct: async (row, { digitalText }) =>
      (await run.change(insert, { ...row, sealedDigitalText: sealed(digitalText) })) === 1,
    updateProduct: async (id, set) => (await run.change(update, { id, set })) === 1,
    moveProduct: async (id, from, to) => (await run.change(move, { id, from, to })) === 1,
    async bumpProduct(id) {
      await run.change(bump, { id });
    },
    async digitalText(productId) {
      const row = await run.first(sealedText, { id: productId });
      return row?.sealedDigitalText == null ? '' : vault.open('digital-text', row.sealedDigitalText);
    },
    async setDigitalText(productId, text) {
      await run.change(setText, { id: productId, sealedDigitalText: sealed(text) });
    },
    image: (digest) => run.first(image, { digest }),
    insertImage: async (row, at) => (await run.change(insertImage, { ...row, createdAt: at })) === 1,
    listing: (id) => run.first(listing, { id }),
    listings: (productId) => run.all(listings, { productId }),
    insertListing: async (row) => (await run.change(insertListing, row)) === 1,
    async updateListing(id, set) {
      await run.change(updateListing, { id, set });
    },
  };
}
