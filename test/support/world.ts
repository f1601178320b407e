// The money's own world: the real core on a real database, the real sandbox over HTTP, and a clock that tests move. Nothing is
// delivered by itself: a test decides when a notice arrives, in which order and how often.
import { existsSync, statfsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { SandboxEvent } from '../../sandbox/objects.ts';
import { startSandbox } from '../../sandbox/server.ts';
import { createCore } from '../../src/app/core.ts';
import type { Deps } from '../../src/app/deps.ts';
import type { Reply } from '../../src/ports/core.ts';
import type { Intent } from '../../src/ports/intents.ts';
import type { ProductForm } from '../../src/ports/intents/catalog.ts';
import type { Message } from '../../src/ports/messages.ts';
import type { OrderData } from '../../src/ports/shown.ts';
import type { RawNotice } from '../../src/ports/payment-channel.ts';
import type { Order } from '../../src/ports/store/orders.ts';
import { type ChannelSettings, createChannels } from '../../src/payments/registry.ts';
import { afterTurn } from '../../src/runtime/after-turn.ts';
import { randomIds } from '../../src/runtime/ids.ts';
import { createLog } from '../../src/runtime/log.ts';
import { createVault } from '../../src/runtime/vault.ts';
import { openStore } from '../../src/store/open.ts';
import { addressOf } from './env.ts';
import { handOutbox } from './hand-outbox.ts';

export const START = Date.UTC(2026, 10, 20, 12);
export const MINUTE = 60_000;
const ROOM_BYTES = 512 * 1024 * 1024;
export type Engine = 'sqlite' | 'postgres';

export const form: ProductForm = {
  ...{ title: 'Mango box', description: '', price: '12.50', otherPrices: '', options: '', stock: '5' },
  ...{ limitPerPerson: '', holdMinutes: '15', imageDigest: '', imageAlt: '', pickup: true, pickupNote: '' },
  ...{ shippingFee: '', shippingFreeFrom: '', digitalText: '', digitalCodes: '', serviceNote: '', quickPay: false },
};

export type World = Awaited<ReturnType<typeof openWorld>>;

type WorldOptions = {
  readonly engine?: Engine;
  readonly members?: number;
  /** One that others tell the time by too. */
  readonly clock?: { at: number; readonly now: () => number };
  /** Where buyers are sent to then. */
  readonly stripe?: NonNullable<ChannelSettings['stripe']>;
  /** The bot whose invoices are paid too. */
  readonly telegram?: NonNullable<ChannelSettings['telegram']>;
};

export async function openWorld({
  engine = 'sqlite',
  members = 1,
  telegram,
  stripe,
  clock = startingClock(),
}: WorldOptions = {}) {
  const { log } = createLog({ level: 'silent' });
  const vault = createVault({ current: 'money-tests-root-key-of-some-length', previous: [] });
  const folder = await mkdtemp(join(quickFolder(), 'pasar-world-'));
  const file = join(folder, 'pasar.db');
  const schema = `world_${randomIds.next().replaceAll('-', '')}`;
  const database = engine === 'sqlite' ? { url: `sqlite:${file}` } : { url: addressOf('postgres'), schema };
  const store = await openStore({ ...database, vault, clock, afterTurn, log });
  const sandbox = await startSandbox({ databasePath: ':memory:', host: '127.0.0.1', port: 0, clock, autoTick: false });
  const { url: baseUrl, apiKey, webhookSecret } = sandbox;
  const deps: Deps = {
    ...{ store, clock, ids: randomIds, log, vault },
    channels: createChannels({
      ...(stripe ? { stripe } : { sandbox: { baseUrl, apiKey, webhookSecret, timeoutMs: 2_000 } }),
      telegram,
    }),
    rates: { find: () => undefined },
    settings: { demo: true, publicUrl: 'http://127.0.0.1:3000' },
    wake: () => undefined,
  };
  const core = createCore(deps);
  const communityId = randomIds.next();
  const chatId = randomIds.next();
  await store.transact(null, async (tx) => {
    const community = {
      id: communityId,
      name: 'Night Market',
      timeZone: 'Asia/Kuala_Lumpur',
      currency: 'MYR',
      locale: 'en',
    };
    await tx.people.insertCommunity({
      ...community,
      testMoney: true,
      cashConfirmLimit: 50_000,
      frozen: false,
      createdAt: clock.at,
    });
    await tx.people.insertChat({
      id: chatId,
      communityId,
      platform: 'web',
      platformChatId: 'night-market',
      title: 'Night Market',
    });
    return null;
  });

  const arrive = async (name: string) =>
    (await core.arrive({ platform: 'web', platformUserId: `seat-${name}`, communityId, name, locale: 'en' })).personId;
  /** Says or presses something, under a fresh key unless one is given. */
  const act = (personId: string, intent: Intent, key: string = randomIds.next()): Promise<Reply> =>
    core.handle({ key, communityId, personId, chatId, intent });
  const done = async (personId: string, intent: Intent): Promise<Message | null> => {
    const reply = await act(personId, intent);
    if (!reply.ok) throw new Error(`${intent.kind} was refused: ${JSON.stringify(reply.fault)}`);
    return reply.show;
  };

  const seller = await arrive('Seller');
  await done(seller, { kind: 'choose_role', role: 'seller' });
  const admin = await arrive('Admin');
  await done(admin, { kind: 'choose_role', role: 'admin' });
  const buyers = await Promise.all(Array.from({ length: members }, (_, index) => arrive(`Buyer ${index + 1}`)));
  const buyer = buyers[0] ?? seller;
  const [shop] = await store.read((reads) => reads.people.shops(communityId));
  if (!shop) throw new Error('the seller has no shop');

  /** Posts a product and answers what a card carries. */
  const post = async (
    changes: Partial<ProductForm> = {},
    productKind: 'physical' | 'digital' | 'service' = 'physical',
  ) => {
    const before = new Set(await productIds());
    await done(seller, {
      kind: 'post_product',
      shopId: shop.id,
      chatIds: [chatId],
      productKind,
      form: { ...form, ...changes },
    });
    const productId = (await productIds()).find((id) => !before.has(id));
    if (!productId) throw new Error('nothing was posted');
    const [listing] = await store.read((reads) => reads.catalog.listings(productId));
    const variants = await store.read((reads) => reads.catalog.variants(productId));
    const [variant] = variants;
    if (!listing || !variant) throw new Error('the product has no card');
    return { productId, listingId: listing.id, variantId: variant.id, variants };
  };
  const productIds = async () =>
    (await store.read((reads) => reads.catalog.products({ communityId, states: ['on_sale'], limit: 200 }))).map(
      (one) => one.id,
    );

  const stock = async (variantId: string) => {
    const variant = await store.read((reads) => reads.catalog.variant(variantId));
    if (!variant) throw new Error(`no variant ${variantId}`);
    return { onHand: variant.onHand, held: variant.held, sold: variant.sold };
  };

  /** Taps Buy and answers the order. */
  const buy = async (personId: string, listingId: string, quantity = 1): Promise<Order> => {
    const shown = await done(personId, { kind: 'buy', listingId, quantity });
    if (shown?.name !== 'order') throw new Error('no bill was shown');
    return order(shown.orderId);
  };
  const order = async (orderId: string): Promise<Order> => {
    const row = await store.read((reads) => reads.orders.order(orderId));
    if (!row) throw new Error(`no order ${orderId}`);
    return row;
  };
  const panel = async (personId: string, orderId: string): Promise<OrderData> => {
    const loaded = await core.load({ name: 'order', orderId }, { personId, communityId });
    if (!loaded.ok) throw new Error(`the panel is hidden: ${loaded.fault.code}`);
    return loaded.value.order;
  };

  /** Opens the pay link and answers the sandbox checkout it leads to. */
  const openBill = async (one: Pick<Order, 'payToken'>): Promise<string> => {
    const opened = await core.openCheckout({ payToken: one.payToken, returnBase: deps.settings.publicUrl });
    if (!opened.ok || opened.value.kind !== 'redirect') throw new Error(`no way to pay: ${JSON.stringify(opened)}`);
    const id = /\/checkout\/([^?]+)/.exec(opened.value.url)?.[1];
    if (!id) throw new Error(`no checkout in ${opened.value.url}`);
    return id;
  };

  const noticeOf = (body: string, at = clock.at): RawNotice => ({
    body: Buffer.from(body),
    headers: { 'sandbox-signature': sandbox.sign(body, Math.floor(at / 1000)) },
    receivedAt: clock.at,
  });
  const notices = () => sandbox.events().map((event) => noticeOf(JSON.stringify(event)));
  const carried = new Set<string>();
  const fresh = () => sandbox.events().filter((event) => !carried.has(event.id));
  /** Carries every notice that was not carried yet: as `arrange` wills, which may turn them round, repeat and lose them. */
  const deliver = async (arrange = (events: SandboxEvent[]) => events) => {
    const events = fresh();
    for (const event of events) carried.add(event.id);
    for (const event of arrange(events)) await core.onProviderNotice('sandbox', noticeOf(JSON.stringify(event)));
  };
  /** The same, all of them at one moment. */
  const deliverAtOnce = async () => {
    const events = fresh();
    for (const event of events) carried.add(event.id);
    await Promise.all(events.map((event) => core.onProviderNotice('sandbox', noticeOf(JSON.stringify(event)))));
  };
  const { told, work, news } = handOutbox(deps);
  /** Everything that is due now is done: provider, notices, sweep, outbox. */
  const settle = async () => {
    for (let round = 1; round <= 3; round += 1) {
      await sandbox.idle();
      await deliver();
      await core.sweep();
      await work();
    }
  };
  const pass = async (ms: number) => {
    clock.at += ms;
    await settle();
  };

  const timeline = async (orderId: string) =>
    (await store.read((reads) => reads.orders.timeline(orderId))).map((entry) => entry.kind);
  const money = (orderId: string) =>
    store.read(async (reads) => ({
      payment: await reads.payments.paymentOf(orderId),
      attempts: await reads.payments.attempts(orderId),
      captures: await reads.payments.captures(orderId),
      refunds: await reads.payments.refunds(orderId),
    }));
  /** The journal's balance of every account of the shop's book at the sandbox. */
  const balances = async (): Promise<Record<string, number>> => {
    const accounts = await store.read((reads) => reads.people.merchantAccounts(shop.id));
    const sums: Record<string, number> = {};
    for (const account of accounts) {
      for (const row of await store.read((reads) => reads.payments.balances(account.id))) {
        const name = `${account.channel}.${row.account}`;
        if (row.amount !== 0) sums[name] = (sums[name] ?? 0) + row.amount;
      }
    }
    return sums;
  };
  /** What the sandbox says it owes the shop, by currency. */
  const sandboxBalance = () => sandbox.balance(shop.id);

  const close = async () => {
    await sandbox.stop();
    await store.close();
    await rm(folder, { recursive: true });
    if (engine === 'postgres') await dropSchema(schema);
  };
  return {
    ...{
      core,
      deps,
      store,
      sandbox,
      clock,
      communityId,
      chatId,
      shop,
      seller,
      admin,
      buyer,
      buyers,
      file,
      schema,
      engine,
    },
    ...{
      arrive,
      act,
      done,
      post,
      stock,
      buy,
      order,
      panel,
      openBill,
      noticeOf,
      notices,
      deliver,
      deliverAtOnce,
      work,
      settle,
      pass,
      told,
      news,
    },
    ...{ timeline, money, balances, sandboxBalance, close },
  };
}

function startingClock() {
  const clock = { at: START, now: (): number => clock.at };
  return clock;
}

/** In memory where the system has room for it: these tests end no process, so nothing of theirs must survive one. */
function quickFolder(): string {
  const shared = '/dev/shm';
  if (!existsSync(shared)) return tmpdir();
  const { bavail, bsize } = statfsSync(shared);
  return bavail * bsize > ROOM_BYTES ? shared : tmpdir();
}

async function dropSchema(schema: string): Promise<void> {
  const client = new Client({ connectionString: addressOf('postgres') });
  await client.connect();
  await client.query(`DROP SCHEMA "${schema}" CASCADE`);
  await client.end();
}
