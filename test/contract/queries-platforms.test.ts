import { expect, test } from 'vitest';
import type { PlatformUpdate } from '../../src/ports/store/platforms.ts';
import { AT, placeOrder, putGoods, seedMarket, write } from '../support/rows.ts';
import { freshDatabase, onEachEngine } from '../support/stores.ts';

const update = (updateId: number, payload = `{"n":${updateId}}`): PlatformUpdate => ({
  platform: 'telegram',
  account: '42',
  updateId,
  payload,
  receivedAt: AT,
});

onEachEngine('what a chat platform remembers', (kind) => {
  const open = async () => {
    const database = freshDatabase(kind);
    const store = await database.open();
    return { database, store };
  };

  test('an update is kept once, in the order of its numbers, until its work is over', async () => {
    const { store } = await open();
    const insert = (rows: readonly PlatformUpdate[]) => store.transact(null, (tx) => tx.platforms.insertUpdates(rows));
    expect(await insert([update(9), update(7)])).toBe(2);
    expect(await insert([update(8), update(7, '{"changed":true}')])).toBe(1);
    expect(await insert([{ ...update(7), account: '43' }])).toBe(1);
    const left = () => store.read((reads) => reads.platforms.pendingUpdates('telegram', '42', 10));
    expect((await left()).map(({ updateId, payload }) => [updateId, payload])).toEqual([
      [7, '{"n":7}'],
      [8, '{"n":8}'],
      [9, '{"n":9}'],
    ]);
    const finish = () => store.transact(null, (tx) => tx.platforms.finishUpdate('telegram', '42', 8, 'done'));
    expect(await finish()).toBe(true);
    expect(await finish()).toBe(false);
    await write(store, (tx) => tx.platforms.retryUpdate('telegram', '42', 7));
    expect((await left()).map(({ updateId, tries }) => [updateId, tries])).toEqual([
      [7, 1],
      [9, 0],
    ]);
    expect(await insert([update(8)])).toBe(0);
  });

  test('finished work is forgotten, and what is left never', async () => {
    const { store } = await open();
    await write(store, async (tx) => {
      await tx.platforms.insertUpdates([update(1), update(2)]);
      await tx.platforms.finishUpdate('telegram', '42', 1, 'dead');
    });
    expect(await store.transact(null, (tx) => tx.platforms.pruneUpdates(AT))).toBe(0);
    expect(await store.transact(null, (tx) => tx.platforms.pruneUpdates(AT + 1))).toBe(1);
    expect(await store.read((reads) => reads.platforms.pendingUpdates('telegram', '42', 10))).toHaveLength(1);
  });

  test('an address is found again and may close, and stands nowhere in clear', async () => {
    const { database, store } = await open();
    const { buyer } = await seedMarket(store);
    await write(store, async (tx) => {
      await tx.platforms.putAddress({ personId: buyer, platform: 'telegram', userId: '7001234567', open: true });
      await tx.platforms.setOpen(buyer, 'telegram', false);
      await tx.platforms.putDraft({ platform: 'telegram', personId: buyer, state: 'half a form', updatedAt: AT });
      await tx.platforms.insertUpdates([update(1, 'from 7001234567')]);
    });
    expect(await store.read((reads) => reads.platforms.address(buyer, 'telegram'))).toEqual({
      personId: buyer,
      platform: 'telegram',
      userId: '7001234567',
      open: false,
    });
    expect(await store.read((reads) => reads.platforms.address(buyer, 'discord'))).toBeUndefined();
    const rows = await Promise.all([
      database.query('select * from platform_addresses'),
      database.query('select * from platform_drafts'),
      database.query('select * from platform_updates'),
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/7001234567|half a form/);
  });

  test('a panel has one place, and a person one draft', async () => {
    const { store } = await open();
    const { buyer } = await seedMarket(store);
    const panel = { platform: 'telegram', personId: buyer, key: 'home', at: AT };
    await write(store, async (tx) => {
      await tx.platforms.putPanelRef({ ...panel, ref: '{"m":1}' });
      await tx.platforms.putPanelRef({ ...panel, ref: '{"m":2}', at: AT + 1 });
      await tx.platforms.putDraft({ platform: 'telegram', personId: buyer, state: 'one', updatedAt: AT });
      await tx.platforms.putDraft({ platform: 'telegram', personId: buyer, state: 'two', updatedAt: AT + 1 });
    });
    const ref = () => store.read((reads) => reads.platforms.panelRef('telegram', buyer, 'home'));
    expect(await ref()).toEqual({ ...panel, ref: '{"m":2}', at: AT + 1 });
    expect(await store.read((reads) => reads.platforms.draft('telegram', buyer))).toMatchObject({ state: 'two' });
    await write(store, (tx) => tx.platforms.dropPanelRef('telegram', buyer, 'home'));
    expect(await ref()).toBeUndefined();
    const drop = () => store.transact(null, (tx) => tx.platforms.dropDraft('telegram', buyer));
    expect([await drop(), await drop()]).toEqual([true, false]);
  });

  test('a private chat speaks of the community that was visited last', async () => {
    const { store } = await open();
    const first = await seedMarket(store);
    const second = await seedMarket(store);
    await write(store, async (tx) => {
      await tx.platforms.visit(first.communityId, first.buyer, AT);
      await tx.platforms.visit(second.communityId, first.buyer, AT + 1);
    });
    const visited = () => store.read((reads) => reads.platforms.communitiesOf(first.buyer));
    expect(await visited()).toEqual([second.communityId, first.communityId]);
    await write(store, (tx) => tx.platforms.visit(first.communityId, first.buyer, AT + 2));
    expect(await visited()).toEqual([first.communityId, second.communityId]);
  });

  test('a chat that we were sent away from is not offered, and one that moved keeps its cards', async () => {
    const { store } = await open();
    const { communityId, chatId } = await seedMarket(store);
    const chat = { id: 'g', communityId, platform: 'telegram', platformChatId: '-100', title: 'Group' };
    const place = { chatId: 'g', rights: '{}', updatedAt: AT };
    await write(store, async (tx) => {
      await tx.people.insertChat(chat);
      await tx.people.insertChat({ ...chat, id: 'h', platformChatId: '-300' });
      await tx.platforms.putChatPlace({ ...place, present: true });
      await tx.platforms.putChatPlace({ ...place, chatId: 'h', present: false });
    });
    const offered = await store.read((reads) => reads.people.chats(communityId));
    expect(offered.map(({ id }) => id).toSorted()).toEqual([chatId, 'g'].toSorted());
    expect(await store.read((reads) => reads.platforms.chatPlace('g'))).toEqual({ ...place, present: true });
    const move = (from: string, to: string) =>
      store.transact(null, (tx) => tx.platforms.moveChat('telegram', from, to));
    expect(await move('-100', '-300')).toBe(false);
    expect(await move('-100', '-200')).toBe(true);
    expect(await move('-100', '-200')).toBe(false);
    expect(await store.read((reads) => reads.people.chatByPlatform('telegram', '-200'))).toMatchObject({ id: 'g' });
  });

  test('news is kept once a panel, the newest last, until it is dropped', async () => {
    const { store } = await open();
    const { communityId, buyer } = await seedMarket(store);
    const message = { name: 'panel.refresh', personId: buyer, communityId, message: { name: 'home' } } as const;
    const keep = (key: string, at: number) =>
      write(store, (tx) => tx.platforms.keepNews({ platform: 'telegram', personId: buyer, key, message, at }));
    for (const [key, at] of [
      ['a', 1],
      ['b', 2],
      ['a', 3],
    ] as const) {
      await keep(key, at);
    }
    const kept = async (limit: number) =>
      (await store.read((reads) => reads.platforms.keptNews('telegram', buyer, limit))).map(({ key }) => key);
    expect(await kept(5)).toEqual(['b', 'a']);
    expect(await kept(1)).toEqual(['a']);
    expect((await store.read((reads) => reads.platforms.keptNews('telegram', buyer, 5)))[0]?.message).toEqual(message);
    await write(store, (tx) => tx.platforms.dropNews('telegram', buyer, 'b'));
    expect(await kept(5)).toEqual(['a']);
    await write(store, (tx) => tx.platforms.dropNews('telegram', buyer));
    expect(await kept(5)).toEqual([]);
  });

  test('a claim stands once for each product of an order, until its buyer is reached', async () => {
    const { store } = await open();
    const market = await seedMarket(store);
    const goods = await putGoods(market, 5);
    const { order } = await placeOrder(market, goods);
    const row = { platform: 'telegram', productId: goods.product.id, orderId: order.id, personId: market.buyer };
    const put = () => store.transact(null, (tx) => tx.platforms.putClaim(row));
    expect([await put(), await put()]).toEqual([true, false]);
    const isClaimed = (platform: string) =>
      store.read((reads) => reads.platforms.isClaimed(platform, goods.product.id));
    expect([await isClaimed('telegram'), await isClaimed('web')]).toEqual([true, false]);
    const { personId: _, ...claim } = row;
    expect(await store.read((reads) => reads.platforms.claims(market.buyer))).toEqual([claim]);
    await write(store, (tx) => tx.platforms.dropClaims('telegram', market.buyer));
    expect(await isClaimed('telegram')).toBe(false);
  });
});
