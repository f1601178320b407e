// Selling in a Telegram chat: what may be shown and paid there, cards of a provider, and news that does not fit.
import { describe, expect, test } from 'vitest';
import { wordsFor } from '../../src/i18n/words.ts';
import type { ChannelNotice } from '../../src/ports/payment-channel.ts';
import { randomIds } from '../../src/runtime/ids.ts';
import { openTelegramMoney, type TelegramMoney } from '../support/telegram-money.ts';
import { form } from '../support/world.ts';

const refused = (code: string) => ({ ok: false, fault: { code } });

describe('digital goods', () => {
  const digital = { ...form, price: '20.00', pickup: false, digitalText: 'The song' };
  const posting = (world: TelegramMoney, changes: object, chatId = world.telegramChatId) =>
    world.act(world.seller, {
      kind: 'post_product',
      shopId: world.shop.id,
      chatIds: [chatId],
      productKind: 'digital',
      form: { ...digital, ...changes },
    });

  test('without a price in Stars are not shown in a Telegram chat, and the seller is told what to add', async () => {
    const world = await openTelegramMoney();
    expect(await posting(world, {})).toMatchObject({
      fault: { code: 'platform_price_missing', params: { field: 'otherPrices', currency: 'XTR' } },
    });
    expect(await posting(world, { otherPrices: 'XTR 50' })).toMatchObject({ ok: true });
    expect(await posting(world, { price: '0' })).toMatchObject({ ok: true });
    // On the web they need none; a card in Telegram later does.
    expect(await posting(world, {}, world.chatId)).toMatchObject({ ok: true });
    const products = await world.store.read((reads) =>
      reads.catalog.products({ communityId: world.communityId, states: ['on_sale'], limit: 10 }),
    );
    for (const product of products) {
      const [variant] = await world.store.read((reads) => reads.catalog.variants(product.id));
      const bare = variant?.prices['XTR'] === undefined && variant?.prices['MYR'] !== 0;
      const listed = await world.act(world.seller, {
        kind: 'list_product',
        productId: product.id,
        chatId: world.telegramChatId,
      });
      expect(listed.ok).toBe(!bare);
    }
  });

  test('keep their price in Stars as long as they stand in a Telegram chat', async () => {
    const world = await openTelegramMoney();
    const { productId, listingId } = await world.postDigital();
    const edit = (changes: object) =>
      world.act(world.seller, { kind: 'edit_product', productId, form: { ...digital, digitalText: '', ...changes } });
    expect(await edit({ price: '30.00' })).toMatchObject(refused('platform_price_missing'));
    expect(await edit({ price: '30.00', otherPrices: 'XTR 70' })).toMatchObject({ ok: true });
    const card = await world.core.load({ name: 'card', listingId }, null);
    expect(card).toMatchObject({ value: { product: { variants: [{ price: { amount: 70, currency: 'XTR' } }] } } });
  });

  test('and other goods are not one bill there', async () => {
    const world = await openTelegramMoney();
    const song = await world.postDigital();
    const box = await world.post({}, 'physical');
    const say = (intent: Parameters<TelegramMoney['act']>[1]) =>
      world.core.handle({
        ...{ key: randomIds.next(), communityId: world.communityId, personId: world.payer, chatId: null },
        intent,
      });
    for (const { productId } of [song, box])
      expect(await say({ kind: 'basket_add', productId })).toMatchObject({ ok: true });
    const [basket] = await world.store.read((reads) => reads.orders.baskets(world.payer));
    const orderId = basket?.id ?? '';
    expect(await say({ kind: 'basket_checkout', orderId })).toMatchObject(refused('digital_separately'));
    await say({ kind: 'basket_set', orderId, variantId: box.variantId, quantity: 0 });
    const out = await say({ kind: 'basket_checkout', orderId });
    expect(out).toMatchObject({ ok: true });
    expect(await world.order(orderId)).toMatchObject({ currency: 'XTR', total: 50 });
  });

  test('are paid in Stars by nothing else: neither cash nor a page takes that bill', async () => {
    const world = await openTelegramMoney();
    const { listingId } = await world.postDigital();
    const order = await world.buyThere(world.payer, listingId);
    const opened = await world.core.openCheckout({ payToken: order.payToken, returnBase: 'http://127.0.0.1:3000' });
    expect(opened).toMatchObject(refused('channel_refused'));
    const cash = await world.act(world.payer, { kind: 'choose_channel', orderId: order.id, channel: 'cash' });
    expect(cash).toMatchObject(refused('channel_refused'));
  });

  test('bought on the web are paid there, and never by an invoice of Telegram', async () => {
    const world = await openTelegramMoney();
    const { listingId } = await world.postDigital();
    const order = await world.buy(world.buyer, listingId);
    expect(order.currency).toBe('MYR');
    const panel = await world.panel(world.buyer, order.id);
    expect(panel.channels.map((one) => one.code)).toEqual(['sandbox', 'cash']);
  });
});

describe('cards in Telegram', () => {
  async function billed(changes = {}) {
    const world = await openTelegramMoney({ cards: true });
    const { listingId } = await world.post({ ...changes }, 'physical');
    const order = await world.buyThere(world.payer, listingId);
    await world.done(world.payer, { kind: 'choose_channel', orderId: order.id, channel: 'telegram_payments' });
    await world.work();
    return { world, order };
  }

  test('pay for physical goods; the refund is made by hand at the provider', async () => {
    const { world, order } = await billed();
    expect(await world.pay(world.person, await world.linkOf(order))).toMatchObject({ paid: true, totalAmount: 1250 });
    await world.settle();
    expect(await world.panel(world.payer, order.id)).toMatchObject({ state: 'paid', refundFullOnly: false });
    const books = { 'telegram_payments.channel': 1250, 'telegram_payments.sales': -1250 };
    expect(await world.balances()).toEqual(books);
    expect(world.news(world.seller)).not.toContain('cash_expected');
    await world.refundAll(order.id, { amount: '2.50' });
    await world.settle();
    const [refund] = (await world.money(order.id)).refunds;
    expect(refund).toMatchObject({ state: 'submitted', amount: 250 });
    // Whoever runs the market has the money, and pays it back.
    expect(world.news(world.admin)).toContain('refund_by_hand');
    expect(world.news(world.seller)).not.toContain('refund_by_hand');
    await world.done(world.admin, { kind: 'refund_paid_by_hand', refundId: refund?.id ?? '', proof: 'dashboard 17' });
    expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'succeeded' }]);
    expect(world.fake.invalidRequests).toEqual([]);
  });

  test('are never offered for digital goods, and not on the web', async () => {
    const world = await openTelegramMoney({ cards: true });
    const song = await world.postDigital();
    const order = await world.buyThere(world.payer, song.listingId);
    expect((await world.panel(world.payer, order.id)).channels.map((one) => one.code)).toEqual(['telegram_stars']);
    const box = await world.post({}, 'physical');
    const onWeb = await world.buy(world.buyer, box.listingId);
    const choice = { kind: 'choose_channel', orderId: onWeb.id, channel: 'telegram_payments' } as const;
    expect(await world.act(world.buyer, choice)).toMatchObject(refused('channel_refused'));
  });

  test('that the market began to take later are open to the shops that were there before', async () => {
    const world = await openTelegramMoney({ cards: true });
    const before = (await world.store.read((reads) => reads.people.merchantAccounts(world.shop.id))).length;
    const later = await world.arrive('Later');
    const shopId = randomIds.next();
    await world.store.transact(null, async (tx) => {
      const shop = { id: shopId, communityId: world.communityId, ownerId: later, name: 'Old', createdAt: 1 } as const;
      await tx.people.insertShop({ ...shop, state: 'approved' });
      await tx.people.putShopStaff(shopId, later, 'seller', 1);
      return null;
    });
    const shown = await world.done(later, {
      ...{ kind: 'post_product', shopId, chatIds: [world.telegramChatId], productKind: 'physical', form },
    });
    const productId = shown?.name === 'notice' ? (shown.objectId ?? '') : '';
    const [listing] = await world.store.read((reads) => reads.catalog.listings(productId));
    const order = await world.buyThere(world.payer, listing?.id ?? '');
    const panel = await world.panel(world.payer, order.id);
    expect(panel.channels.map((one) => one.code)).toEqual(['telegram_payments']);
    const choice = { kind: 'choose_channel', orderId: order.id, channel: 'telegram_payments' } as const;
    expect(await world.act(world.payer, choice)).toMatchObject({ ok: true });
    const accounts = await world.store.read((reads) => reads.people.merchantAccounts(shopId));
    expect(accounts.map((one) => one.channel)).toEqual(['telegram_payments']);
    expect(await world.store.read((reads) => reads.people.merchantAccounts(world.shop.id))).toHaveLength(before);
  });

  test('of another sum are recorded and wait for a person: nobody can be asked about them', async () => {
    const { world, order } = await billed();
    world.hold();
    await world.pay(world.person, await world.linkOf(order));
    const news = world.carried.find((update) => update.message?.successful_payment);
    const paid = news?.message?.successful_payment;
    if (!news?.message || !paid) throw new Error('no news');
    const odd = { ...news.message, successful_payment: { ...paid, total_amount: 12 } };
    await world.payments.onSuccessfulPayment(odd);
    await world.settle();
    expect((await world.order(order.id)).state).toBe('pending_payment');
    expect((await world.money(order.id)).captures).toMatchObject([{ use: 'conflicted', amount: 12 }]);
    expect(await world.balances()).toEqual({ 'telegram_payments.channel': 12, 'telegram_payments.suspense': -12 });
    const cases = await world.store.read((reads) => reads.payments.cases(world.communityId, 10));
    expect(cases).toMatchObject([{ kind: 'payment_conflict' }]);
  });
});

describe('news that does not fit', () => {
  async function told(change: (notice: ChannelNotice) => ChannelNotice) {
    const world = await openTelegramMoney();
    const { listingId } = await world.postDigital();
    const order = await world.buyThere(world.payer, listingId);
    const [attempt] = (await world.money(order.id)).attempts;
    const payment = { channelRef: 'forged', state: 'succeeded', amount: 50, currency: 'XTR', fee: 0 } as const;
    const right: ChannelNotice = {
      ...{ eventId: 'e-1', type: 'successful_payment', objectId: 'forged', occurredAt: world.clock.at },
      account: `${world.fake.bot.id}:${world.shop.id}`,
      about: {
        ...{ kind: 'attempt', reference: attempt?.reference ?? '', orderId: order.id },
        truth: { state: 'succeeded', payments: [payment] },
      },
    };
    expect(await world.core.onChannelNotice('telegram_stars', change(right))).toBe('stored');
    await world.settle();
    expect((await world.order(order.id)).state).toBe('pending_payment');
    expect(await world.balances()).toEqual({});
    return { world, order };
  }
  const attemptOf = (notice: ChannelNotice) => {
    if (notice.about.kind !== 'attempt') throw new Error('not of an attempt');
    return notice.about;
  };

  test.each<[string, (notice: ChannelNotice) => ChannelNotice]>([
    ['of another bot', (one) => ({ ...one, account: `7:${one.account.split(':')[1]}` })],
    ['of another shop', (one) => ({ ...one, account: '42:another' })],
    ['of another order', (one) => ({ ...one, about: { ...attemptOf(one), orderId: 'another' } })],
    ['of an attempt that is not', (one) => ({ ...one, about: { ...attemptOf(one), reference: 'another' } })],
    [
      'of a smaller sum',
      (one) => {
        const { truth, ...rest } = attemptOf(one);
        const payments = truth.payments.map((payment) => ({ ...payment, amount: 1 }));
        return { ...one, about: { ...rest, truth: { ...truth, payments } } };
      },
    ],
  ])('%s pays nothing', async (_, change) => {
    await told(change);
  });

  test('is refused where the channel has no such invoices', async () => {
    const world = await openTelegramMoney();
    const notice: ChannelNotice = {
      ...{ eventId: 'e', type: 't', account: 'a', objectId: 'o', occurredAt: 0, about: { kind: 'other' } },
    };
    await expect(world.core.onChannelNotice('sandbox', notice)).rejects.toThrow(/no invoices/);
    await expect(world.core.onChannelNotice('nowhere', notice)).rejects.toThrow(/no invoices/);
  });
});

describe('Telegram waits for the answer', () => {
  const never = () => new Promise<never>(() => undefined);
  const broken = () => Promise.reject(new Error('the database is away'));

  test.each([
    ['does not end', never],
    ['breaks', broken],
  ])('a check that %s is a refusal in words and in time', async (_, preCheckout) => {
    const world = await openTelegramMoney({ core: { preCheckout }, answerWithinMs: 400 });
    const { listingId } = await world.postDigital();
    const { person, personId } = await world.member('Siti', 'ms');
    const order = await world.buyThere(personId, listingId);
    const outcome = await person.pays(await world.linkOf(order));
    const error = wordsFor('ms', 'UTC').t('checkout.too_slow');
    expect(outcome).toEqual({ paid: false, stage: 'pre_checkout', error });
  });

  test.each(['before', 'after'] as const)('an answer whose line breaks %s it arrived is given again', async (when) => {
    const world = await openTelegramMoney();
    const { listingId } = await world.postDigital();
    const order = await world.buyThere(world.payer, listingId);
    world.fake.faults.drop(when, { method: 'answerPreCheckoutQuery' });
    expect(await world.person.pays(await world.linkOf(order))).toMatchObject({ paid: true });
  });

  test('an invoice that asks where to deliver is none of ours', async () => {
    const world = await openTelegramMoney();
    const prices = [{ label: 'Box', amount: 100 }];
    const flexible = { need_shipping_address: true, is_flexible: true };
    const link = await world.api.createInvoiceLink('Box', 'A box', 'x', '1:TEST:card', 'USD', prices, flexible);
    const error = wordsFor('en', 'UTC').t('checkout.delivery_on_bill');
    expect(await world.person.pays(link)).toEqual({ paid: false, stage: 'shipping', error });
  });
});
