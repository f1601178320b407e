// The outbox of the market, worked off: calls to the bank are made, messages to people are handed to a chat platform that may not
// answer. What becomes of a message is decided by the market's own rules.
import { closeAttempt, openAttempt, submitRefund } from '../../../src/app/money/outbox-calls.ts';
import type { Deps } from '../../../src/app/deps.ts';
import { afterSend, endingOf, TRIES_MAX, type Verdict } from '../../../src/outbox/verdict.ts';
import type { Message } from '../../../src/ports/messages.ts';
import { ChannelTrouble } from '../../../src/ports/payment-channel.ts';
import type { ClaimedRow } from '../../../src/ports/store/events.ts';
import type { Schedule } from './schedule.ts';
import type { Weather } from './weather.ts';

const LEASE_MS = 30_000;
const AT_ONCE = 40;
const BLOCKED_MS = 250;

type Given = {
  readonly deps: Deps;
  readonly schedule: Schedule;
  readonly weather: () => Weather;
  readonly bug: (error: unknown) => void;
  readonly drawn: (personId: string, message: Message) => void;
};

export function createClerk({ deps, schedule, weather, bug, drawn }: Given) {
  const { store, clock } = deps;
  let [running, again] = [false, false];
  let wakesAt = Number.POSITIVE_INFINITY;

  const carryOut = async (row: ClaimedRow): Promise<Verdict> => {
    const { message } = row;
    if (row.tries >= TRIES_MAX) return { kind: 'dead', reason: 'its workers stopped midway' };
    switch (message.name) {
      case 'attempt.open':
        return call(openAttempt(deps, message.attemptId));
      case 'attempt.close':
        return call(closeAttempt(deps, message.attemptId));
      case 'refund.submit':
        return call(submitRefund(deps, message.refundId));
      default:
        if (message.name === 'panel.refresh') drawn(message.personId, message.message);
        return schedule.luck().hits(weather().chat.silent)
          ? afterSend(row, { outcome: 'unknown' }, false)
          : { kind: 'sent' };
    }
  };
  const one = async (row: ClaimedRow, lease: number): Promise<void> => {
    const { to, ...changes } = endingOf(row, await carryOut(row), clock.now());
    await store.transact(null, (tx) => tx.outbox.finish(row.id, 'claimed', to, changes, lease));
  };
  const round = async (): Promise<void> => {
    const lease = clock.now() + LEASE_MS;
    let claimed: readonly ClaimedRow[] = [];
    await store.transact(null, async (tx) => {
      claimed = await tx.outbox.claim(clock.now(), lease, AT_ONCE);
      return claimed.length;
    });
    await Promise.all(claimed.map((row) => one(row, lease)));
    if (claimed.length > 0) again = true;
  };
  const nextDue = async () => (await store.read((reads) => reads.outbox.nextDue())) ?? Number.POSITIVE_INFINITY;
  const plan = (afterMs: number) => {
    const at = schedule.now() + afterMs;
    if (at >= wakesAt) return;
    wakesAt = at;
    const wake = () => {
      if (wakesAt !== at) return;
      wakesAt = Number.POSITIVE_INFINITY;
      if (running) again = true;
      else void work().catch(bug);
    };
    schedule.add({ afterMs, what: 'outbox', ours: true, run: wake });
  };
  const work = async (): Promise<void> => {
    running = true;
    do {
      again = false;
      if ((await nextDue()) <= clock.now()) await round();
    } while (again);
    running = false;
    const due = await nextDue();
    if (due < Number.POSITIVE_INFINITY) plan(Math.max(due - clock.now(), BLOCKED_MS));
  };
  return {
    wake: () => plan(1),
    /** What a process that died had claimed comes back at once. */
    async takeOver(): Promise<void> {
      await store.transact(null, (tx) => tx.outbox.endClaims(clock.now()));
      plan(1);
    },
  };
}

/** Trouble and refusals of the channel are the world's; whatever else is thrown is our own fault. */
async function call(work: Promise<void>): Promise<Verdict> {
  try {
    await work;
    return { kind: 'sent' };
  } catch (error) {
    if (!(error instanceof ChannelTrouble)) throw error;
    return error.retryable ? { kind: 'failed', error: error.message } : { kind: 'dead', reason: error.message };
  }
}
