// Who may be paid inside Telegram, and who may pay: the market collects where a shop lets it, and a bill can be paid by a friend.
import { describe, expect, test } from 'vitest';
import { marketCollects } from '../../src/domain/collecting.ts';
import { prove } from '../support/proof.ts';
import { openTelegramMoney, type TelegramMoney } from '../support/telegram-money.ts';
import { form } from '../support/world.ts';

const refused = (code: string) => ({ ok: false, fault: { code } });

describe('a market collects for a shop', () => {
  test('as a matter of course where the shop has no account of its own, or all money is play money', () => {
    const shop = { choice: null, hasOwnAccount: true, testMoney: false };
    expect(marketCollects(shop)).toBe(false);
    expect(marketCollects({ ...shop, hasOwnAccount: false })).toBe(true);
    expect(marketCollects({ ...shop, testMoney: true })).toBe(true);
    expect(marketCollects({ ...shop, choice: true })).toBe(true);
    expect(marketCollects({ ...shop, hasOwnAccount: false, choice: false })).toBe(false);
  });

  const choose = (world: TelegramMoney, collects: boolean, who = world.seller) =>
    world.act(who, { kind: 'let_market_collect', shopId: world.shop.id, collects });
  const desk = async (world: TelegramMoney) => {
    const loaded = await world.core.load(
      { name: 'shop', shopId: world.shop.id },
      { communityId: world.communityId, personId: world.seller },
    );
    return loaded.ok ? loaded.value.marketCollects : loaded.fault;
  };

  test('only while its seller wants it: open bills and posts in Telegram follow at once', async () => {
    const world = await openTelegramMoney();
    const { listingId } = await world.postDigital();
    const order = await world.buyThere(world.payer, listingId);
    expect(await world.panel(world.payer, order.id)).toMatchObject({ paidToMarket: true });
    const link = await world.linkOf(order);
    expect(await desk(world)).toBe(true);
    expect(await choose(world, false, world.payer)).toMatchObject(refused('not_allowed'));

    expect(await choose(world, false)).toMatchObject({ ok: true });
    expect(await desk(world)).toBe(false);
    expect(await world.panel(world.payer, order.id)).toMatchObject({ channels: [], invoice: null });
    expect(await world.pay(world.person, link)).toMatchObject({ paid: false, stage: 'pre_checkout' });
    const posting = {
      kind: 'post_product',
      shopId: world.shop.id,
      chatIds: [world.telegramChatId],
      productKind: 'digital',
      form: { ...form, title: 'Other song', price: '20.00', otherPrices: 'XTR 50', pickup: false, digitalText: 'La' },
    } as const;
    expect(await world.act(world.seller, posting)).toMatchObject(refused('market_must_collect'));
    const given = { ...posting, form: { ...posting.form, price: '0', otherPrices: '' } };
    expect(await world.act(world.seller, given)).toMatchObject({ ok: true });

    expect(await choose(world, true)).toMatchObject({ ok: true });
    expect(await world.act(world.seller, posting)).toMatchObject({ ok: true });
    expect(await world.pay(world.person, link)).toMatchObject({ paid: true });
    await world.settle();
    await prove(world);
  });

  test('and a price that is set later is judged like the first one', async () => {
    const world = await openTelegramMoney();
    const { variantId } = await world.postDigital({ price: '0', otherPrices: '' });
    const set = (price: string) => world.act(world.seller, { kind: 'set_price', variantId, price });
    expect(await set('20.00')).toMatchObject(refused('platform_price_missing'));
    expect(await set('20.00, XTR 50')).toMatchObject({ ok: true });
  });
});

describe('a bill', () => {
  async function billed() {
    const world = await openTelegramMoney();
    const { listingId } = await world.postDigital();
    const order = await world.buyThere(world.payer, listingId);
    const link = await world.linkOf(order);
    const share = (who: string, shared: boolean) => world.act(who, { kind: 'share_bill', orderId: order.id, shared });
    return { world, order, link, share };
  }

  test('that its buyer shares is paid by a friend: the goods are the buyer’s, the thanks the friend’s', async () => {
    const { world, order, link, share } = await billed();
    const friend = await world.member('Lin', 'zh-CN');
    expect(await world.pay(friend.person, link)).toMatchObject({
      paid: false,
      error: expect.stringMatching(/属于别人/) as string,
    });
    expect(await share(friend.personId, true)).toMatchObject(refused('not_found'));
    expect(await share(world.payer, true)).toMatchObject({ ok: true });
    expect(await world.panel(world.payer, order.id)).toMatchObject({ shared: true });

    expect(await world.pay(friend.person, link)).toMatchObject({ paid: true });
    await world.settle();
    expect(await world.panel(world.payer, order.id)).toMatchObject({
      state: 'fulfilled',
      goods: [{ text: 'The song' }],
    });
    expect(world.news(friend.personId)).toEqual(['gift_paid']);
    expect(world.news(world.payer)).not.toContain('gift_paid');
    const seen = await world.core.load(
      { name: 'order', orderId: order.id },
      { communityId: world.communityId, personId: friend.personId },
    );
    expect(seen).toMatchObject(refused('not_found'));
    // What goes back goes to whoever paid.
    await world.refundAll(order.id);
    await world.settle();
    expect(world.fake.payments).toMatchObject([{ userId: friend.person.id, refunded: true }]);
    await prove(world);
  });

  test('is paid by somebody whom nobody knows yet, once it is shared, and by nobody else when it no longer is', async () => {
    const { world, order, link, share } = await billed();
    const stranger = world.fake.person({ firstName: 'Noor', languageCode: 'es' });
    // The seller made the bill, and may let a group pay it.
    expect(await share(world.seller, true)).toMatchObject({ ok: true });
    expect(await share(world.payer, false)).toMatchObject({ ok: true });
    expect(await world.pay(stranger, link)).toMatchObject({ paid: false, stage: 'pre_checkout' });
    await share(world.payer, true);
    expect(await world.pay(stranger, link)).toMatchObject({ paid: true });
    await world.settle();
    const personId = await world.store.read((reads) => reads.people.personByIdentity('telegram', String(stranger.id)));
    expect(world.news(personId ?? '')).toEqual(['gift_paid']);
    expect(await world.order(order.id)).toMatchObject({ state: 'fulfilled', buyerId: world.payer });
    expect(await share(world.payer, false)).toMatchObject(refused('order_not_open'));
    await prove(world);
  });

  test('that two friends pay at once is paid once; the other’s money goes back to them', async () => {
    const { world, link, share } = await billed();
    await share(world.payer, true);
    const friends = [await world.member('Lin'), await world.member('Sam')] as const;
    world.hold();
    for (const { person } of friends) expect(await world.pay(person, link)).toMatchObject({ paid: true });
    await world.release();
    await world.settle();
    expect(world.fake.payments.map((one) => one.refunded)).toEqual([false, true]);
    expect(world.news(friends[0].personId)).toEqual(['gift_paid']);
    expect(world.news(friends[1].personId)).toEqual([]);
    await prove(world);
  });
});
