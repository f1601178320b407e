import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seedDemoMarket } from '../../src/app/community/demo-market.ts';
import type { Intent } from '../../src/ports/intents.ts';
import type { Message } from '../../src/ports/messages.ts';
import type { NoticeKind } from '../../src/ports/notices.ts';
import { blankForm, type CatalogMarket, faultOf, openCatalogMarket } from '../support/catalog.ts';

let market: CatalogMarket;
beforeEach(async () => {
  market = await openCatalogMarket();
});
afterEach(() => market.close());

const FRUIT = 'Mei Lin Fruit and Tea';
const [NIGHT, CORNER] = ['Night Market', 'Bargain Corner'];
const chatNamed = (title: string) => market.chats.find((chat) => chat.title === title)?.id ?? '';

describe('the demo market', () => {
  test('opens with two chats, three stalls and eight products, one of them in both chats', async () => {
    expect(market.chats.map((chat) => chat.title).toSorted()).toEqual([CORNER, NIGHT]);
    expect(market.shops).toHaveLength(3);
    const mango = await market.productNamed('Mango box');
    expect(mango.imageDigest).toBe('picture-1');
    expect(await market.read((reads) => reads.catalog.listings(mango.id))).toHaveLength(2);
    const posts = (await market.sent()).filter((message) => message.name === 'listing.post');
    expect(posts).toHaveLength(10);
    const [welcome] = await market.read((reads) => reads.web.latest({ chatId: chatNamed('Night Market') }, 10));
    expect(welcome?.text).toContain('Welcome to the Night Market');
  });

  test('shows every kind of goods', async () => {
    const tea = await market.productNamed('Highland tea, tin of 100 g');
    expect(tea.holdPolicy).toEqual({ kind: 'on_checkout', minutes: 1 });
    const kit = await market.productNamed('Laksa kit, the last one');
    expect(await market.read((reads) => reads.catalog.variants(kit.id))).toMatchObject([{ onHand: 1 }]);
    const ticket = await market.productNamed('Rooftop concert, one ticket');
    expect(await market.read((reads) => reads.catalog.freeCodes(ticket.id))).toBe(8);
    const stickers = await market.productNamed('Sticker pack');
    expect(await market.read((reads) => reads.catalog.variants(stickers.id))).toMatchObject([{ prices: { MYR: 0 } }]);
  });

  test('gives every shop an account at every channel', async () => {
    for (const shop of market.shops) {
      const accounts = await market.read((reads) => reads.people.merchantAccounts(shop.id));
      expect(accounts.map((account) => `${account.channel} ${account.accountRef}`).toSorted()).toEqual([
        `cash ${shop.id}`,
        `sandbox ${shop.id}`,
      ]);
    }
  });

  test('is written once, however often the market starts', async () => {
    await seedDemoMarket(market.deps, new Map());
    expect(await market.read((reads) => reads.people.communities())).toHaveLength(1);
    expect(await market.read((reads) => reads.people.shops(market.communityId))).toHaveLength(3);
  });
});

describe('arriving', () => {
  test('makes a person and a member at the first meeting, and finds them again at the next', async () => {
    const first = await market.arriveAs('Noor', 'ar');
    expect(await market.arriveAs('Noor')).toBe(first);
    const profile = await market.core.profile({ communityId: market.communityId, personId: first });
    expect(profile).toEqual({ personId: first, name: 'Noor', locale: 'ar', currency: 'MYR', role: 'member' });
  });

  test('makes one person of two first messages at the same instant', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => market.arriveAs('Noor')));
    expect(new Set(ids).size).toBe(1);
  });

  test('gives a plain name to whoever has none that can be shown, and a language that exists', async () => {
    for (const name of ['', '\u202e\u200b', 'x'.repeat(5000), '4111 1111 1111 1111']) {
      const personId = await market.arriveAs(name, 'not a language!');
      expect(await market.core.profile({ communityId: market.communityId, personId })).toMatchObject({
        name: 'Visitor',
        locale: 'en',
      });
    }
  });
});

describe('opening a shop', () => {
  const apply = (personId: string, name: string) => market.act(personId, { kind: 'apply_shop', name });
  const shopOf = async (personId: string) => {
    const shops = await market.read((reads) => reads.people.shops(market.communityId));
    return shops.findLast((shop) => shop.ownerId === personId);
  };
  const decide = (personId: string, shopId: string, approve: boolean) =>
    market.act(personId, { kind: 'decide_shop', shopId, approve });

  test('goes from application to approval, and then the seller can post', async () => {
    const noor = await market.arriveAs('Noor');
    await market.sent();
    expect(await apply(noor, 'Noor  Bakes')).toMatchObject({ ok: true, show: { kind: 'shop_application_sent' } });
    const shop = await shopOf(noor);
    expect(shop).toMatchObject({ name: 'Noor Bakes', state: 'applied' });
    const shopId = shop?.id ?? '';
    expect(await market.sent()).toMatchObject([
      { name: 'notice', personId: market.stewardId, message: { kind: 'shop_applied', objectId: shopId } },
    ]);
    const form = { ...blankForm };
    const posting = {
      kind: 'post_product',
      shopId,
      chatIds: [chatNamed('Night Market')],
      productKind: 'physical',
      form,
    } as const;
    expect(faultOf(await market.act(noor, posting))).toBe('not_allowed');
    expect(await decide(market.stewardId, shopId, true)).toMatchObject({ ok: true, show: { name: 'admin' } });
    expect(await market.sent()).toMatchObject([{ personId: noor, message: { kind: 'shop_approved' } }]);
    expect(await market.read((reads) => reads.people.merchantAccounts(shopId))).toHaveLength(2);
    expect(await market.act(noor, posting)).toMatchObject({ ok: true });
  });

  test('is asked for once; after a refusal it may be asked for again', async () => {
    const noor = await market.arriveAs('Noor');
    expect(faultOf(await apply(noor, ' '))).toBe('text_empty');
    await apply(noor, 'Noor Bakes');
    expect(faultOf(await apply(noor, 'Noor Sews'))).toBe('already_applied');
    const refused = await shopOf(noor);
    await decide(market.stewardId, refused?.id ?? '', false);
    expect((await shopOf(noor))?.state).toBe('rejected');
    expect(await apply(noor, 'Noor Sews')).toMatchObject({ ok: true });
  });

  test('is decided once, and by stewards alone', async () => {
    const noor = await market.arriveAs('Noor');
    await apply(noor, 'Noor Bakes');
    const shopId = (await shopOf(noor))?.id ?? '';
    expect(faultOf(await decide(noor, shopId, true))).toBe('not_allowed');
    expect(faultOf(await decide(market.stewardId, 'none', true))).toBe('not_found');
    await decide(market.stewardId, shopId, true);
    await decide(market.stewardId, shopId, false);
    expect((await shopOf(noor))?.state).toBe('approved');
    const freeze = { kind: 'freeze_shop', shopId, frozen: true } as const;
    expect(await market.act(market.stewardId, freeze)).toMatchObject({ ok: true });
  });

  test('a shop that was never let in cannot be thawed into being', async () => {
    const noor = await market.arriveAs('Noor');
    await apply(noor, 'Noor Bakes');
    const thaw = { kind: 'freeze_shop', shopId: (await shopOf(noor))?.id ?? '', frozen: false } as const;
    expect(faultOf(await market.act(market.stewardId, thaw))).toBe('shop_not_approved');
  });
});

describe('helpers', () => {
  const put = (personId: string, helperId: string, helps: boolean) =>
    market.act(personId, { kind: 'put_helper', shopId: market.shopNamed(FRUIT).id, personId: helperId, helps });

  test('are taken in and let go by the seller, and told', async () => {
    const { id: shopId, ownerId } = market.shopNamed(FRUIT);
    const hana = await market.arriveAs('Hana');
    await market.sent();
    expect(await put(ownerId, hana, true)).toMatchObject({ ok: true, show: { name: 'staff', shopId } });
    expect(await market.sent()).toMatchObject([{ personId: hana, message: { kind: 'helper_added' } }]);
    const staff = await market.load(ownerId, { name: 'staff', shopId });
    expect(staff).toMatchObject({ value: { helpers: [{ id: hana, title: 'Hana' }] } });
    expect(staff.ok && staff.value.candidates.some((one) => one.id === hana || one.id === ownerId)).toBe(false);
    expect(await market.load(hana, { name: 'home' })).toMatchObject({
      value: { shops: [{ id: shopId, role: 'helper' }] },
    });
    await put(ownerId, hana, true);
    expect(await market.sent()).toEqual([]);
    await put(ownerId, hana, false);
    expect(await market.load(ownerId, { name: 'staff', shopId })).toMatchObject({ value: { helpers: [] } });
  });

  test('cannot be named by helpers or strangers, and the seller cannot be made one', async () => {
    const { ownerId } = market.shopNamed(FRUIT);
    const hana = await market.arriveAs('Hana');
    const other = await market.arriveAs('other');
    await put(ownerId, hana, true);
    for (const personId of [hana, other, market.stewardId]) {
      expect(faultOf(await put(personId, other, true))).toBe('not_allowed');
    }
    expect(faultOf(await put(ownerId, ownerId, false))).toBe('not_allowed');
    expect(faultOf(await put(ownerId, 'nobody', true))).toBe('not_found');
  });
});

describe('the settings of a community', () => {
  const settings = {
    kind: 'configure',
    name: 'Day Market',
    currency: 'SGD',
    timeZone: 'Asia/Singapore',
    locale: 'zh-CN',
  } as const;

  test('are a steward affair, and cards follow a new currency', async () => {
    await market.sent();
    expect(await market.act(market.stewardId, settings)).toMatchObject({ ok: true, show: { name: 'admin' } });
    expect(await market.communityOf()).toMatchObject({
      name: 'Day Market',
      currency: 'SGD',
      timeZone: 'Asia/Singapore',
    });
    expect((await market.sent()).filter((message) => message.name === 'card.refresh')).toHaveLength(8);
    const visitor = await market.arriveAs('visitor');
    expect(faultOf(await market.act(visitor, settings))).toBe('not_allowed');
  });

  test.each([
    [{ name: ' ' }, 'text_empty'],
    [{ currency: 'sgd' }, 'currency_unknown'],
    [{ timeZone: 'Asia/Atlantis' }, 'time_zone_unknown'],
    [{ timeZone: '+08:00' }, 'time_zone_unknown'],
    [{ locale: 'no such language' }, 'input_invalid'],
  ])('with %j are refused as %s', async (changes, code) => {
    expect(faultOf(await market.act(market.stewardId, { ...settings, ...changes }))).toBe(code);
    expect((await market.communityOf()).name).toBe('Night Market');
  });
});

describe('a profile', () => {
  test('changes what is given and leaves the rest', async () => {
    const noor = await market.arriveAs('Noor', 'ar');
    market.rates.push({ base: 'MYR', quote: 'USD', rate: '0.24', source: 'a table', asOf: market.clock.at });
    await market.act(noor, { kind: 'set_profile', name: ' Noor  A. ' });
    await market.act(noor, { kind: 'set_profile', currency: 'USD' });
    expect(await market.load(noor, { name: 'profile' })).toMatchObject({
      value: { name: 'Noor A.', locale: 'ar', currency: 'USD', currencies: ['MYR', 'USD'], demo: true, role: 'member' },
    });
    expect(faultOf(await market.act(noor, { kind: 'set_profile', name: '' }))).toBe('text_empty');
    expect(faultOf(await market.act(noor, { kind: 'set_profile', currency: 'XXY' }))).toBe('currency_unknown');
    expect(faultOf(await market.act(noor, { kind: 'set_profile', locale: '?' }))).toBe('input_invalid');
  });
});

describe('roles of the demo', () => {
  test('let a visitor be anybody', async () => {
    const noor = await market.arriveAs('Noor');
    const choose = (role: Extract<Intent, { kind: 'choose_role' }>['role']) =>
      market.act(noor, { kind: 'choose_role', role });
    await choose('admin');
    expect(await market.load(noor, { name: 'admin' })).toMatchObject({ ok: true });
    await choose('member');
    expect(await market.load(noor, { name: 'admin' })).toMatchObject({ fault: { code: 'not_found' } });
    await choose('seller');
    await choose('seller');
    const home = await market.load(noor, { name: 'home' });
    expect(home).toMatchObject({ value: { shops: [{ title: "Noor's stall", state: 'approved', role: 'seller' }] } });
    await choose('helper');
    const helping = await market.load(noor, { name: 'home' });
    expect(helping.ok && helping.value.shops.map((shop) => shop.role).toSorted()).toEqual(['helper', 'seller']);
  });

  test('approve at once the shop that a visitor had asked for', async () => {
    const noor = await market.arriveAs('Noor');
    await market.act(noor, { kind: 'apply_shop', name: 'Noor Bakes' });
    await market.act(noor, { kind: 'choose_role', role: 'seller' });
    expect(await market.load(noor, { name: 'home' })).toMatchObject({
      value: { shops: [{ title: 'Noor Bakes', state: 'approved', role: 'seller' }] },
    });
  });

  test('are refused everywhere else', async () => {
    const real = await openCatalogMarket({ demo: false });
    const noor = await real.arriveAs('Noor');
    for (const role of ['owner', 'admin', 'seller', 'helper'] as const) {
      expect(faultOf(await real.act(noor, { kind: 'choose_role', role }))).toBe('not_allowed');
    }
    await real.close();
  });
});

describe('talking in a group', () => {
  const say = (personId: string, text: string, chatId = chatNamed('Night Market')) =>
    market.act(personId, { kind: 'say', chatId, text });
  const said = async () => {
    const messages = await market.read((reads) => reads.web.latest({ chatId: chatNamed('Night Market') }, 50));
    return messages.filter((message) => message.key !== 'welcome').map((message) => message.text);
  };

  test('puts cleaned words under the name of their author, once a command', async () => {
    const noor = await market.arriveAs('Noor');
    expect(await say(noor, '  hello\u202e all  ')).toEqual({ ok: true, show: null });
    expect(await said()).toEqual(['hello all']);
    const command = { key: 'tap-1', communityId: market.communityId, personId: noor, chatId: null };
    const intent = { kind: 'say', chatId: chatNamed('Night Market'), text: 'twice?' } as const;
    await market.core.handle({ ...command, intent });
    await market.core.handle({ ...command, intent });
    expect(await said()).toEqual(['hello all', 'twice?']);
  });

  test('is refused without words, too long, and where there is no such chat', async () => {
    const noor = await market.arriveAs('Noor');
    expect(faultOf(await say(noor, ' \u200b '))).toBe('text_empty');
    expect(faultOf(await say(noor, 'x'.repeat(1001)))).toBe('text_too_long');
    expect(faultOf(await say(noor, 'hello', 'elsewhere'))).toBe('not_found');
    expect(await said()).toEqual([]);
  });

  test('drops a card number, also one that comes in two messages, and warns its author', async () => {
    const noor = await market.arriveAs('Noor');
    await market.sent();
    expect(faultOf(await say(noor, 'it is 4111 1111 1111 1111'))).toBe('card_number_typed');
    await say(noor, 'number 5555 5555');
    market.clock.at += 10_000;
    expect(faultOf(await say(noor, '5555 4444'))).toBe('card_number_typed');
    expect(await said()).toEqual(['number 5555 5555']);
    expect(await market.sent()).toMatchObject([
      { personId: noor, message: { kind: 'card_number_dropped' } },
      { personId: noor, message: { kind: 'card_number_dropped' } },
    ]);
  });
});

describe('another community', () => {
  test('is another world: its people reach nothing of this one', async () => {
    const here = await market.communityOf();
    const communityId = await market.store.transact(null, async (tx) => {
      const id = 'elsewhere';
      await tx.people.insertCommunity({ ...here, id, name: 'Elsewhere' });
      return id;
    });
    const arrival = { platform: 'web', platformUserId: 'seat-far', communityId, name: 'Far', locale: 'en' };
    const { personId } = await market.core.arrive(arrival);
    await market.store.transact(null, async (tx) => {
      await tx.people.putMember(communityId, personId, 'owner', 0);
      return null;
    });
    const mango = await market.productNamed('Mango box');
    const [variant] = await market.read((reads) => reads.catalog.variants(mango.id));
    const [listing] = await market.read((reads) => reads.catalog.listings(mango.id));
    const { id: productId, shopId } = mango;
    const variantId = variant?.id ?? '';
    const intents: Intent[] = [
      { kind: 'say', chatId: chatNamed('Night Market'), text: 'hello' },
      { kind: 'decide_shop', shopId, approve: true },
      { kind: 'freeze_shop', shopId, frozen: true },
      { kind: 'put_helper', shopId, personId, helps: true },
      { kind: 'post_product', shopId, chatIds: [chatNamed('Night Market')], productKind: 'physical', form: blankForm },
      { kind: 'edit_product', productId, form: blankForm },
      { kind: 'list_product', productId, chatId: chatNamed('Night Market') },
      { kind: 'set_stock', variantId, stock: '0' },
      { kind: 'set_price', variantId, price: '0' },
      { kind: 'add_codes', productId, codes: 'X' },
      { kind: 'pause_product', productId, paused: true },
      { kind: 'withdraw_product', productId },
      { kind: 'freeze_product', productId, frozen: true },
      { kind: 'report_product', productId, reason: 'x' },
      { kind: 'dismiss_reports', productId },
      { kind: 'ask_seller', productId, text: 'x' },
    ];
    const command = { communityId, personId, chatId: null };
    for (const intent of intents) {
      const reply = await market.core.handle({ ...command, key: `far-${intent.kind}`, intent });
      expect([intent.kind, faultOf(reply)]).toEqual([intent.kind, 'not_found']);
    }
    const messages: Message[] = [
      { name: 'card', listingId: listing?.id ?? '' },
      { name: 'choose', listingId: listing?.id ?? '' },
      { name: 'shop', shopId },
      { name: 'new_product', shopId, productKind: 'physical', chatId: null },
      { name: 'edit_product', productId },
      { name: 'questions', shopId },
      { name: 'staff', shopId },
      { name: 'notice', kind: 'posted', objectId: productId },
      { name: 'notice', kind: 'shop_applied', objectId: shopId },
    ];
    for (const message of messages) {
      expect(await market.core.load(message, { communityId, personId })).toMatchObject({
        fault: { code: 'not_found' },
      });
    }
    expect(await market.core.load({ name: 'browse' }, { communityId, personId })).toMatchObject({
      value: { products: [] },
    });
  });
});

describe('news', () => {
  const news = (personId: string, kind: NoticeKind, objectId: string | null) =>
    market.load(personId, { name: 'notice', kind, objectId });

  test('names what it is about and leads on', async () => {
    const { id: shopId, ownerId } = market.shopNamed(FRUIT);
    const mango = await market.productNamed('Mango box');
    expect(await news(ownerId, 'posted', mango.id)).toEqual({
      ok: true,
      value: { kind: 'posted', params: { title: 'Mango box' }, next: { name: 'edit_product', productId: mango.id } },
    });
    expect(await news(ownerId, 'shop_approved', shopId)).toMatchObject({
      value: { params: { title: FRUIT }, next: { name: 'shop', shopId } },
    });
    expect(await news(market.stewardId, 'case_opened', 'any')).toMatchObject({ value: { next: { name: 'cases' } } });
    expect(await news(ownerId, 'card_number_dropped', null)).toMatchObject({ value: { next: null } });
  });

  test('of an order is for those who see the order', async () => {
    const buyer = await market.arriveAs('buyer');
    const satay = await market.productNamed('Satay, ten sticks');
    const [listing] = await market.read((reads) => reads.catalog.listings(satay.id));
    const bought = await market.act(buyer, { kind: 'buy', listingId: listing?.id ?? '' });
    const orderId = bought.ok && bought.show?.name === 'order' ? bought.show.orderId : '';
    const params = { title: 'Satay, ten sticks' };
    expect(await news(buyer, 'order_cancelled', orderId)).toMatchObject({ value: { params, next: { name: 'order' } } });
    const seller = market.shopNamed("Ravi's Kitchen").ownerId;
    expect(await news(seller, 'order_cancelled', orderId)).toMatchObject({ value: { params, next: { name: 'sale' } } });
    expect(await news(seller, 'sold', orderId)).toMatchObject({ value: { next: { name: 'sale', orderId } } });
    const other = await market.arriveAs('other');
    expect(await news(other, 'sold', orderId)).toMatchObject({ fault: { code: 'not_found' } });
    expect(await news(buyer, 'case_opened', 'any')).toMatchObject({ fault: { code: 'not_found' } });
    expect(await market.load(buyer, { name: 'home' })).toMatchObject({ value: { openOrders: 1, toShip: 0 } });
  });
});

describe('the desk of the stewards', () => {
  test('lists shops with their owners and is closed to everybody else', async () => {
    const admin = await market.load(market.stewardId, { name: 'admin' });
    expect(admin).toMatchObject({ value: { community: { currency: 'MYR' }, openCases: 0 } });
    expect(admin.ok && admin.value.shops.map((shop) => shop.owner).toSorted()).toEqual(['Dewi', 'Mei Lin', 'Ravi']);
    expect(await market.load(market.stewardId, { name: 'cases' })).toMatchObject({ value: { cases: [] } });
    const visitor = await market.arriveAs('visitor');
    for (const name of ['admin', 'cases'] as const) {
      expect(await market.load(visitor, { name })).toMatchObject({ fault: { code: 'not_found' } });
    }
    expect(await market.load(visitor, { name: 'help' })).toMatchObject({
      value: { community: 'Night Market', seller: false },
    });
  });

  test('shows a case beside what was owed, with only the decisions that can be carried out', async () => {
    const buyer = await market.arriveAs('buyer');
    const satay = await market.productNamed('Satay, ten sticks');
    const [listing] = await market.read((reads) => reads.catalog.listings(satay.id));
    const bought = await market.act(buyer, { kind: 'buy', listingId: listing?.id ?? '' });
    const orderId = bought.ok && bought.show?.name === 'order' ? bought.show.orderId : '';
    const order = await market.read((reads) => reads.orders.order(orderId));
    await market.store.transact(null, async (tx) => {
      const opened = { openedAt: 5, resolvedAt: null, communityId: market.communityId };
      const params = { what: 'amount' };
      await tx.payments.insertCase({ id: 'case-1', orderId, kind: 'payment_conflict', params, ...opened });
      return null;
    });
    expect(await market.load(market.stewardId, { name: 'cases' })).toEqual({
      ok: true,
      value: {
        cases: [
          {
            id: 'case-1',
            kind: 'payment_conflict',
            params: { what: 'amount', expected: 1500, expectedCurrency: 'MYR' },
            order: { id: orderId, title: order?.code },
            openedAt: 5,
            decisions: ['dismiss'],
          },
        ],
      },
    });
    expect(await market.load(market.stewardId, { name: 'home' })).toMatchObject({ value: { openCases: 1 } });
  });
});
