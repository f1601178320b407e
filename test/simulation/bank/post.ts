// The bank's notices on their way: told at least once unless the weather loses them, in any order, and again until they are
// acknowledged. What was acknowledged is noted: the market must have it for ever.
import type { RawNotice } from '../../../src/ports/payment-channel.ts';
import type { Schedule } from '../engine/schedule.ts';
import type { Weather } from '../engine/weather.ts';
import type { BankEvent } from './bank.ts';
import { signed } from './channel.ts';

/** Asked of the market; undefined while nobody is there. Resolves with the status it answered. */
type Door = (raw: Pick<RawNotice, 'body' | 'headers'>) => Promise<number> | undefined;

/** A bank tries again after this, so many times. */
const AGAIN_MS = [60_000, 5 * 60_000, 30 * 60_000] as const;
const DELAYS_MS = [3_000, 60_000, 20 * 60_000, 3 * 60 * 60_000, 24 * 60 * 60_000] as const;

export function createPost(schedule: Schedule, weather: () => Weather, door: Door) {
  const told: BankEvent[] = [];
  const acknowledged = new Set<string>();

  const deliver = (event: BankEvent, tries: number) => {
    const answered = door(signed(event, schedule.now()));
    const again = () => {
      const afterMs = AGAIN_MS[tries];
      if (afterMs === undefined || acknowledged.has(event.id)) return;
      schedule.add({ afterMs, what: `post ${event.type} again`, ours: false, run: () => deliver(event, tries + 1) });
    };
    // The market may die before it answers: whether it has, is seen when it is time to try again.
    again();
    void hearOf(event, answered);
  };
  const hearOf = async (event: BankEvent, answered: Promise<number> | undefined) => {
    if ((await answered) !== 200) return;
    const hear = () => acknowledged.add(event.id);
    schedule.add({ afterMs: schedule.luck().between(1, 20), what: 'acknowledged', ours: true, run: hear });
  };
  const send = (event: BankEvent) => {
    const { mail } = weather();
    const luck = schedule.luck();
    if (luck.hits(mail.lost)) return;
    const delay = () =>
      luck.between(10, 200) + (luck.hits(mail.delayed) ? (DELAYS_MS[luck.below(DELAYS_MS.length)] ?? 0) : 0);
    const copies = luck.hits(mail.twice) ? 2 : 1;
    for (let copy = 1; copy <= copies; copy += 1) {
      schedule.add({ afterMs: delay(), what: `post ${event.type}`, ours: false, run: () => deliver(event, 0) });
    }
  };
  return {
    send: (event: BankEvent): void => {
      told.push(event);
      send(event);
    },
    /** Everything that the bank has told so far, oldest first. */
    told: (): readonly BankEvent[] => told,
    /** As `send`, and neither lost nor late; answers nothing. */
    again: (event: BankEvent) => deliver(event, AGAIN_MS.length),
    acknowledged: (): ReadonlySet<string> => acknowledged,
  };
}
