/**
 * The bot's Star transactions, which Telegram gives oldest first, by offset, and in no other way. The past does not change, so the
 * place where a time begins is found by halving, and the last place known is where the next search starts.
 */
import { type BotApi, type Reply, STAR_PAGE, type StarTransaction } from './api.ts';

/** Telegram's clock and ours may differ by this much. */
const SKEW_MS = 5 * 60_000;
const PAGES_MAX = 100;
const OFFSET_MAX = 2 ** 30;

export type StarHistory = {
  /** From so long ago on, oldest first, until `enough` says so. Undefined when the whole could not be read. */
  since(from: number, enough?: (one: StarTransaction) => boolean): Promise<readonly StarTransaction[] | undefined>;
};

const msOf = (one: StarTransaction): number => one.date * 1000;

export function createStarHistory(api: BotApi): StarHistory {
  /** A transaction stands at `offset` and is as old as `at`. */
  let known = { offset: 0, at: Number.NEGATIVE_INFINITY };

  /** The first offset whose transaction is not older than `from`, or the end; undefined when there was no clear answer. */
  const startOf = async (from: number): Promise<number | undefined> => {
    let low = known.at < from ? known.offset : 0;
    let step = 1;
    let high = low;
    for (;;) {
      const probe = await api.starTransactions(high, 1);
      if (probe.kind !== 'answered') return undefined;
      const [one] = probe.value;
      if (!one || msOf(one) >= from) break;
      known = { offset: high, at: msOf(one) };
      low = high + 1;
      high += step;
      step *= 2;
      if (high > OFFSET_MAX) return undefined;
    }
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const probe = await api.starTransactions(middle, 1);
      if (probe.kind !== 'answered') return undefined;
      const [one] = probe.value;
      if (one && msOf(one) < from) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    async since(from, enough = () => false) {
      const read: StarTransaction[] = [];
      let offset = await startOf(from - SKEW_MS);
      for (let page = 1; page <= PAGES_MAX && offset !== undefined; page++) {
        const rows = valueOf(await api.starTransactions(offset, STAR_PAGE));
        if (!rows) return undefined;
        read.push(...rows);
        if (rows.length < STAR_PAGE || rows.some((row) => enough(row))) return read;
        offset += rows.length;
      }
      return undefined;
    },
  };
}

const valueOf = <T>(reply: Reply<T>): T | undefined => (reply.kind === 'answered' ? reply.value : undefined);
