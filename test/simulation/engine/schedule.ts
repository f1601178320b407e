// Everything that will happen, in the order of its instant. Whatever waits for the world in this simulation waits here: a commit, a
// call to the provider, its answer, a notice on its way, a payment that clears tomorrow.
import { type Luck, luckOf, mix } from './luck.ts';

/** What brought something about: a step of the history, or the end of it. */
export type Cause = { readonly name: string; readonly luck: Luck };

export type Happening = {
  readonly afterMs: number;
  readonly what: string;
  /** True for what dies with the market's process: commits, answers to it, its timers. */
  readonly ours: boolean;
  /** Which life of the process it belongs to, when that was before it was added; this one when absent. */
  readonly life?: number;
  readonly run: () => void;
};
type Planned = Happening & { readonly at: number; readonly tie: number; readonly seq: number; readonly cause: Cause };

export type Schedule = ReturnType<typeof createSchedule>;

export function createSchedule(start: number, heard: (line: string) => void) {
  let planned: Planned[] = [];
  let now = start;
  let seq = 0;
  let life = 1;
  let cause: Cause = { name: 'start', luck: luckOf(0) };

  const isBefore = (one: Planned, other: Planned): boolean =>
    one.at !== other.at ? one.at < other.at : one.tie !== other.tie ? one.tie < other.tie : one.seq < other.seq;

  const takeNext = (until: number): Planned | undefined => {
    let found = -1;
    for (let at = 0; at < planned.length; at += 1) {
      const one = planned[at];
      const best = planned[found];
      if (one && one.at <= until && (!best || isBefore(one, best))) found = at;
    }
    return found < 0 ? undefined : planned.splice(found, 1)[0];
  };

  return {
    now: () => now,
    cause: () => cause,
    life: () => life,
    luck: () => cause.luck,
    /** Under the cause of what happens now. Of two at one instant, chance says which is first. */
    add(happening: Happening) {
      if (happening.ours && (happening.life ?? life) !== life) return;
      seq += 1;
      const at = now + Math.max(0, Math.round(happening.afterMs));
      const tie = cause.luck.below(1024);
      planned.push({ ...happening, at, tie, seq, cause });
    },
    /** From here on this is the cause of what happens. */
    blame(name: string, seed: number) {
      cause = { name, luck: luckOf(seed === 0 ? 0 : mix(seed, 1)) };
    },
    /** All that happens within so many milliseconds, one after another, each to the end of what follows from it without waiting. */
    async pass(ms: number, after: () => void = () => undefined): Promise<void> {
      const until = now + ms;
      const before = cause;
      await quiet();
      for (let next = takeNext(until); next; next = takeNext(until)) {
        now = next.at;
        cause = next.cause;
        heard(`${now - start} ${next.what}`);
        next.run();
        await quiet();
        after();
      }
      now = until;
      cause = before;
    },
    /** What dies with the process. */
    dropOurs() {
      life += 1;
      planned = planned.filter((one) => !one.ours);
    },
    /** Still to come; for a look at what goes on. */
    waiting: () => planned.length,
  };
}

/** Resolves when every promise that can go on has gone on: a tick comes after all microtasks, those that they make included. */
const quiet = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));
