/** The real core on a real database, with shops, cards and buyers; nothing else of a running market is in the way. */
import { createCore } from '../src/app/core.ts';
import type { Deps } from '../src/app/deps.ts';
import type { Core } from '../src/ports/core.ts';
import type { Intent } from '../src/ports/intents.ts';
import type { ProductForm } from '../src/ports/intents/catalog.ts';
import type { PaymentChannel, RawNotice } from '../src/ports/payment-channel.ts';
import type { Ids, Log } from '../src/ports/runtime.ts';
import type { Store } from '../src/ports/store.ts';
import { afterTurn } from '../src/runtime/after-turn.ts';
import { systemClock } from '../src/runtime/clock.ts';
import { randomIds } from '../src/runtime/ids.ts';
import { createVault } from '../src/runtime/vault.ts';
import { openStore } from '../src/store/open.ts';
import { verifyStore } from '../src/store/verify/verify.ts';
import { createHonestChannel } from './honest-channel.ts';

const SHOPS = 8;
const CARDS_PER_SHOP = 4;
const CALLERS_MAX = 64;
/** Several of them for each caller, as a person has few bills open at a time. */
const BUYERS_PER_CALLER = 4;
const STOCK = 900_000;
const PUBLIC_URL = 'https://market.invalid';

export type Database = { readonly url: string; readonly schema?: string };
export type Card = { readonly productId: string; readonly listingId: string };
/** Who and what is there: found again in a copy of the database. */
export type Cast = {
  readonly communityId: string;
  readonly chatId: string;
  readonly buyers: readonly string[];
  readonly cards: readonly Card[];
};

export type BenchMarket = {
  readonly core: Core;
  readonly store: Store;
  readonly newKey: () => string;
  /** The signed notice that follows when somebody pays on this page. */
  readonly pay: (pageUrl: string) => RawNotice;
  /** Throws unless so many orders are paid and the books agree. */
  readonly check: (paid: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

const form: ProductForm = {
  ...{ title: 'Mango box', description: 'Twelve of them, ripe.', price: '12.50', otherPrices: '', options: '' },
  ...{ stock: String(STOCK), limitPerPerson: '', holdMinutes: '15', imageDigest: '', imageAlt: '', pickup: true },
  ...{
    pickupNote: 'Gate 3',
    shippingFee: '',
    shippingFreeFrom: '',
    digitalText: '',
    digitalCodes: '',
    serviceNote: '',
    quickPay: false,
  },
};

const quiet = () => undefined;
/** What goes wrong must not be counted as quick. */
const log: Log = {
  ...{ debug: quiet, info: quiet, warn: quiet },
  error: (fields, message) => console.error(message, fields),
};
const vault = createVault({ current: 'the root key of the bench: it keeps nothing secret', previous: [] });

export async function openBenchMarket(database: Database, ids: Ids = randomIds): Promise<BenchMarket> {
  const { channel, pay } = createHonestChannel();
  const clock = systemClock;
  const store = await openStore({ ...database, vault, clock, afterTurn, log });
  const core = createCore(depsOf(store, channel, ids));
  const check = async (paid: number) => {
    const { ok, results } = await verifyStore(store, vault);
    const broken = results.filter((one) => one.weight === 'must' && one.broken.length > 0).map((one) => one.title);
    if (!ok) throw new Error(`The books do not agree after the load: ${broken.join('; ')}.`);
    const found = await countPaid(store);
    if (found !== paid) throw new Error(`${found} orders are paid, not ${paid}.`);
  };
  return {
    ...{ core, store, check },
    newKey: () => ids.next(),
    pay: (pageUrl) => pay(pageUrl, clock.now()),
    close: () => store.close(),
  };
}

const depsOf = (store: Store, channel: PaymentChannel, ids: Ids): Deps => ({
  ...{ store, clock: systemClock, ids, log, vault },
  channels: new Map([[channel.code, channel]]),
  rates: { find: () => undefined },
  settings: { demo: true, publicUrl: PUBLIC_URL },
  wake: quiet,
});

const countPaid = (store: Store): Promise<number> =>
  store.read(async (reads) => {
    let paid = 0;
    for (const community of await reads.people.communities())
      for (const shop of await reads.people.shops(community.id))
        paid += (await reads.orders.ordersOfShop(shop.id, ['paid'], STOCK)).length;
    return paid;
  });

/** Fills an empty database through the use cases that fill a real one. Always with the same ids: what was recorded fits it. */
export async function seed(database: Database): Promise<Cast> {
  const ids = countedIds();
  const market = await openBenchMarket(database, ids);
  try {
    return await people(market, ids);
  } finally {
    await market.close();
  }
}

function countedIds(): Ids {
  let count = 0;
  const counted = () => (++count).toString(16).padStart(12, '0');
  return {
    next: () => `00000000-0000-7000-8000-${counted()}`,
    humanCode: () => counted().slice(-8).toUpperCase(),
    token: () => `token-${counted()}`,
  };
}

async function people({ core, store, newKey }: BenchMarket, ids: Ids): Promise<Cast> {
  const communityId = ids.next();
  const chatId = ids.next();
  const now = systemClock.now();
  await store.transact(null, async (tx) => {
    await tx.people.insertCommunity({
      ...{ id: communityId, name: 'Night Market', timeZone: 'Asia/Kuala_Lumpur', currency: 'MYR', locale: 'en' },
      ...{ testMoney: true, cashConfirmLimit: 50_000, frozen: false, createdAt: now },
    });
    const chat = { platform: 'web', platformChatId: 'night-market', title: 'Night Market' };
    await tx.people.insertChat({ id: chatId, communityId, ...chat });
    return null;
  });
  const arrive = async (name: string) =>
    (await core.arrive({ platform: 'web', platformUserId: `seat ${name}`, communityId, name, locale: 'en' })).personId;
  const act = async (personId: string, intent: Intent) => {
    const reply = await core.handle({ key: newKey(), communityId, personId, chatId, intent });
    if (!reply.ok) throw new Error(`${intent.kind} was refused: ${reply.fault.code}`);
  };
  const cards: Card[] = [];
  for (let shop = 1; shop <= SHOPS; shop++) cards.push(...(await openShop(`Seller ${shop}`)));
  const buyers: string[] = [];
  for (let buyer = 1; buyer <= CALLERS_MAX * BUYERS_PER_CALLER; buyer++) buyers.push(await arrive(`Buyer ${buyer}`));
  return { communityId, chatId, buyers, cards };

  async function openShop(seller: string): Promise<Card[]> {
    const sellerId = await arrive(seller);
    await act(sellerId, { kind: 'choose_role', role: 'seller' });
    const shop = (await store.read((reads) => reads.people.shops(communityId))).find((one) => one.ownerId === sellerId);
    if (!shop) throw new Error(`${seller} got no shop.`);
    for (let card = 1; card <= CARDS_PER_SHOP; card++)
      await act(sellerId, { kind: 'post_product', shopId: shop.id, chatIds: [chatId], productKind: 'physical', form });
    return store.read(async (reads) => {
      const query = { communityId, shopId: shop.id, states: ['on_sale'], limit: CARDS_PER_SHOP } as const;
      const found: Card[] = [];
      for (const { id } of await reads.catalog.products(query)) {
        const [listing] = await reads.catalog.listings(id);
        if (listing) found.push({ productId: id, listingId: listing.id });
      }
      return found;
    });
  }
}
