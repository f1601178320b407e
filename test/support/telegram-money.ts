// The money's world with a bot: the real core and channels, the fake Bot API, and people who pay there. Updates are carried to the
// payments of the adapter by hand, so that a test decides when and how often.
import { Api } from 'grammy';
import type { Update } from 'grammy/types';
import { onTestFinished } from 'vitest';
import { createTelegramPayments } from '../../adapters/telegram/payments.ts';
import { negotiate } from '../../src/i18n/negotiate.ts';
import { wordsFor } from '../../src/i18n/words.ts';
import type { Core } from '../../src/ports/core.ts';
import type { ProductForm } from '../../src/ports/intents/catalog.ts';
import type { Order } from '../../src/ports/store/orders.ts';
import { randomIds } from '../../src/runtime/ids.ts';
import { startFakeTelegram } from './telegram/fake.ts';
import type { FakePerson } from './telegram/person.ts';
import { type Engine, form, openWorld, START } from './world.ts';

const ALLOWED = ['message', 'pre_checkout_query', 'shipping_query'] as const;

export type TelegramMoney = Awaited<ReturnType<typeof openTelegramMoney>>;

type Options = {
  readonly cards?: boolean;
  readonly engine?: Engine;
  /** A core that behaves otherwise, as the adapter meets it. */
  readonly core?: Partial<Core>;
  readonly answerWithinMs?: number;
};

export async function openTelegramMoney({ cards = false, engine = 'sqlite', ...adapter }: Options = {}) {
  const time = { now: () => START };
  const fake = await startFakeTelegram({ clock: { now: () => time.now() }, checkoutMs: 5_000 });
  const { token, apiRoot } = fake;
  const world = await openWorld({
    engine,
    telegram: { token, apiRoot, timeoutMs: 1_000, ...(cards ? { providerToken: '1:TEST:card' } : {}) },
  });
  time.now = world.clock.now;
  const { core, deps, store, communityId } = world;
  const api = new Api(token, { apiRoot, timeoutSeconds: 5 });
  const payments = createTelegramPayments({
    ...{ api, log: deps.log, words: wordsFor, negotiate },
    core: { ...core, ...adapter.core },
    ...(adapter.answerWithinMs === undefined ? {} : { answerWithinMs: adapter.answerWithinMs }),
  });
  const carried: Update[] = [];
  let held = false;
  let open = true;

  const carry = async (update: Update): Promise<void> => {
    if (update.pre_checkout_query) await payments.onPreCheckout(update.pre_checkout_query);
    else if (update.shipping_query) await payments.onShippingQuery(update.shipping_query);
    else if (update.message?.successful_payment) await payments.onSuccessfulPayment(update.message);
    else if (update.message?.refunded_payment) await payments.onRefunded(update.message);
  };
  const kept: Update[] = [];
  const loop = async (): Promise<void> => {
    let offset = 0;
    while (open) {
      const updates = await api.getUpdates({ offset, timeout: 1, allowed_updates: ALLOWED });
      for (const update of updates) {
        offset = update.update_id + 1;
        carried.push(update);
        // A question cannot wait; news can.
        if (held && !update.pre_checkout_query) kept.push(update);
        else await carry(update);
      }
    }
  };
  const running = loop().catch((error: unknown) => {
    if (open) throw error;
  });
  onTestFinished(async () => {
    open = false;
    await running;
    await fake.close();
    await world.close();
  });

  const group = fake.person({ firstName: 'Gwen' });
  const chatId = randomIds.next();
  const chat = { communityId, platform: 'telegram', platformChatId: '-1001', title: 'Group' };
  await store.transact(null, (tx) => tx.people.insertChat({ id: chatId, ...chat }));

  const member = async (firstName: string, languageCode = 'en') => {
    const person = fake.person({ firstName, languageCode });
    person.starts();
    const arrival = { platform: 'telegram', platformUserId: String(person.id), communityId, name: firstName };
    const { personId } = await core.arrive({ ...arrival, locale: languageCode });
    return { person, personId };
  };
  const buyer = await member('Bea');

  const postDigital = async (changes: Partial<ProductForm> = {}) =>
    post(
      { ...{ price: '20.00', otherPrices: 'XTR 50', pickup: false, digitalText: 'The song' }, ...changes },
      'digital',
    );
  const post = async (changes: Partial<ProductForm>, productKind: 'physical' | 'digital') => {
    const posted = { ...form, ...changes };
    const wish = { kind: 'post_product', shopId: world.shop.id, chatIds: [chatId], productKind, form: posted } as const;
    const shown = await world.done(world.seller, wish);
    if (shown?.name !== 'notice' || !shown.objectId) throw new Error('nothing was posted');
    const [listing] = await store.read((reads) => reads.catalog.listings(shown.objectId ?? ''));
    const [variant] = await store.read((reads) => reads.catalog.variants(shown.objectId ?? ''));
    if (!listing || !variant) throw new Error('the product has no card');
    return { productId: shown.objectId, listingId: listing.id, variantId: variant.id };
  };
  const buy = async (personId: string, listingId: string, quantity = 1) => {
    const reply = await core.handle({
      ...{ key: randomIds.next(), communityId, personId, chatId },
      intent: { kind: 'buy', listingId, quantity },
    });
    if (!reply.ok || reply.show?.name !== 'order') throw new Error(`no bill: ${JSON.stringify(reply)}`);
    const order = await world.order(reply.show.orderId);
    await world.work();
    return order;
  };
  /** The link on the buyer's panel. */
  const linkOf = async (order: Order): Promise<string> => {
    const { invoice } = await world.panel(order.buyerId, order.id);
    if (!invoice) throw new Error('there is no invoice on the panel');
    return invoice.url;
  };
  /** Pays, and waits until the news has arrived. */
  const pay = async (person: FakePerson, link: string, how?: Parameters<FakePerson['pays']>[1]) => {
    const outcome = await person.pays(link, how);
    if (outcome.paid) await fake.taken();
    return outcome;
  };
  const refund = (orderId: string, changes: object = {}) =>
    world.act(world.seller, { kind: 'refund', orderId, amount: '', lines: [], restock: false, ...changes });
  const hold = () => {
    held = true;
  };
  /** What was kept arrives now. */
  const release = async () => {
    held = false;
    for (const update of kept.splice(0)) await carry(update);
  };
  const stars = () => world.deps.channels.get('telegram_stars');
  return {
    ...{ ...world, fake, api, payments, telegramChatId: chatId, carried, carry, hold, release, member, group, stars },
    ...{
      person: buyer.person,
      payer: buyer.personId,
      post,
      postDigital,
      buyThere: buy,
      linkOf,
      pay,
      refundAll: refund,
    },
  };
}
