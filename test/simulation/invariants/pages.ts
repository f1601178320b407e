import { always } from '../engine/invariant.ts';

export const invariant = always(
  'where we say that an attempt is over, nobody can pay at the bank any more',
  (stage) => {
    // With two clocks that differ, a page may be opened behind our back for as long as they do.
    if (stage.skewMax() > 0) return [];
    // A request that the bank carries out after we have given it up opens a page whose link nobody was ever given.
    const seen = new Set(stage.memory.pages());
    const open = stage.bank
      .checkouts()
      .filter(({ id, state, expiresAt }) => state === 'open' && seen.has(id) && expiresAt > stage.schedule.now());
    return open.flatMap(({ id, reference }) => {
      const [attempt] = stage.rows('select state from attempts where reference = ?', [reference]);
      const state = String(attempt?.['state']);
      return ['failed', 'expired', 'cancelled'].includes(state) ? [`page ${id} is open, its attempt is ${state}`] : [];
    });
  },
);
