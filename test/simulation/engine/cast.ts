// The market that every history begins with: one community, two shops, three buyers, a steward, and goods of every kind. Made once a
// process by the market's own use cases; each history starts from a copy of its file.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createCore } from '../../../src/app/core.ts';
import type { Deps } from '../../../src/app/deps.ts';
import { createCashChannel } from '../../../src/payments/cash.ts';
import type { ProductForm } from '../../../src/ports/intents/catalog.ts';
import type { PaymentChannel } from '../../../src/ports/payment-channel.ts';
import type { Log } from '../../../src/ports/runtime.ts';
import { afterTurn } from '../../../src/runtime/after-turn.ts';
import { createVault } from '../../../src/runtime/vault.ts';
import { openStore } from '../../../src/store/open.ts';
import { createBank } from '../bank/bank.ts';
import { createBankChannel } from '../bank/channel.ts';
import { createWire } from '../bank/wire.ts';
import { openDatabase } from './database.ts';
import { createIds } from './ids.ts';
import { createSchedule } from './schedule.ts';
import { FAIR } from './weather.ts';

/** Every history begins now. */
export const START = Date.UTC(2026, 10, 20, 12);
const CURRENCY = 'MYR';
export const vault = createVault({ current: 'the root key of every simulation', previous: [] });

export type Goods = {
  readonly name: string;
  /** Index of the shop that sells it. */
  readonly shop: number;
  readonly listingId: string;
  readonly productId: string;
  readonly variantId: string;
  /** Minor units, as the seller typed it first. */
  readonly price: number;
  /** Kept from the moment of the bill; false: first paid, first served. */
  readonly kept: boolean;
  readonly parcel: { readonly fee: number; readonly freeFrom: number } | null;
  /** Single-use codes, as typed; empty where it is no digital product. */
  readonly codes: readonly string[];
};

export type Cast = {
  readonly template: string;
  readonly communityId: string;
  readonly chatId: string;
  readonly shops: readonly { readonly id: string; readonly seller: string }[];
  readonly admin: string;
  readonly buyers: readonly string[];
  readonly goods: readonly Goods[];
};

const BLANK: ProductForm = {
  ...{ title: '', description: '', price: '', otherPrices: '', options: '', stock: '' },
  ...{ limitPerPerson: '', holdMinutes: '15', imageDigest: '', imageAlt: '', pickup: true, pickupNote: '' },
  ...{ shippingFee: '', shippingFreeFrom: '', digitalText: '', digitalCodes: '', serviceNote: '', quickPay: false },
};

type Offer = Partial<ProductForm> & { readonly title: string; readonly price: string };
const OFFERS: readonly { readonly shop: number; readonly form: Offer }[] = [
  { shop: 0, form: { title: 'Mango box', price: '12.50', stock: '2' } },
  { shop: 0, form: { title: 'Satay', price: '3.33', stock: '3', holdMinutes: '1' } },
  { shop: 0, form: { title: 'Last lantern', price: '7.77', stock: '2', holdMinutes: '' } },
  { shop: 0, form: { title: 'Game code', price: '0.99', digitalCodes: 'AAA-1\nBBB-2\nCCC-3' } },
  {
    shop: 0,
    form: {
      ...{ title: 'Batik', price: '8.05', stock: '4', pickup: false },
      ...{ shippingFee: '4.00', shippingFreeFrom: '20.00' },
    },
  },
  { shop: 1, form: { title: 'Lamp', price: '25.00', stock: '3' } },
];

const formOf = (offer: Offer): ProductForm => ({ ...BLANK, ...offer });

const silent: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
function ignore(): void {
  /* Nobody listens. */
}

export async function makeCast(folder: string): Promise<Cast> {
  const template = join(folder, 'template.db');
  const clock = { now: () => START };
  const given = { vault, clock, log: silent, afterTurn };
  await (await openStore({ ...given, url: `sqlite:${template}`, lock: false })).close();
  const database = openDatabase(template, given);
  const ids = createIds(() => START);
  const deps: Deps = {
    ...{ store: database.store, clock, ids, log: silent, vault, channels: channelsOf(nobodysBank()) },
    rates: { find: () => undefined },
    settings: { demo: true, publicUrl: 'https://market.example' },
    wake: () => undefined,
  };
  const cast = { template, ...(await settleIn(deps)) };
  await database.close();
  for (const left of [`${template}-wal`, `${template}-shm`]) rmSync(left, { force: true });
  return cast;
}

export const channelsOf = (bank: PaymentChannel): Deps['channels'] =>
  new Map([bank, createCashChannel()].map((channel) => [channel.code, channel]));

/** Only its name is asked for while a market is set up. */
function nobodysBank(): PaymentChannel {
  const schedule = createSchedule(START, () => undefined);
  const later = (afterMs: number, what: string, run: () => void) => schedule.add({ afterMs, what, run, ours: false });
  const fateOfRefund = () => ({ kind: 'instant', afterMs: 0 }) as const;
  const bank = createBank({ now: () => START, tell: () => undefined, later, fateOfRefund });
  return createBankChannel(
    createWire(schedule, () => FAIR),
    bank,
  );
}

async function settleIn(deps: Deps): Promise<Omit<Cast, 'template'>> {
  const core = createCore(deps);
  const [communityId, chatId] = [deps.ids.next(), deps.ids.next()];
  await deps.store.transact(null, async (tx) => {
    const named = { name: 'Night Market', timeZone: 'Asia/Kuala_Lumpur', currency: CURRENCY, locale: 'en' };
    const rules = { testMoney: true, cashConfirmLimit: 50_000, frozen: false };
    await tx.people.insertCommunity({ id: communityId, ...named, ...rules, createdAt: START });
    const place = { platform: 'web', platformChatId: 'night-market', title: 'Night Market' };
    await tx.people.insertChat({ id: chatId, communityId, ...place });
    return null;
  });
  const arrive = async (name: string) =>
    (await core.arrive({ platform: 'web', platformUserId: name, communityId, name, locale: 'en' })).personId;
  const say = async (personId: string, intent: Parameters<typeof core.handle>[0]['intent']) => {
    const reply = await core.handle({ key: deps.ids.next(), communityId, personId, chatId, intent });
    if (!reply.ok) throw new Error(`the market could not be set up: ${JSON.stringify(reply.fault)}`);
  };
  const sellers: string[] = [];
  for (const name of ['Seller', 'Other seller']) {
    const seller = await arrive(name);
    await say(seller, { kind: 'choose_role', role: 'seller' });
    sellers.push(seller);
  }
  const admin = await arrive('Steward');
  await say(admin, { kind: 'choose_role', role: 'admin' });
  const buyers: string[] = [];
  for (const name of ['First buyer', 'Second buyer', 'Third buyer']) buyers.push(await arrive(name));
  const known = await deps.store.read((reads) => reads.people.shops(communityId));
  const shops = sellers.map((seller) => ({ seller, id: known.find((one) => one.ownerId === seller)?.id ?? '' }));
  for (const { shop, form } of OFFERS) {
    const { seller, id: shopId } = shops[shop] ?? { seller: '', id: '' };
    const productKind = form.digitalCodes ? 'digital' : 'physical';
    await say(seller, { kind: 'post_product', shopId, chatIds: [chatId], productKind, form: formOf(form) });
  }
  const goods = await Promise.all(OFFERS.map(({ shop, form }) => goodsOf(deps, communityId, shop, form)));
  return { communityId, chatId, shops, admin, buyers, goods };
}

async function goodsOf(deps: Deps, communityId: string, shop: number, form: Offer): Promise<Goods> {
  return deps.store.read(async (reads) => {
    const products = await reads.catalog.products({ communityId, states: ['on_sale'], limit: 50 });
    const product = products.find((one) => one.title === form.title);
    const [listing] = await reads.catalog.listings(product?.id ?? '');
    const [variant] = await reads.catalog.variants(product?.id ?? '');
    if (!product || !listing || !variant) throw new Error(`${form.title} was not posted`);
    const minor = (text: string | undefined) => Math.round(Number(text) * 100);
    const parcel = form.shippingFee ? { fee: minor(form.shippingFee), freeFrom: minor(form.shippingFreeFrom) } : null;
    return {
      ...{ name: form.title, shop, listingId: listing.id, productId: product.id, variantId: variant.id },
      ...{ price: minor(form.price), kept: form.holdMinutes !== '', parcel },
      codes: form.digitalCodes?.split('\n') ?? [],
    };
  });
}
