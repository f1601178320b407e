import { expect, test } from 'vitest';
import type { OutboxMessage } from '../../src/ports/outbox.ts';
import type { Store } from '../../src/ports/store.ts';
import type { ClaimedRow, InboxEvent } from '../../src/ports/store/events.ts';
import { randomIds } from '../../src/runtime/ids.ts';
import { AT, write } from '../support/rows.ts';
import { freshDatabase, onEachEngine } from '../support/stores.ts';

const LEASE = 30_000;

function outbox(store: Store) {
  const refresh = (productId: string): OutboxMessage => ({ name: 'card.refresh', productId });
  return {
    send: (id: string, lane: string, { coalesce, dueAt = AT }: { coalesce?: string; dueAt?: number } = {}) =>
      store.transact(null, (tx) =>
        tx.outbox.send(
          { id, lane, message: refresh(id), dueAt, createdAt: AT },
          coalesce === undefined ? undefined : { coalesce },
        ),
      ),
    claim: async (now = AT, limit = 100): Promise<readonly ClaimedRow[]> => {
      let rows: readonly ClaimedRow[] = [];
      await write(store, async (tx) => {
        rows = await tx.outbox.claim(now, now + LEASE, limit);
      });
      return rows;
    },
    finish: (id: string, to: 'sent' | 'pending' | 'unknown' | 'dead', changes = {}, lease?: number) =>
      store.transact(null, (tx) => tx.outbox.finish(id, 'claimed', to, changes, lease)),
    nextDue: () => store.read((reads) => reads.outbox.nextDue()),
  };
}

const ids = (rows: readonly ClaimedRow[]) => rows.map((row) => row.id);

onEachEngine('the outbox', (kind) => {
  const open = async () => {
    const store = await freshDatabase(kind).open();
    return { store, box: outbox(store) };
  };

  test('of each lane the oldest goes first, and the next only when it is done', async () => {
    const { box } = await open();
    for (const [id, lane] of [
      ['a1', 'a'],
      ['b1', 'b'],
      ['a2', 'a'],
      ['a3', 'a'],
    ] as const)
      await box.send(id, lane);
    expect(ids(await box.claim())).toEqual(['a1', 'b1']);
    expect(ids(await box.claim())).toEqual([]);
    expect(await box.finish('a1', 'sent')).toBe(true);
    expect(ids(await box.claim())).toEqual(['a2']);
  });

  test('a message that is put off keeps its lane waiting, and nothing is due before', async () => {
    const { box } = await open();
    await box.send('a1', 'a');
    await box.send('a2', 'a');
    const [row] = await box.claim();
    expect(row).toEqual({
      id: 'a1',
      lane: 'a',
      message: { name: 'card.refresh', productId: 'a1' },
      state: 'claimed',
      tries: 0,
      dueAt: AT,
      createdAt: AT,
      abandoned: false,
    });
    expect(await box.nextDue()).toBe(AT + LEASE);
    await box.finish('a1', 'pending', { dueAt: AT + 500, tries: 1, error: 'busy' });
    expect([ids(await box.claim(AT + 499)), await box.nextDue()]).toEqual([[], AT + 500]);
    expect(await box.claim(AT + 500)).toMatchObject([{ id: 'a1', tries: 1 }]);
  });

  test('unknown and given up messages do not hold up their lane', async () => {
    const { store, box } = await open();
    for (const id of ['a1', 'a2', 'a3']) await box.send(id, 'a');
    await box.claim();
    await box.finish('a1', 'unknown');
    expect(ids(await box.claim())).toEqual(['a2']);
    await box.finish('a2', 'dead');
    expect(ids(await box.claim())).toEqual(['a3']);
    expect(await store.read((reads) => reads.outbox.counts())).toEqual({
      pending: 0,
      claimed: 1,
      sent: 0,
      unknown: 1,
      dead: 1,
    });
    expect(await store.read((reads) => reads.outbox.dead(5))).toMatchObject([{ id: 'a2' }]);
    // An operator's second chance: older than what is under way, and still one at a time.
    await write(store, (tx) => tx.outbox.finish('a2', 'dead', 'pending', { dueAt: AT }));
    expect(ids(await box.claim())).toEqual([]);
    await box.finish('a3', 'sent');
    expect(ids(await box.claim())).toEqual(['a2']);
  });

  test('workers that claim at once never take the same message, nor two of one lane', async () => {
    const { store, box } = await open();
    for (let n = 0; n < 60; n++) await box.send(`m${n}`, `lane ${n % 20}`);
    const claims = await Promise.all(Array.from({ length: 12 }, () => box.claim(AT, 5)));
    const taken = claims.flat();
    expect(new Set(ids(taken)).size).toBe(20);
    expect(new Set(taken.map((row) => row.lane)).size).toBe(20);
    expect(await store.read((reads) => reads.outbox.counts())).toMatchObject({ pending: 40, claimed: 20 });
  });

  test('a claim whose worker died comes back after its lease, counts as a try and says so', async () => {
    const { box } = await open();
    await box.send('a1', 'a');
    await box.claim();
    expect(ids(await box.claim(AT + LEASE - 1))).toEqual([]);
    expect(await box.claim(AT + LEASE)).toMatchObject([{ id: 'a1', tries: 1, abandoned: true }]);
    // The first worker wakes up: its claim is not its own any more.
    expect(await box.finish('a1', 'sent', {}, AT + LEASE)).toBe(false);
    expect(await box.finish('a1', 'sent', {}, AT + 2 * LEASE)).toBe(true);
    expect(await box.nextDue()).toBeUndefined();
  });

  test('a process that starts alone ends every claim', async () => {
    const { store, box } = await open();
    await box.send('a1', 'a');
    await box.claim();
    expect(await store.transact(null, (tx) => tx.outbox.endClaims(AT + 1))).toBe(1);
    expect(ids(await box.claim(AT + 1))).toEqual(['a1']);
  });

  test('while a message waits, the same word of the same lane changes nothing', async () => {
    const { store, box } = await open();
    const sent = await Promise.all(
      Array.from({ length: 20 }, (_, n) => box.send(`p${n}`, 'product:1', { coalesce: 'card.refresh' })),
    );
    expect(sent.filter(Boolean)).toHaveLength(1);
    expect(await box.send('other lane', 'product:2', { coalesce: 'card.refresh' })).toBe(true);
    expect(await box.send('other word', 'product:1', { coalesce: 'else' })).toBe(true);
    expect(await store.read((reads) => reads.outbox.counts())).toMatchObject({ pending: 3 });
  });

  test('what is under way does not absorb a later word, and a retry stands beside it', async () => {
    const { box } = await open();
    await box.send('p1', 'product:1', { coalesce: 'card.refresh' });
    await box.claim();
    expect(await box.send('p2', 'product:1', { coalesce: 'card.refresh' })).toBe(true);
    expect(await box.send('p3', 'product:1', { coalesce: 'card.refresh' })).toBe(false);
    expect(await box.finish('p1', 'pending', { dueAt: AT + 1, tries: 1 })).toBe(true);
    expect(ids(await box.claim(AT + 1))).toEqual(['p1']);
  });

  test('a message with a known id is written once', async () => {
    const { box } = await open();
    expect([
      await box.send('a1', 'a'),
      await box.send('a1', 'b'),
      await box.send('a1', 'c', { coalesce: 'x' }),
    ]).toEqual([true, false, false]);
  });
});

onEachEngine('the inbox', (kind) => {
  const event = (changes: Partial<InboxEvent> = {}): InboxEvent => ({
    id: randomIds.next(),
    channel: 'sandbox',
    account: 'shop',
    eventId: 'evt_1',
    objectId: 'co_1',
    type: 'payment.succeeded',
    digest: 'abc',
    receivedAt: AT,
    ...changes,
  });

  test('an event told a hundred times at once is stored once, with its work and its payload', async () => {
    const database = freshDatabase(kind);
    const store = await database.open();
    const told = await Promise.all(
      Array.from({ length: 100 }, () => store.transact(null, (tx) => tx.inbox.insertEvent(event(), '{"secret":1}'))),
    );
    expect(told.filter(Boolean)).toHaveLength(1);
    const stored = await store.read((reads) => reads.inbox.eventByKey('sandbox', 'shop', 'evt_1'));
    if (!stored) throw new Error('no event');
    expect(stored.state).toBe('pending');
    expect(await store.read((reads) => reads.inbox.payload(stored.id))).toBe('{"secret":1}');
    expect(JSON.stringify(await database.query('select * from inbox_payloads'))).not.toContain('secret');
    expect(await store.transact(null, (tx) => tx.inbox.insertEvent(event({ account: 'other' }), ''))).toBe(true);
  });

  test('what an event said is dropped once nothing is to be done about it; the fact stays', async () => {
    const store = await freshDatabase(kind).open();
    const [one, other] = [event(), event({ eventId: 'evt_2' })];
    for (const row of [one, other]) await write(store, (tx) => tx.inbox.insertEvent(row, '{}'));
    await store.transact(null, (tx) => tx.inbox.moveWork(one.id, 'pending', 'done', { dueAt: null }));
    const kept = () => store.read((reads) => reads.inbox.keptPayloads('', 5));
    expect(await kept()).toHaveLength(2);
    const drop = (id: string) => store.transact(null, (tx) => tx.inbox.dropPayload(id));
    expect([await drop(one.id), await drop(one.id), await drop(other.id)]).toEqual([true, false, false]);
    expect(await kept()).toEqual([{ id: other.id, receivedAt: AT, state: 'pending' }]);
    expect(await store.read((reads) => reads.inbox.event(one.id))).toMatchObject({ eventId: 'evt_1' });
  });

  test('work is due at its hour, until it is over, and moves from the state it was read in', async () => {
    const store = await freshDatabase(kind).open();
    const row = event();
    await write(store, (tx) => tx.inbox.insertEvent(row, ''));
    const due = async (now: number) => (await store.read((reads) => reads.inbox.dueWork(now, 5))).map((one) => one.id);
    expect([await due(AT - 1), await due(AT)]).toEqual([[], [row.id]]);
    const move = (to: 'parked' | 'done', changes: { tries?: number; dueAt?: number | null }) =>
      store.transact(null, (tx) => tx.inbox.moveWork(row.id, to === 'parked' ? 'pending' : 'parked', to, changes));
    expect(await move('parked', { tries: 1, dueAt: AT + 9 })).toBe(true);
    expect(await move('parked', {})).toBe(false);
    expect([await due(AT + 8), await due(AT + 9)]).toEqual([[], [row.id]]);
    expect(await move('done', { dueAt: null })).toBe(true);
    expect(await due(AT + 99)).toEqual([]);
    expect(await store.read((reads) => reads.inbox.work(row.id))).toEqual({
      id: row.id,
      state: 'done',
      tries: 1,
      dueAt: null,
    });
  });
});

onEachEngine('buttons and the trail', (kind) => {
  test('a button drawn again lives longer, never shorter, and is gone some time after its end', async () => {
    const store = await freshDatabase(kind).open();
    const handle = {
      handle: 'u123',
      intent: { kind: 'buy', listingId: 'x' },
      personId: null,
      chatId: 'c',
      expiresAt: AT,
    } as const;
    const draw = (expiresAt: number) => write(store, (tx) => tx.handles.insertHandles([{ ...handle, expiresAt }]));
    for (const expiresAt of [AT, AT + 10, AT + 5]) await draw(expiresAt);
    expect(await store.read((reads) => reads.handles.handle('u123'))).toEqual({ ...handle, expiresAt: AT + 10 });
    const prune = (before: number) => store.transact(null, (tx) => tx.handles.pruneHandles(before, 10));
    expect([await prune(AT + 10), await prune(AT + 11), await prune(AT + 12)]).toEqual([0, 1, 0]);
  });

  test('what was done to a thing is told in order', async () => {
    const store = await freshDatabase(kind).open();
    const entry = (deed: string) => ({
      id: randomIds.next(),
      at: AT,
      communityId: 'c',
      actorId: null,
      deed,
      objectId: 'thing',
      params: { n: 1 },
    });
    const [first, second] = [entry('freeze'), entry('thaw')];
    await write(store, async (tx) => {
      await tx.audit.audit(first);
      await tx.audit.audit(second);
    });
    expect(await store.read((reads) => reads.audit.auditOf('thing'))).toEqual([first, second]);
  });
});
