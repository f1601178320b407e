// The outbox on a real database and the real core; the chat platform is the wire, and a test says what it answers.
import { createCore } from '../../src/app/core.ts';
import { wordsFor } from '../../src/i18n/words.ts';
import type { OutboxCalls } from '../../src/outbox/courier.ts';
import { createOutbox, type OutboxDeps } from '../../src/outbox/worker.ts';
import type { ChatPlatform, Sent } from '../../src/ports/chat.ts';
import type { Core } from '../../src/ports/core.ts';
import type { Intent } from '../../src/ports/intents.ts';
import type { OutboxMessage } from '../../src/ports/outbox.ts';
import type { Clock, LogFields } from '../../src/ports/runtime.ts';
import type { Store } from '../../src/ports/store.ts';
import type { View } from '../../src/view/view.ts';
import { randomIds } from '../../src/runtime/ids.ts';
import { form } from './world.ts';
import { silentLog, testVault } from './store-options.ts';
import { freshDatabase, type EngineKind } from './stores.ts';

const START = Date.UTC(2026, 10, 20, 12);

/** One call of the outbox to a chat platform. `place` is the chat or the person. */
export type Call = {
  readonly what: 'post' | 'edit' | 'panel';
  readonly place: string;
  readonly key: string;
  readonly ref: string | null;
  readonly locale: string;
  readonly view: View;
};
type Answer = (call: Call) => Promise<Sent | undefined> | Sent | undefined;

export type Wire = ChatPlatform<View> & {
  readonly calls: Call[];
  /** What the next calls get; undefined is the usual answer. */
  answer: Answer;
};

/** A platform that sends everything, unless told otherwise. */
export function createWire({ platform = 'talk', keyed = false } = {}): Wire {
  const calls: Call[] = [];
  const hear = async (call: Call): Promise<Sent> => {
    calls.push(call);
    return (await wire.answer(call)) ?? { outcome: 'sent', ref: call.ref ?? `ref-${calls.length}` };
  };
  const wire: Wire = {
    platform,
    can: { ephemeral: true, edit: true, forms: true, privateFirst: true, keyed },
    calls,
    answer: () => undefined,
    post: ({ chat, ...rest }) => hear({ what: 'post', place: chat.id, ref: null, ...rest }),
    edit: ({ chat, ...rest }) => hear({ what: 'edit', place: chat.id, ...rest }),
    panel: ({ personId, key, locale, view }) => hear({ what: 'panel', place: personId, ref: null, key, locale, view }),
  };
  return wire;
}

/** The real core, with no channel to pay at. */
export function coreOn(store: Store, clock: Clock): Core {
  return createCore({
    ...{ store, clock, ids: randomIds, log: silentLog, vault: testVault, channels: new Map() },
    rates: { find: () => undefined },
    settings: { demo: true, publicUrl: 'http://127.0.0.1:3000' },
    wake: () => undefined,
  });
}

export const noCalls = (): OutboxCalls => ({
  openAttempt: () => Promise.resolve(),
  closeAttempt: () => Promise.resolve(),
  submitRefund: () => Promise.resolve(),
  renewCardInvoices: () => Promise.resolve(),
});

export type OutboxWorld = Awaited<ReturnType<typeof openOutboxWorld>>;

/** A community with two chats, a seller, and nothing in the outbox. */
export async function openOutboxWorld(kind: EngineKind, { keyed = false } = {}) {
  const clock = { at: START, now: () => clock.at };
  const database = freshDatabase(kind);
  const store = await database.open({ clock });
  const wire = createWire({ keyed });
  const errors: LogFields[] = [];
  const log = { ...silentLog, error: (fields: LogFields) => void errors.push(fields) };
  const core = coreOn(store, clock);
  const calls = noCalls();
  const { communityId, chatIds } = await foundCommunity(store, clock.at);
  const act = async (personId: string, intent: Intent): Promise<void> => {
    const reply = await core.handle({ key: randomIds.next(), communityId, personId, chatId: null, intent });
    if (!reply.ok) throw new Error(`${intent.kind} was refused: ${JSON.stringify(reply.fault)}`);
  };
  const arrive = async (name: string, locale = 'en') =>
    (await core.arrive({ platform: 'talk', platformUserId: name, communityId, name, locale })).personId;

  const seller = await arrive('Seller');
  await act(seller, { kind: 'choose_role', role: 'seller' });
  const [shop] = await store.read((reads) => reads.people.shops(communityId));
  if (!shop) throw new Error('the seller has no shop');

  /** A worker; the tests move time and drain. */
  const worker = (changes: Partial<OutboxDeps> = {}) =>
    createOutbox({
      ...{ store, core, platforms: new Map([['talk', wire]]), calls, words: wordsFor, clock, log, timers: false },
      ...changes,
    });
  const outbox = worker();
  await outbox.drain();

  /** Posts a product into both chats: the cards are in the outbox, not yet in the chats. */
  const post = async (title = 'Mango box') => {
    await act(seller, {
      kind: 'post_product',
      shopId: shop.id,
      chatIds,
      productKind: 'physical',
      form: { ...form, title },
    });
    const products = await store.read((reads) =>
      reads.catalog.products({ communityId, states: ['on_sale'], limit: 100 }),
    );
    const product = products.find((one) => one.title === title);
    if (!product) throw new Error('nothing was posted');
    const [variant] = await store.read((reads) => reads.catalog.variants(product.id));
    return { productId: product.id, variantId: variant?.id ?? '' };
  };
  const setStock = (variantId: string, stock: number) =>
    act(seller, { kind: 'set_stock', variantId, stock: String(stock) });
  const listings = (productId: string) => store.read((reads) => reads.catalog.listings(productId));

  const send = (lane: string, message: OutboxMessage, id: string = randomIds.next()) =>
    store.transact(null, (tx) => tx.outbox.send({ id, lane, message, dueAt: clock.at, createdAt: clock.at }));
  /** News that has nothing to look up. */
  const notice = (personId: string, id?: string) =>
    send(
      `notices:${personId}`,
      {
        ...{ name: 'notice', personId, communityId },
        message: { name: 'notice', kind: 'card_number_dropped', objectId: null },
      },
      id,
    );
  const counts = () => store.read((reads) => reads.outbox.counts());
  const rows = () => database.query('select id, state, tries, error from outbox_messages order by seq');
  wire.calls.length = 0;

  return {
    ...{ clock, database, store, core, wire, calls, errors, log, communityId, chatIds, seller, shop },
    ...{ act, arrive, worker, outbox, post, setStock, listings, send, notice, counts, rows },
  };
}

async function foundCommunity(store: Store, createdAt: number) {
  const communityId = randomIds.next();
  const chatIds = [randomIds.next(), randomIds.next()];
  await store.transact(null, async (tx) => {
    await tx.people.insertCommunity({
      ...{ id: communityId, name: 'Night Market', timeZone: 'Asia/Kuala_Lumpur', currency: 'MYR', locale: 'en' },
      ...{ testMoney: true, cashConfirmLimit: 50_000, frozen: false, createdAt },
    });
    for (const id of chatIds) {
      await tx.people.insertChat({ id, communityId, platform: 'talk', platformChatId: id, title: 'Night Market' });
    }
    return null;
  });
  return { communityId, chatIds };
}
