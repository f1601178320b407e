/** The door to the store for everything that writes: does the work again when a race was lost, and wakes the workers after it. */
import type { Json } from '../ports/runtime.ts';
import type { CommandKey, Tx } from '../ports/store.ts';
import type { Deps } from './deps.ts';

/** A guarded update changed no row: somebody was there first, so what was read before is old. The whole work is done again. */
export class LostRace extends Error {
  constructor(what: string) {
    super(`${what} changed while it was being worked on`);
    this.name = 'LostRace';
  }
}

/** Throws `LostRace` unless the guarded update changed its row. */
export function won(changed: boolean, what: string): void {
  if (!changed) throw new LostRace(what);
}

/** Each lost race was somebody else's commit, so this bounds how many may overtake one work, not how long they take. */
const TRIES_MAX = 50;

export async function commit<R extends Json>(
  deps: Deps,
  key: CommandKey | null,
  work: (tx: Tx) => Promise<R>,
): Promise<R> {
  for (let attempt = 1; ; attempt++) {
    try {
      const result = await deps.store.transact(key, work);
      deps.wake();
      return result;
    } catch (error) {
      if (!(error instanceof LostRace) || attempt >= TRIES_MAX) throw error;
    }
  }
}
