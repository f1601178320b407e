import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Order } from '../../src/ports/store/orders.ts';
import type { WebMessage } from '../../src/ports/store/web.ts';
import { randomIds } from '../../src/runtime/ids.ts';
import { personVault } from '../../src/store/person-vault.ts';
import { runOf } from '../../src/store/vault-check.ts';
import { testVault } from '../support/store-options.ts';
import { AT, note, payOrder, placeOrder, putGoods, seedMarket, write } from '../support/rows.ts';
import { freshDatabase, onEachEngine } from '../support/stores.ts';

onEachEngine('people and shops', (kind) => {
  const open = async () => {
    const database = freshDatabase(kind);
    const store = await database.open();
    return { database, store, market: await seedMarket(store) };
  };

  test('names and addresses leave in clear and stand sealed; a platform user is found by a digest', async () => {
    const { database, store, market } = await open();
    const address = { recipient: 'Aisyah Rahman', lines: '1 Jalan Mangga', phone: '+60 12' };
    const identity = { platform: 'telegram', platformUserId: '4711', personId: market.buyer, createdAt: AT };
    await write(store, async (tx) => {
      await tx.people.putAddress(market.buyer, { ...address, phone: '' }, AT);
      await tx.people.putAddress(market.buyer, address, AT + 1);
      expect(await tx.people.insertIdentity(identity)).toBe(true);
      expect(await tx.people.insertIdentity({ ...identity, personId: market.other })).toBe(false);
      await tx.people.insertIdentity({ ...identity, platform: 'discord', createdAt: AT + 1 });
    });
    const found = await store.read(async (reads) => ({
      person: await reads.people.person(market.buyer),
      people: (await reads.people.people([market.other, market.buyer, 'nobody'])).map((one) => one.name),
      address: await reads.people.address(market.buyer),
      by: await reads.people.personByIdentity('telegram', '4711'),
      none: await reads.people.personByIdentity('telegram', '4712'),
      platforms: await reads.people.platformsOf(market.buyer),
    }));
    expect(found).toEqual({
      person: { id: market.buyer, name: 'buyer', locale: 'en', currency: null, createdAt: AT },
      people: ['buyer', 'other'],
      address,
      by: market.buyer,
      none: undefined,
      platforms: ['telegram', 'discord'],
    });
    const rows = await database.query(
      'select p.sealed_name, a.sealed_address, i.user_digest from people p, addresses a, identities i',
    );
    expect(JSON.stringify(rows)).not.toMatch(/buyer|Aisyah|Mangga|4711/);
  });

  test('a person changes name and currency one by one; an unknown one is not made', async () => {
    const { store, market } = await open();
    const change = (id: string, changes: { name?: string; currency?: string | null }) =>
      store.transact(null, (tx) => tx.people.updatePerson(id, changes));
    expect([
      await change(market.buyer, { name: 'Bo' }),
      await change(market.buyer, { currency: 'USD' }),
      await change(market.buyer, {}),
    ]).toEqual([true, true, true]);
    expect(await change('nobody', { name: 'X' })).toBe(false);
    expect(await store.read((reads) => reads.people.person(market.buyer))).toMatchObject({
      name: 'Bo',
      currency: 'USD',
      locale: 'en',
    });
  });

  test('whoever is erased is unreadable everywhere, and everything else goes on', async () => {
    const { store, market } = await open();
    await write(store, async (tx) => {
      await tx.people.putAddress(market.buyer, { recipient: 'A', lines: 'B', phone: '' }, AT);
      await personVault(runOf(tx), testVault).erase(market.buyer, AT);
    });
    expect(await store.read((reads) => reads.people.person(market.buyer))).toMatchObject({ name: '' });
    expect(await store.read((reads) => reads.people.address(market.buyer))).toBeUndefined();
    expect(await store.read((reads) => reads.people.person(market.other))).toMatchObject({ name: 'other' });
  });

  test('a community, its chats and who is what in it', async () => {
    const { store, market } = await open();
    const { communityId, seller, buyer, other, chatId } = market;
    await write(store, async (tx) => {
      await tx.people.putMember(communityId, seller, 'owner', AT);
      expect(await tx.people.updateCommunity(communityId, { currency: 'IDR', frozen: true })).toBe(true);
      expect(
        await tx.people.insertChat({ id: 'x', communityId, platform: 'web', platformChatId: 'night', title: '' }),
      ).toBe(false);
    });
    const found = await store.read(async (reads) => ({
      all: await reads.people.communities(),
      roles: [await reads.people.role(communityId, seller), await reads.people.role(communityId, 'nobody')],
      stewards: await reads.people.stewards(communityId),
      members: (await reads.people.members(communityId, 9)).map((one) => one.personId),
      chat: await reads.people.chatByPlatform('web', 'night'),
      chats: await reads.people.chats(communityId),
    }));
    expect(found.all).toMatchObject([
      { id: communityId, currency: 'IDR', frozen: true, testMoney: true, timeZone: 'Asia/Kuala_Lumpur' },
    ]);
    expect(found.roles).toEqual(['owner', undefined]);
    expect(found.stewards).toEqual([{ personId: seller, role: 'owner' }]);
    expect(found.members).toEqual([seller, buyer, other].toSorted());
    expect([found.chat?.id, found.chats]).toEqual([chatId, [found.chat]]);
  });

  test('a shop moves from the states that are named, and its staff come and go', async () => {
    const { store, market } = await open();
    const { shopId, communityId, seller, other, accountId } = market;
    await write(store, async (tx) => {
      expect(await tx.people.moveShop(shopId, ['applied'], 'approved')).toBe(false);
      expect(await tx.people.moveShop(shopId, ['applied', 'approved'], 'frozen')).toBe(true);
      await tx.people.putShopStaff(shopId, other, 'helper', AT);
    });
    const found = await store.read(async (reads) => ({
      shops: (await reads.people.shops(communityId)).length,
      approved: await reads.people.shops(communityId, 'approved'),
      frozen: (await reads.people.shops(communityId, 'frozen')).map((one) => one.id),
      roles: await reads.people.shopRoles(communityId, other),
      staff: (await reads.people.shopStaff(shopId)).map((one) => one.role).toSorted(),
      accounts: (await reads.people.merchantAccounts(shopId)).map((one) => one.id),
    }));
    expect(found).toEqual({
      shops: 1,
      approved: [],
      frozen: [shopId],
      roles: { [shopId]: 'helper' },
      staff: ['helper', 'seller'],
      accounts: [accountId],
    });
    const remove = () => store.transact(null, (tx) => tx.people.removeShopStaff(shopId, other));
    expect([await remove(), await remove()]).toEqual([true, false]);
    expect(await store.read((reads) => reads.people.shopRoles(communityId, seller))).toEqual({ [shopId]: 'seller' });
  });
});

onEachEngine('the catalog', (kind) => {
  const open = async () => {
    const database = freshDatabase(kind);
    const store = await database.open();
    return { database, store, market: await seedMarket(store) };
  };

  test('a product comes back as it went in, with its variants in order and its prices', async () => {
    const { store, market } = await open();
    const options = [{ name: 'Size', values: ['S', 'M'] }];
    const { product, variant } = await putGoods(market, 5, {
      options,
      limitPerPerson: 2,
      holdPolicy: { kind: 'first_paid' },
    });
    const second = {
      ...variant,
      id: randomIds.next(),
      position: 1,
      choices: ['M'],
      onHand: null,
      prices: { MYR: 5, USD: 2 },
    };
    const other = await putGoods(market, 1);
    await write(store, async (tx) => {
      expect(await tx.catalog.insertVariant(second)).toBe(true);
      expect(await tx.catalog.insertVariant(second)).toBe(false);
      await tx.catalog.setPrices(variant.id, { USD: 300, KWD: 1000 });
    });
    const first = { ...variant, prices: { USD: 300, KWD: 1000 } };
    const found = await store.read(async (reads) => ({
      product: await reads.catalog.product(product.id),
      byId: await reads.catalog.productsById([other.product.id, product.id, 'none']),
      variants: await reads.catalog.variants(product.id),
      variant: await reads.catalog.variant(second.id),
      many: (await reads.catalog.variantsOf([product.id, other.product.id])).length,
      none: await reads.catalog.variantsOf([]),
    }));
    expect(found).toEqual({
      product,
      byId: [product, other.product],
      variants: [first, second],
      variant: second,
      many: 3,
      none: [],
    });
  });

  test('products are listed by shop and state, newest first, no more than asked for', async () => {
    const { store, market } = await open();
    const { communityId, shopId } = market;
    const made = [];
    for (let n = 0; n < 3; n++) made.push((await putGoods(market, 1)).product.id);
    const [first = '', second, third] = made;
    const move = (from: 'on_sale' | 'paused') =>
      store.transact(null, (tx) => tx.catalog.moveProduct(first, [from], 'frozen'));
    expect([await move('paused'), await move('on_sale')]).toEqual([false, true]);
    const list = async (filter: { shopId?: string; states: readonly ('on_sale' | 'frozen')[]; limit: number }) =>
      (await store.read((reads) => reads.catalog.products({ communityId, ...filter }))).map((one) => one.id);
    expect(await list({ states: ['on_sale'], limit: 9 })).toEqual([third, second]);
    expect(await list({ shopId, states: ['on_sale', 'frozen'], limit: 2 })).toEqual([third, second]);
    expect(await list({ shopId: 'none', states: ['on_sale'], limit: 9 })).toEqual([]);
    expect(await list({ states: [], limit: 9 })).toEqual([]);
  });

  test('what is edited changes, what is not stays, and the version counts changes', async () => {
    const { database, store, market } = await open();
    const { product } = await putGoods(market, 1, { kind: 'digital', digital: 'text', delivery: null });
    await write(store, async (tx) => {
      await tx.catalog.updateProduct(product.id, { title: 'New', limitPerPerson: 3 });
      await tx.catalog.updateProduct(product.id, {});
      await tx.catalog.bumpProduct(product.id);
      await tx.catalog.setDigitalText(product.id, 'https://secret.example/file');
    });
    const expected = { ...product, title: 'New', limitPerPerson: 3, version: 2 };
    expect(await store.read((reads) => reads.catalog.product(product.id))).toEqual(expected);
    expect(await store.read((reads) => reads.catalog.digitalText(product.id))).toBe('https://secret.example/file');
    expect(JSON.stringify(await database.query('select * from products'))).not.toContain('secret.example');
  });

  test('a picture is kept once under its digest, byte by byte', async () => {
    const { store } = await open();
    const image = { digest: 'd1', mime: 'image/webp', width: 2, height: 1, bytes: new Uint8Array([0, 255, 10, 13]) };
    const put = () => store.transact(null, (tx) => tx.catalog.insertImage(image, AT));
    expect([await put(), await put()]).toEqual([true, false]);
    const found = await store.read((reads) => reads.catalog.image('d1'));
    expect(found && { ...found, bytes: [...found.bytes] }).toEqual({ ...image, bytes: [0, 255, 10, 13] });
  });

  test('a product has one card in a chat; the reference is written back', async () => {
    const { store, market } = await open();
    const { product, listingId } = await putGoods(market, 1);
    await write(store, async (tx) => {
      const twin = {
        id: randomIds.next(),
        productId: product.id,
        chatId: market.chatId,
        state: 'posting',
        messageRef: null,
        createdAt: AT,
      } as const;
      expect(await tx.catalog.insertListing(twin)).toBe(false);
      await tx.catalog.updateListing(listingId, { state: 'live', messageRef: '77' });
      await tx.catalog.updateListing(listingId, { state: 'removed' });
    });
    expect(await store.read((reads) => reads.catalog.listings(product.id))).toMatchObject([
      { id: listingId, state: 'removed', messageRef: '77' },
    ]);
  });

  test('a question is answered once; questions and reports are sealed', async () => {
    const { database, store, market } = await open();
    const { product } = await putGoods(market, 1);
    const question = {
      id: randomIds.next(),
      productId: product.id,
      askerId: market.buyer,
      text: 'Is it ripe?',
      answer: null,
      askedAt: AT,
      answeredAt: null,
    };
    const report = {
      id: randomIds.next(),
      productId: product.id,
      reporterId: market.other,
      reason: 'A fake',
      at: AT,
      resolvedAt: null,
    };
    await write(store, async (tx) => {
      await tx.catalog.insertQuestion(question);
      expect(await tx.catalog.insertReport(report)).toBe(true);
      expect(await tx.catalog.insertReport({ ...report, id: randomIds.next() })).toBe(false);
    });
    const unanswered = { shopId: market.shopId, open: true, limit: 5 };
    expect(await store.read((reads) => reads.catalog.questions(unanswered))).toEqual([question]);
    expect(await store.read((reads) => reads.catalog.reports(market.communityId, 5))).toEqual([report]);
    expect(JSON.stringify(await database.query('select * from questions, reports'))).not.toMatch(/ripe|fake/);
    const answer = (text: string) => store.transact(null, (tx) => tx.catalog.answerQuestion(question.id, text, AT + 1));
    expect([await answer('Yes'), await answer('No')]).toEqual([true, false]);
    expect(await store.read((reads) => reads.catalog.questions(unanswered))).toEqual([]);
    expect(
      await store.read((reads) => reads.catalog.questions({ productId: product.id, open: false, limit: 5 })),
    ).toEqual([{ ...question, answer: 'Yes', answeredAt: AT + 1 }]);
    expect(await store.transact(null, (tx) => tx.catalog.resolveReports(product.id, AT))).toBe(1);
    expect(await store.read((reads) => reads.catalog.reports(market.communityId, 5))).toEqual([]);
    expect(await store.transact(null, (tx) => tx.catalog.insertReport({ ...report, id: randomIds.next() }))).toBe(true);
  });

  test('units a person has: in open and paid orders, less what was refunded', async () => {
    const { store, market } = await open();
    const goods = await putGoods(market, 50);
    const units = () => store.read((reads) => reads.catalog.unitsOf(market.buyer, goods.product.id));
    expect(await units()).toBe(0);
    const paid = await payOrder(market, await placeOrder(market, goods, 3));
    const gone = await placeOrder(market, goods, 5);
    expect(await units()).toBe(8);
    await write(store, async (tx) => {
      await tx.orders.moveOrder(gone.order, 'expired');
      await tx.orders.refundLine(paid.line.id, 1);
    });
    expect(await units()).toBe(2);
  });
});

onEachEngine('orders', (kind) => {
  const open = async () => {
    const store = await freshDatabase(kind).open();
    const market = await seedMarket(store);
    return { store, market, goods: await putGoods(market, 50) };
  };

  test('of many who move an order at once, the version lets one through', async () => {
    const { store, market, goods } = await open();
    const { order } = await placeOrder(market, goods);
    const moves = await Promise.all(
      (['paid', 'expired', 'cancelled', 'pending_payment', 'paid'] as const).map((to) =>
        store.transact(null, (tx) => tx.orders.moveOrder(order, to)),
      ),
    );
    expect(moves.filter(Boolean)).toHaveLength(1);
    expect(await store.read((reads) => reads.orders.order(order.id))).toMatchObject({ version: 2 });
  });

  test('an order comes back as it went in, by id, code and pay token; only what moves changes', async () => {
    const { store, market, goods } = await open();
    const { order, line } = await placeOrder(market, goods, 2);
    const found = await store.read(async (reads) => [
      await reads.orders.order(order.id),
      await reads.orders.orderByCode(market.communityId, order.code),
      await reads.orders.orderByPayToken(order.payToken),
      await reads.orders.openOrderFor(market.buyer, goods.listingId),
    ]);
    expect(found).toEqual([order, order, order, order]);
    expect(await store.read((reads) => reads.orders.linesOf([order.id, 'none']))).toEqual([line]);
    await write(store, (tx) => tx.orders.moveOrder(order, 'pending_payment', { expiresAt: null }));
    expect(await store.read((reads) => reads.orders.order(order.id))).toEqual({
      ...order,
      expiresAt: null,
      version: 2,
    });
    expect(await store.transact(null, (tx) => tx.orders.insertOrder({ ...order, id: randomIds.next() }))).toBe(false);
  });

  test('a person has one basket at a shop, and sets what is in it', async () => {
    const { store, market, goods } = await open();
    const { order, line } = await placeOrder(market, goods);
    const empty = { quote: null, quoteHash: null, listingId: null, expiresAt: null, placedAt: null, total: 0 };
    const basketOf = (): Order => ({
      ...order,
      ...empty,
      id: randomIds.next(),
      code: randomIds.humanCode(),
      payToken: randomIds.token(),
      state: 'draft',
      deliveryMethod: null,
    });
    const basket = basketOf();
    const made = await Promise.all(
      [basket, basketOf(), basketOf()].map((row) => store.transact(null, (tx) => tx.orders.insertOrder(row))),
    );
    expect(made.filter(Boolean)).toHaveLength(1);
    const [stored] = await store.read((reads) => reads.orders.baskets(market.buyer));
    if (!stored) throw new Error('no basket');
    expect(await store.read((reads) => reads.orders.basket(market.buyer, market.shopId))).toEqual(stored);
    const set = (quantity: number) =>
      write(store, (tx) =>
        tx.orders.setLine({ ...line, id: randomIds.next(), orderId: stored.id, total: 0, quantity }),
      );
    const lines = () => store.read((reads) => reads.orders.lines(stored.id));
    await set(2);
    await set(5);
    expect((await lines()).map((one) => one.quantity)).toEqual([5]);
    await set(0);
    expect(await lines()).toEqual([]);
    expect((await store.read((reads) => reads.orders.ordersOf(market.buyer, 9))).map((one) => one.id)).toEqual([
      order.id,
    ]);
  });

  test('lists are newest first and bounded; time finds what is due', async () => {
    const { store, market, goods } = await open();
    const bills = [];
    for (let n = 0; n < 3; n++) bills.push(await placeOrder(market, goods));
    const ids = bills.map(({ order }) => order.id);
    const [first] = bills;
    if (!first) throw new Error('no order');
    const paid = await payOrder(market, first);
    await write(store, (tx) => tx.orders.moveOrder(paid.order, 'fulfilled', { fulfilledAt: AT }));
    const found = await store.read(async (reads) => ({
      mine: (await reads.orders.ordersOf(market.buyer, 2)).map((one) => one.id),
      shop: (await reads.orders.ordersOfShop(market.shopId, ['fulfilled'], 9)).map((one) => one.id),
      open: await reads.orders.openOrderCount(market.buyer),
      early: await reads.orders.dueOrders(AT + 59_999, 9),
      due: (await reads.orders.dueOrders(AT + 60_000, 9)).map((one) => one.id),
      closable: (await reads.orders.closableOrders(AT + 1, 9)).map((one) => one.id),
    }));
    expect(found).toEqual({
      mine: [ids[2], ids[1]],
      shop: [ids[0]],
      open: 2,
      early: [],
      due: [ids[1], ids[2]],
      closable: [ids[0]],
    });
  });

  test('where it goes and what was sent is sealed; the story is told in order', async () => {
    const { store, market, goods } = await open();
    const { order } = await placeOrder(market, goods);
    const address = { recipient: 'A', lines: 'B', phone: 'C' };
    const shipment = { orderId: order.id, tracking: 'MY123', shippedAt: AT, byPersonId: market.seller };
    await write(store, async (tx) => {
      await tx.orders.putDeliveryAddress(order.id, market.buyer, { ...address, phone: '' });
      await tx.orders.putDeliveryAddress(order.id, market.buyer, address);
      expect([await tx.orders.insertShipment(shipment), await tx.orders.insertShipment(shipment)]).toEqual([
        true,
        false,
      ]);
      await note(tx, order.id, 'shipped');
    });
    const found = await store.read(async (reads) => ({
      address: await reads.orders.deliveryAddress(order.id),
      shipment: await reads.orders.shipment(order.id),
      timeline: (await reads.orders.timeline(order.id)).map((entry) => entry.kind),
    }));
    expect(found).toEqual({ address, shipment, timeline: ['placed', 'shipped'] });
  });
});

onEachEngine('the web chat', (kind) => {
  const said = (id: string, changes: Partial<WebMessage> & Pick<WebMessage, 'audience'>) => ({
    id,
    key: id,
    authorId: null,
    text: null,
    view: null,
    ...changes,
  });

  test('everything after a number is seen once, in the order of commits, whoever wrote at the same time', async () => {
    const store = await freshDatabase(kind).open();
    const market = await seedMarket(store);
    const chat = { chatId: market.chatId };
    const viewer = { personId: market.buyer, communityId: market.communityId };
    const seen: string[] = [];
    let after = 0;
    let writing = true;
    const writers = Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        write(store, (tx) =>
          tx.web.put(said(`m${n}`, { audience: chat, authorId: market.seller, text: `hello ${n}` }), AT + n),
        ),
      ),
    ).finally(() => {
      writing = false;
    });
    const reader = async () => {
      for (let last = false; !last;) {
        last = !writing;
        // A read on SQLite takes no turn of the event loop, and the writers need one.
        await setImmediate();
        const found = await store.read((reads) => reads.web.messagesAfter(viewer, after, 7));
        for (const message of found) seen.push(message.id);
        after = found.at(-1)?.seq ?? after;
        if (found.length > 0) last = false;
      }
    };
    await Promise.all([writers, reader()]);
    expect(seen).toHaveLength(40);
    expect(new Set(seen).size).toBe(40);
    expect(after).toBe(40);
  });

  test('an edit keeps the message and moves it to the end; each sees the chats and the own side only', async () => {
    const database = freshDatabase(kind);
    const store = await database.open();
    const market = await seedMarket(store);
    const chat = { chatId: market.chatId };
    const own = { personId: market.buyer, communityId: market.communityId };
    const others = { personId: market.other, communityId: market.communityId };
    const stored: WebMessage[] = [];
    await write(store, async (tx) => {
      const bill = { title: 'Bill of Aisyah', lines: [1, 2] };
      stored.push(await tx.web.put(said('card', { audience: chat, view: { title: 'Mango' } }), AT));
      stored.push(await tx.web.put(said('bill', { audience: own, view: bill }), AT + 1));
      stored.push(
        await tx.web.put(said('hidden', { audience: others, text: 'secret words', authorId: market.other }), AT + 2),
      );
      stored.push(
        await tx.web.put(
          said('card again', { audience: chat, key: 'card', view: { title: 'Mango, sold out' } }),
          AT + 3,
        ),
      );
    });
    expect(stored.map(({ id, seq, editedAt }) => [id, seq, editedAt])).toEqual([
      ['card', 1, null],
      ['bill', 2, null],
      ['hidden', 3, null],
      ['card', 4, AT + 3],
    ]);
    const after = (viewer: typeof own) => store.read((reads) => reads.web.messagesAfter(viewer, 0, 9));
    expect((await after(own)).map((one) => one.id)).toEqual(['bill', 'card']);
    expect((await after(others)).map((one) => one.id)).toEqual(['hidden', 'card']);
    expect((await after({ ...own, communityId: 'elsewhere' })).map((one) => one.id)).toEqual([]);
    expect(await store.read((reads) => reads.web.latest(own, 5))).toEqual([stored[1]]);
    expect(await store.read((reads) => reads.web.message('card'))).toEqual(stored[3]);
    expect(JSON.stringify(await database.query('select * from web_messages'))).not.toMatch(/Aisyah|secret/);
  });

  test('the newest of a chat, oldest first', async () => {
    const store = await freshDatabase(kind).open();
    const market = await seedMarket(store);
    await write(store, async (tx) => {
      for (let n = 1; n <= 5; n++)
        await tx.web.put(said(`m${n}`, { audience: { chatId: market.chatId }, text: 'x', authorId: market.buyer }), AT);
    });
    expect((await store.read((reads) => reads.web.latest({ chatId: market.chatId }, 2))).map((one) => one.id)).toEqual([
      'm4',
      'm5',
    ]);
  });

  test('a session is revoked once, and its last sight only moves on', async () => {
    const store = await freshDatabase(kind).open();
    const market = await seedMarket(store);
    const session = {
      id: 's1',
      personId: market.buyer,
      communityId: market.communityId,
      createdAt: AT,
      seenAt: AT,
      revokedAt: null,
    };
    await write(store, async (tx) => {
      await tx.web.insertSession(session);
      await tx.web.touchSession('s1', AT + 5);
      await tx.web.touchSession('s1', AT + 3);
    });
    const revoke = () => store.transact(null, (tx) => tx.web.revokeSession('s1', AT + 9));
    expect([await revoke(), await revoke()]).toEqual([true, false]);
    expect(await store.read((reads) => reads.web.session('s1'))).toEqual({
      ...session,
      seenAt: AT + 5,
      revokedAt: AT + 9,
    });
  });
});
