import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { Sent } from '../../src/ports/chat.ts';
import { ChannelTrouble } from '../../src/ports/payment-channel.ts';
import { wordsFor } from '../../src/i18n/words.ts';
import { randomIds } from '../../src/runtime/ids.ts';
import { coreOn, createWire, openOutboxWorld, type OutboxWorld } from '../support/outbox.ts';
import { onEachEngine } from '../support/stores.ts';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const LEASE = 30 * SECOND;

/** A promise and the means to keep it. */
const gate = () => Promise.withResolvers<void>();

const statesOf = async (world: OutboxWorld) => (await world.rows()).map(({ state }) => state);
/** The text of a view, for asking whether something stands in it. */
const textOf = (view: unknown): string => JSON.stringify(view);

onEachEngine('cards', (kind) => {
  test('a posted product appears in both chats, and each card is known again', async () => {
    const world = await openOutboxWorld(kind);
    const { productId } = await world.post();
    await world.outbox.drain();
    const posts = world.wire.calls.filter(({ what }) => what === 'post');
    expect(posts.map(({ place }) => place).toSorted()).toEqual(world.chatIds.toSorted());
    expect(posts.every(({ view }) => view.title === 'Mango box')).toBe(true);
    const listings = await world.listings(productId);
    expect(listings.map(({ state }) => state)).toEqual(['live', 'live']);
    expect(new Set(listings.map(({ messageRef }) => messageRef)).size).toBe(2);
  });

  test('a hundred changes of a product cost one edit of each copy, and it shows the last', async () => {
    const world = await openOutboxWorld(kind);
    const { variantId } = await world.post();
    await world.outbox.drain();
    world.wire.calls.length = 0;
    for (let stock = 6; stock <= 105; stock++) await world.setStock(variantId, stock);
    await world.outbox.drain();
    const edits = world.wire.calls.filter(({ what }) => what === 'edit');
    expect(edits.map(({ place }) => place).toSorted()).toEqual(world.chatIds.toSorted());
    expect(edits.every(({ view }) => textOf(view).includes('105'))).toBe(true);
  });

  test('a product that changes while its cards are drawn is drawn once more, not twice', async () => {
    const world = await openOutboxWorld(kind);
    const { variantId } = await world.post();
    await world.outbox.drain();
    world.wire.calls.length = 0;
    let changed = false;
    world.wire.answer = async () => {
      if (changed) return undefined;
      changed = true;
      await world.setStock(variantId, 777);
      return undefined;
    };
    await world.setStock(variantId, 66);
    await world.outbox.drain();
    for (const place of world.chatIds) {
      const edits = world.wire.calls.filter((call) => call.place === place);
      expect(edits.length).toBeLessThanOrEqual(2);
      expect(textOf(edits.at(-1)?.view)).toContain('777');
    }
  });

  test('a change between drawing a new card and knowing where it stands reaches that card too', async () => {
    const world = await openOutboxWorld(kind);
    const { variantId } = await world.post();
    let changed = false;
    world.wire.answer = async () => {
      if (changed) return undefined;
      changed = true;
      await world.setStock(variantId, 888);
      return undefined;
    };
    await world.outbox.drain();
    for (const place of world.chatIds) {
      expect(textOf(world.wire.calls.findLast((call) => call.place === place)?.view)).toContain('888');
    }
  });

  test('a card that is gone is forgotten, and the other copy is still drawn', async () => {
    const world = await openOutboxWorld(kind);
    const { productId, variantId } = await world.post();
    await world.outbox.drain();
    const [gone, kept] = world.chatIds;
    world.wire.answer = ({ what, place }) => (what === 'edit' && place === gone ? { outcome: 'gone' } : undefined);
    await world.setStock(variantId, 9);
    await world.outbox.drain();
    const states = new Map((await world.listings(productId)).map(({ chatId, state }) => [chatId, state]));
    expect(states.get(gone ?? '')).toBe('removed');
    expect(states.get(kept ?? '')).toBe('live');
    world.wire.calls.length = 0;
    await world.setStock(variantId, 10);
    await world.outbox.drain();
    expect(world.wire.calls.map(({ place }) => place)).toEqual([kept]);
  });

  test('a platform that says later is asked again then, and as often as it says so', async () => {
    const world = await openOutboxWorld(kind);
    const { variantId } = await world.post();
    await world.outbox.drain();
    let refusals = 0;
    world.wire.answer = ({ what }) => {
      if (what !== 'edit' || refusals >= 24) return undefined;
      refusals++;
      return { outcome: 'later', afterMs: 20 * SECOND };
    };
    await world.setStock(variantId, 9);
    await world.outbox.drain();
    expect(await world.outbox.drain()).toBe(0);
    for (let round = 1; round <= 12; round++) {
      world.clock.at += 20 * SECOND;
      await world.outbox.drain();
    }
    expect(refusals).toBe(24);
    expect(await world.counts()).toMatchObject({ pending: 0, claimed: 0, dead: 0 });
    expect(textOf(world.wire.calls.at(-1)?.view)).toContain('9');
  });

  test('a first post that is never answered is not repeated: the seller is asked', async () => {
    const world = await openOutboxWorld(kind);
    world.wire.answer = ({ what }) => (what === 'post' ? { outcome: 'unknown' } : undefined);
    const { productId } = await world.post();
    await world.outbox.drain();
    world.clock.at += 2 * HOUR;
    await world.outbox.drain();
    const posts = world.wire.calls.filter(({ what }) => what === 'post');
    expect(posts).toHaveLength(2);
    expect((await world.listings(productId)).map(({ state }) => state)).toEqual(['unknown', 'unknown']);
    expect((await statesOf(world)).filter((state) => state === 'unknown')).toHaveLength(2);
    const asked = world.wire.calls.filter(({ what, key }) => what === 'panel' && key.includes('post_unknown'));
    expect(asked.map(({ place }) => place)).toEqual([world.seller, world.seller]);
  });

  test('where a key makes two posts one, a post that was not answered is posted again under its key', async () => {
    const world = await openOutboxWorld(kind, { keyed: true });
    const lost = new Set<string>();
    world.wire.answer = ({ what, key }) => {
      if (what !== 'post' || lost.has(key)) return undefined;
      lost.add(key);
      return { outcome: 'unknown' };
    };
    const { productId } = await world.post();
    await world.outbox.drain();
    world.clock.at += SECOND;
    await world.outbox.drain();
    expect((await world.listings(productId)).map(({ state }) => state)).toEqual(['live', 'live']);
    expect(
      world.wire.calls
        .filter(({ what }) => what === 'post')
        .map(({ key }) => key)
        .toSorted(),
    ).toEqual([...lost, ...lost].toSorted());
  });
});

onEachEngine('panels and notices', (kind) => {
  test('each person is told in their own language', async () => {
    const world = await openOutboxWorld(kind);
    const people = [await world.arrive('Siti', 'ms'), await world.arrive('Li', 'zh-CN')];
    for (const personId of people) await world.notice(personId);
    await world.outbox.drain();
    for (const personId of people) {
      const profile = await world.core.profile({ personId, communityId: world.communityId });
      const calls = world.wire.calls.filter(({ place }) => place === personId);
      expect(calls.map(({ locale }) => locale)).toEqual([profile?.locale]);
      const { t } = wordsFor(profile?.locale ?? '', 'Asia/Kuala_Lumpur');
      expect(textOf(calls[0]?.view)).toContain(t('notice.card_number_dropped'));
    }
  });

  test('two notices to one person arrive in order, also when the first is put off', async () => {
    const world = await openOutboxWorld(kind);
    const person = await world.arrive('Siti');
    const ids = [randomIds.next(), randomIds.next(), randomIds.next()];
    for (const id of ids) await world.notice(person, id);
    let first = true;
    world.wire.answer = (): Sent | undefined => {
      if (!first) return undefined;
      first = false;
      return { outcome: 'later', afterMs: 5 * SECOND };
    };
    await world.outbox.drain();
    expect(world.wire.calls).toHaveLength(1);
    world.clock.at += 5 * SECOND;
    await world.outbox.drain();
    const order = world.wire.calls.map(({ key }) => ids.findIndex((id) => key.endsWith(id)));
    expect(order).toEqual([0, 0, 1, 2]);
  });

  test('a notice that was perhaps sent is never sent again', async () => {
    const world = await openOutboxWorld(kind);
    const person = await world.arrive('Siti');
    await world.notice(person);
    world.wire.answer = () => Promise.reject(new Error('connection reset'));
    await world.outbox.drain();
    world.clock.at += 2 * HOUR;
    world.wire.answer = () => undefined;
    await world.outbox.drain();
    expect(world.wire.calls).toHaveLength(1);
    expect(await statesOf(world)).toContain('unknown');
  });

  test('news of a person who cannot be written to is kept until they can be, and holds up nobody', async () => {
    const world = await openOutboxWorld(kind);
    const [closed, open] = [await world.arrive('Siti'), await world.arrive('Li')];
    world.wire.answer = ({ place }) => (place === closed ? { outcome: 'closed' } : undefined);
    await world.notice(closed, 'to-closed');
    await world.notice(open, 'to-open');
    await world.outbox.drain();
    expect(await world.rows()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: 'to-closed', state: 'sent', error: 'kept' }),
        expect.objectContaining({ id: 'to-open', state: 'sent' }),
      ]),
    );
    expect(world.errors).toEqual([]);
    world.wire.answer = () => undefined;
    await world.core.reached('talk', closed);
    await world.core.reached('talk', closed);
    await world.outbox.drain();
    expect(world.wire.calls.filter(({ place }) => place === closed)).toHaveLength(2);
  });

  test('what a person may no longer see is dropped without a word to anybody', async () => {
    const world = await openOutboxWorld(kind);
    const person = await world.arrive('Siti');
    const order = { name: 'order', orderId: randomIds.next() } as const;
    const to = { personId: person, communityId: world.communityId };
    await world.send(`order:${person}`, { name: 'panel.refresh', ...to, message: order });
    await world.outbox.drain();
    expect(world.wire.calls).toEqual([]);
    expect(await world.counts()).toMatchObject({ pending: 0, dead: 0 });
    expect(world.errors).toEqual([]);
  });
});

onEachEngine('failures', (kind) => {
  test('a poison message is dead after eight tries within the hour, and nothing else waits for it', async () => {
    const world = await openOutboxWorld(kind);
    let tries = 0;
    world.calls.openAttempt = () => {
      tries++;
      return Promise.reject(new Error('the channel is on fire'));
    };
    const outbox = world.worker();
    await world.send('attempt:poison', { name: 'attempt.open', attemptId: 'a1' }, 'poison');
    const people = await Promise.all(['Siti', 'Li', 'Ana'].map((name) => world.arrive(name)));
    for (const person of people) await world.notice(person);
    await outbox.drain();
    expect(world.wire.calls).toHaveLength(people.length);
    for (let minute = 1; minute <= 60; minute++) {
      world.clock.at += 60 * SECOND;
      await outbox.drain();
    }
    expect(tries).toBe(8);
    expect(await world.rows()).toContainEqual({
      ...{ id: 'poison', state: 'dead', error: 'the channel is on fire' },
      tries: kind === 'sqlite' ? 8 : '8',
    });
    expect(world.errors).toContainEqual(expect.objectContaining({ id: 'poison' }));
    world.clock.at += 24 * HOUR;
    await outbox.drain();
    expect(tries).toBe(8);
  });

  test('a channel that will never take a call is not asked eight times', async () => {
    const world = await openOutboxWorld(kind);
    world.calls.submitRefund = () => Promise.reject(new ChannelTrouble('no such account', { retryable: false }));
    await world.send('refund:r1', { name: 'refund.submit', refundId: 'r1' }, 'refund');
    await world.worker().drain();
    expect(await world.rows()).toContainEqual(
      expect.objectContaining({ id: 'refund', state: 'dead', error: 'no such account' }),
    );
  });
});

onEachEngine('several workers', (kind) => {
  /** Workers as in processes of their own, where the engine allows it. */
  const workersOf = async (world: OutboxWorld, count: number) => {
    const workers = [];
    for (let at = 0; at < count; at++) {
      const store = kind === 'postgres' ? await world.database.open({ clock: world.clock }) : world.store;
      const core = coreOn(store, world.clock);
      workers.push(world.worker({ store, core, concurrency: 5 }));
    }
    return workers;
  };

  test('no message is sent twice, and every lane arrives in order', async () => {
    const world = await openOutboxWorld(kind);
    const people = await Promise.all(['Siti', 'Li', 'Ana', 'Omar'].map((name) => world.arrive(name)));
    const sent: string[] = [];
    for (let round = 0; round < 10; round++) {
      for (const person of people) {
        const id = `${String(round).padStart(2, '0')}-${person}`;
        sent.push(id);
        await world.notice(person, id);
      }
    }
    const workers = await workersOf(world, 3);
    await Promise.all(workers.map((worker) => worker.drain()));
    await world.outbox.drain();
    const heard = world.wire.calls.map(({ key }) => sent.find((id) => key.endsWith(id)) ?? key);
    expect(heard.toSorted()).toEqual(sent.toSorted());
    for (const person of people) {
      const own = heard.filter((id) => id.endsWith(person));
      expect(own).toEqual(own.toSorted());
    }
  });

  test('what a dead worker had claimed comes back when its lease is over', async () => {
    const world = await openOutboxWorld(kind);
    const person = await world.arrive('Siti');
    await world.send('attempt:1', { name: 'attempt.close', attemptId: 'a1' }, 'call');
    await world.notice(person, 'news');
    // A worker that claims, and is never heard of again.
    await world.store.transact(null, async (tx) => {
      await tx.outbox.claim(world.clock.at, world.clock.at + LEASE, 10);
      return null;
    });
    const closed: string[] = [];
    world.calls.closeAttempt = (id) => Promise.resolve(void closed.push(id));
    const outbox = world.worker();
    expect(await outbox.drain()).toBe(0);
    world.clock.at += LEASE;
    await outbox.drain();
    expect(closed).toEqual(['a1']);
    const states = new Map((await world.rows()).map(({ id, state }) => [id, state]));
    expect(states.get('call')).toBe('sent');
    // Whether the dead worker had sent the news nobody knows.
    expect(states.get('news')).toBe('unknown');
    expect(world.wire.calls).toEqual([]);
  });

  test('messages of a process that was killed while it sent them are taken up by the next', async () => {
    const world = await openOutboxWorld(kind);
    const person = await world.arrive('Siti');
    await world.send('attempt:1', { name: 'attempt.close', attemptId: 'a1' }, 'call');
    await world.notice(person, 'news');
    await world.store.close();
    const { url, schema } = world.database;
    const child = fileURLToPath(new URL('../support/outbox-child.ts', import.meta.url));
    const died = spawnSync(process.execPath, [child, url, schema ?? '', String(world.clock.at)]);
    expect(died.signal).toBe('SIGKILL');

    const closed: string[] = [];
    world.calls.closeAttempt = async (id) => void closed.push(id);
    const store = await world.database.open({ clock: world.clock });
    // Alone on its database a new process need not wait for the leases of the dead.
    if (kind === 'postgres') world.clock.at += LEASE;
    const next = world.worker({ store, core: coreOn(store, world.clock), alone: kind === 'sqlite' });
    await next.drain();
    expect(closed).toEqual(['a1']);
    const states = new Map((await world.rows()).map(({ id, state }) => [id, state]));
    expect(states.get('call')).toBe('sent');
    expect(states.get('news')).toBe('unknown');
  });

  test('a message that kills whoever delivers it is given up in the end', async () => {
    const world = await openOutboxWorld(kind);
    await world.send('attempt:1', { name: 'attempt.close', attemptId: 'a1' }, 'killer');
    for (let death = 1; death <= 8; death++) {
      await world.store.transact(null, async (tx) => {
        await tx.outbox.claim(world.clock.at, world.clock.at + LEASE, 10);
        return null;
      });
      world.clock.at += LEASE;
    }
    await world.outbox.drain();
    expect(await world.rows()).toContainEqual(expect.objectContaining({ id: 'killer', state: 'dead' }));
  });

  test('a worker that slept past its lease does not undo what another has done since', async () => {
    const world = await openOutboxWorld(kind, { keyed: true });
    const person = await world.arrive('Siti');
    await world.notice(person, 'news');
    const [asleep, entered] = [gate(), gate()];
    const slow = createWire({ keyed: true });
    slow.answer = async () => {
      entered.resolve();
      await asleep.promise;
      return { outcome: 'later', afterMs: SECOND };
    };
    const zombie = world.worker({ platforms: new Map([['talk', slow]]) }).drain();
    await entered.promise;
    world.clock.at += LEASE;
    await world.outbox.drain();
    expect(world.wire.calls).toHaveLength(1);
    asleep.resolve();
    await zombie;
    expect(await world.rows()).toContainEqual(expect.objectContaining({ id: 'news', state: 'sent' }));
    world.clock.at += HOUR;
    await world.outbox.drain();
    expect(world.wire.calls).toHaveLength(1);
  });
});

onEachEngine('a running worker', (kind) => {
  test('sends when it is woken, and stops only after what it is sending', async () => {
    const world = await openOutboxWorld(kind);
    const person = await world.arrive('Siti');
    const [entered, answered] = [gate(), gate()];
    world.wire.answer = async () => {
      entered.resolve();
      await answered.promise;
      return undefined;
    };
    const outbox = world.worker({ timers: true });
    onTestFinished(() => outbox.stop());
    outbox.start();
    await world.notice(person, 'news');
    outbox.wake();
    outbox.wake();
    await entered.promise;
    const stopped = outbox.stop();
    answered.resolve();
    await stopped;
    expect(await world.rows()).toContainEqual(expect.objectContaining({ id: 'news', state: 'sent' }));
    expect(world.wire.calls).toHaveLength(1);
  });

  test('finds by itself what another process has left', async () => {
    const world = await openOutboxWorld(kind);
    const person = await world.arrive('Siti');
    const heard = gate();
    world.wire.answer = () => {
      heard.resolve();
      return undefined;
    };
    const outbox = world.worker({ timers: true });
    onTestFinished(() => outbox.stop());
    outbox.start();
    await world.notice(person);
    await heard.promise;
    expect(world.wire.calls).toHaveLength(1);
  });
});
