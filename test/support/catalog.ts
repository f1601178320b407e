// The demo market on a real database, driven through the core; what leaves it is read off the outbox.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCore } from '../../src/app/core.ts';
import { seedDemoMarket } from '../../src/app/community/demo-market.ts';
import type { Deps } from '../../src/app/deps.ts';
import type { Fault, Result } from '../../src/domain/faults.ts';
import type { Rate } from '../../src/domain/rates.ts';
import type { Reply } from '../../src/ports/core.ts';
import type { Intent } from '../../src/ports/intents.ts';
import type { ProductForm } from '../../src/ports/intents/catalog.ts';
import type { Message, MessageData, MessageName } from '../../src/ports/messages.ts';
import type { OutboxMessage } from '../../src/ports/outbox.ts';
import type { PaymentChannel } from '../../src/ports/payment-channel.ts';
import type { Reads } from '../../src/ports/store.ts';
import type { Image, Product } from '../../src/ports/store/catalog.ts';
import type { Community } from '../../src/ports/store/people.ts';
import { afterTurn } from '../../src/runtime/after-turn.ts';
import { randomIds } from '../../src/runtime/ids.ts';
import { createLog } from '../../src/runtime/log.ts';
import { createVault } from '../../src/runtime/vault.ts';
import { openStore } from '../../src/store/open.ts';

export const START = Date.UTC(2026, 10, 20, 12);

export const blankForm: ProductForm = {
  ...{ title: 'Pandan cake', description: '', price: '10.00', otherPrices: '', options: '', stock: '5' },
  ...{ limitPerPerson: '', holdMinutes: '15', imageDigest: '', imageAlt: '', pickup: true, pickupNote: '' },
  ...{ shippingFee: '', shippingFreeFrom: '', digitalText: '', digitalCodes: '', serviceNote: '', quickPay: false },
};

/** No attempt is opened in these flows; a channel is only something that a shop has an account at. */
const unused = () => Promise.reject(new Error('no payment is made in this suite'));
const channel = (code: string): PaymentChannel => ({
  code,
  capabilities: {
    currencies: 'all',
    minimum: {},
    goods: 'all',
    nativeInvoice: null,
    paidTo: 'shop',
    canBeAsked: false,
    webhook: false,
    refunds: 'by_hand',
    partialRefund: true,
    refundWindowDays: 1,
    hostedPage: false,
    keepsOrderOpenMs: null,
    lateTailMs: 0,
    checkoutOrigins: [],
  },
  createPayment: unused,
  retrievePayment: unused,
  cancelPayment: unused,
  createRefund: unused,
  retrieveRefund: unused,
});

const picture: Image = {
  digest: 'picture-1',
  mime: 'image/webp',
  width: 1,
  height: 1,
  bytes: new Uint8Array([1, 2, 3]),
};

export type CatalogMarket = Awaited<ReturnType<typeof openCatalogMarket>>;

/** A fresh demo market. `clock.at` moves time; `rates` is what "about" is computed from. */
export async function openCatalogMarket({ demo = true }: { demo?: boolean } = {}) {
  const clock = { at: START, now: () => clock.at };
  const rates: Rate[] = [];
  const { log } = createLog({ level: 'silent' });
  const vault = createVault({ current: 'catalog-tests-root-key-of-some-length', previous: [] });
  const folder = await mkdtemp(join(tmpdir(), 'pasar-catalog-'));
  const store = await openStore({ url: `sqlite:${join(folder, 'pasar.db')}`, vault, clock, afterTurn, log });
  const close = async () => {
    await store.close();
    await rm(folder, { recursive: true });
  };
  const deps: Deps = {
    store,
    clock,
    ids: randomIds,
    log,
    vault,
    channels: new Map(['sandbox', 'cash'].map((code) => [code, channel(code)])),
    rates: { find: (base, quote) => rates.find((rate) => rate.base === base && rate.quote === quote) },
    settings: { demo, publicUrl: 'http://127.0.0.1:3000' },
    wake: () => undefined,
  };
  await seedDemoMarket(deps, new Map([['mango-box', picture]]));
  const core = createCore(deps);
  const read = <R>(query: (reads: Reads) => Promise<R>) => store.read(query);
  const communityOf = async (): Promise<Community> => {
    const [community] = await read((reads) => reads.people.communities());
    if (!community) throw new Error('the demo community was not written');
    return community;
  };
  const { id: communityId } = await communityOf();

  const arriveAs = async (name: string, locale = 'en') => {
    const arrival = { platform: 'web', platformUserId: `seat-${name}`, communityId, name, locale };
    return (await core.arrive(arrival)).personId;
  };

  const act = (personId: string, intent: Intent): Promise<Reply> =>
    core.handle({ key: randomIds.next(), communityId, personId, chatId: null, intent });

  const load = <N extends MessageName>(personId: string | null, message: Message<N>): Promise<Result<MessageData[N]>> =>
    core.load(message, personId === null ? null : { communityId, personId });

  /** What the outbox holds since it was last emptied. */
  const sent = () =>
    store.transact(null, async (tx) => {
      const messages: OutboxMessage[] = [];
      for (let round = 1; round <= 100; round += 1) {
        const lease = clock.at + round;
        const claimed = await tx.outbox.claim(clock.at, lease, 100);
        if (claimed.length === 0) break;
        for (const row of claimed) {
          messages.push(row.message);
          await tx.outbox.finish(row.id, 'claimed', 'sent', {}, lease);
        }
      }
      return messages as never;
    }) as Promise<OutboxMessage[]>;

  const shops = await read((reads) => reads.people.shops(communityId));
  const chats = await read((reads) => reads.people.chats(communityId));
  const [steward] = await read((reads) => reads.people.stewards(communityId));
  const productNamed = async (title: string): Promise<Product> => {
    const states = ['on_sale', 'paused', 'frozen', 'withdrawn'] as const;
    const products = await read((reads) => reads.catalog.products({ communityId, states, limit: 100 }));
    const product = products.find((one) => one.title === title);
    if (!product) throw new Error(`no product ${title}`);
    return product;
  };
  const shopNamed = (name: string) => {
    const shop = shops.find((one) => one.name === name);
    if (!shop) throw new Error(`no shop ${name}`);
    return shop;
  };
  return {
    ...{ core, deps, store, clock, rates, read, act, load, sent, close, arriveAs, communityOf, communityId },
    ...{ chats, shops, stewardId: steward?.personId ?? '', productNamed, shopNamed },
  };
}

export function faultOf(reply: { ok: true } | { ok: false; fault: Fault }): Fault['code'] | undefined {
  return reply.ok ? undefined : reply.fault.code;
}
