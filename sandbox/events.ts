import { createHash } from 'node:crypto';
import { newId, type Bank } from './bank.ts';
import type { EventType, SandboxEvent } from './objects.ts';

/** Tells of a change, in the transaction of the change: kept for polling, and queued for the webhook. */
export function emit(bank: Bank, type: EventType, about: SandboxEvent['data']['object']): void {
  const event: SandboxEvent = {
    id: newId('evt'),
    object: 'event',
    type,
    createdAt: bank.now(),
    account: about.account,
    livemode: false,
    data: { object: about },
  };
  bank.book.run(
    'INSERT INTO events (id, account, type, body, created_at) VALUES (?, ?, ?, ?, ?)',
    event.id,
    event.account,
    type,
    JSON.stringify(event),
    event.createdAt,
  );
  for (const delayMs of bank.terms.untidy ? untidyDelaysMs(event.id) : [0]) {
    bank.book.run(
      `INSERT INTO deliveries (event, status, due_at, created_at) VALUES (?, 'waiting', ?, ?)`,
      event.id,
      event.createdAt + delayMs,
      event.createdAt,
    );
  }
}

/** Two deliveries of each event, up to 2 and 6 seconds late: later events overtake earlier ones. */
function untidyDelaysMs(eventId: string): number[] {
  const digest = createHash('sha256').update(eventId).digest();
  return [(digest.readUInt8(0) % 9) * 250, 1_000 + (digest.readUInt8(1) % 11) * 500];
}

type EventRow = { body: string };

/** In order of happening. `after` is an event id; one that this account does not know gives the list from its start. */
export function listEvents(
  bank: Bank,
  { account, after, limit }: { account: string; after?: string | undefined; limit: number },
): { data: SandboxEvent[]; hasMore: boolean } {
  const rows = bank.book.all<EventRow>(
    `SELECT body FROM events WHERE account = ?
       AND seq > COALESCE((SELECT seq FROM events WHERE id = ? AND account = ?), 0)
     ORDER BY seq LIMIT ?`,
    account,
    after ?? '',
    account,
    limit + 1,
  );
  return { data: rows.slice(0, limit).map(eventOf), hasMore: rows.length > limit };
}

/** Of every account. */
export function allEvents(bank: Bank): SandboxEvent[] {
  return bank.book.all<EventRow>('SELECT body FROM events ORDER BY seq').map(eventOf);
}

function eventOf(row: EventRow): SandboxEvent {
  return JSON.parse(row.body) as SandboxEvent;
}
