import { createHmac } from 'node:crypto';
import type { Bank } from './bank.ts';

const REPLY_TIMEOUT_MS = 5_000;
const GIVE_UP_AFTER_MS = 3 * 24 * 60 * 60 * 1_000;
const BACK_OFF_MS = [1_000, 5_000, 30_000, 120_000, 600_000];
const THEN_EVERY_MS = 3_600_000;
const AT_ONCE = 8;
const BATCH = 200;

/** The value of `Sandbox-Signature`: `t=<unix seconds>,v1=<hex>` over `${t}.${raw}`. The key is the whole secret, as UTF-8. */
export function signature({ secret, raw, t }: { secret: string; raw: string; t: number }): string {
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${raw}`).digest('hex')}`;
}

type DeliveryRow = { seq: number; tries: number; created_at: number; body: string };

export type Courier = {
  /** One try of every delivery that is due; again until none is due at the clock's now. */
  deliverDue(): Promise<void>;
  /** One try of every delivery that waits, due or not. */
  deliverAll(): Promise<{ delivered: number; failed: number }>;
  anyDue(): boolean;
  /** Breaks off what is under way: it stays due and is tried again after a restart. */
  abort(): void;
};

type CourierDeps = { bank: Bank; secret: string; url: () => string | undefined; log: (line: string) => void };

export function createCourier({ bank, secret, url, log }: CourierDeps): Courier {
  const aborter = new AbortController();

  async function send(delivery: DeliveryRow, to: string): Promise<boolean> {
    const answer = await post({ to, raw: delivery.body, secret, now: bank.now(), signal: aborter.signal });
    if (aborter.signal.aborted) return false;
    if (answer !== '2xx') log(`webhook delivery ${delivery.seq} was not taken: ${answer}`);
    record(bank, delivery, answer);
    return answer === '2xx';
  }

  async function sendAll(deliveries: DeliveryRow[], to: string): Promise<number> {
    let delivered = 0;
    const queue = deliveries.values();
    const lane = async (): Promise<void> => {
      for (const delivery of queue) if (await send(delivery, to)) delivered += 1;
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    return delivered;
  }

  return {
    async deliverDue() {
      const to = url();
      if (to === undefined) return;
      // Each round moves its deliveries into the future or out of waiting, so the rounds end; the bound is a belt.
      for (let round = 1; round <= 100 && !aborter.signal.aborted; round++) {
        const due = waiting(bank, bank.now(), BATCH);
        if (due.length === 0) return;
        await sendAll(due, to);
      }
    },
    async deliverAll() {
      const to = url();
      const all = waiting(bank, Number.MAX_SAFE_INTEGER, -1);
      const delivered = to === undefined ? 0 : await sendAll(all, to);
      return { delivered, failed: all.length - delivered };
    },
    anyDue: () => url() !== undefined && waiting(bank, bank.now(), 1).length > 0,
    abort: () => aborter.abort(),
  };
}

function waiting(bank: Bank, until: number, limit: number): DeliveryRow[] {
  return bank.book.all<DeliveryRow>(
    `SELECT d.seq, d.tries, d.created_at, e.body FROM deliveries d JOIN events e ON e.id = d.event
     WHERE d.status = 'waiting' AND d.due_at <= ? ORDER BY d.due_at, d.seq LIMIT ?`,
    until,
    limit,
  );
}

function record(bank: Bank, { seq, tries, created_at }: DeliveryRow, answer: string): void {
  const now = bank.now();
  const next = now + (BACK_OFF_MS[tries] ?? THEN_EVERY_MS);
  const missed = next - created_at > GIVE_UP_AFTER_MS ? 'dead' : 'waiting';
  bank.book.transact(() =>
    bank.book.run(
      `UPDATE deliveries SET status = ?, tries = tries + 1, due_at = ?, last_answer = ? WHERE seq = ?`,
      answer === '2xx' ? 'delivered' : missed,
      next,
      answer,
      seq,
    ),
  );
}

type Post = { to: string; raw: string; secret: string; now: number; signal: AbortSignal };

/** `2xx`, or what came instead. Never throws. */
async function post({ to, raw, secret, now, signal }: Post): Promise<string> {
  try {
    const response = await fetch(to, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'sandbox-webhooks/1',
        'sandbox-signature': signature({ secret, raw, t: Math.floor(now / 1_000) }),
      },
      body: raw,
      signal: AbortSignal.any([signal, AbortSignal.timeout(REPLY_TIMEOUT_MS)]),
    });
    await response.body?.cancel();
    return response.ok ? '2xx' : String(response.status);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error ? cause.message.slice(0, 200) : 'unreachable';
  }
}
