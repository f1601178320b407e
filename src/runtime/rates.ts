/** Where "about" comes from: a dated table of our own, or the European Central Bank's daily file when asked for. */
import { assertRate, type Rate, rateBetween } from '../domain/rates.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import table from './rates-table.json' with { type: 'json' };

const ECB_SOURCE = 'ECB reference rates';
const ECB_BASE_URL = 'https://data-api.ecb.europa.eu';
const ECB_PATH = '/service/data/EXR/D..EUR.SP00.A?lastNObservations=1&detail=dataonly&format=csvdata';
const FETCH_TIMEOUT_MS = 10_000;
const ANSWER_BYTES_MAX = 1_000_000;
const ECB_FEWEST_RATES = 10;
const REFRESH_MS = 6 * 3_600_000;
const RETRY_MS = 15 * 60_000;
const STALE_AFTER_MS = 5 * 86_400_000;

/** Reads memory only. `find` answers the same rate until a newer table has arrived. */
export type LiveRates = {
  find(base: string, quote: string): Rate | undefined;
  stop(): void;
};

export function tableRates(): LiveRates {
  const rates = tableOf();
  return { find: finder(() => [rates]), stop: () => undefined };
}

export type EcbOptions = { readonly clock: Clock; readonly log: Log; readonly baseUrl?: string };

/** Fetches at once and then a few times a day. What the bank has not (yet) told comes from the table, with the table's date. */
export function ecbRates({
  clock,
  log,
  baseUrl = ECB_BASE_URL,
}: EcbOptions): LiveRates & { refresh(): Promise<boolean> } {
  const fallback = tableOf();
  let fetched: readonly Rate[] = [];
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const refresh = async () => {
    try {
      fetched = await fetchEcb(baseUrl);
      const asOf = Math.max(...fetched.map((rate) => rate.asOf));
      if (clock.now() - asOf > STALE_AFTER_MS)
        log.warn({ asOf: iso(asOf), source: ECB_SOURCE }, 'exchange rates are stale');
      else log.info({ asOf: iso(asOf), count: fetched.length }, 'exchange rates fetched');
      return true;
    } catch (error) {
      log.warn(
        { err: error, source: ECB_SOURCE, count: fetched.length },
        'exchange rates not fetched: the older ones stay',
      );
      return false;
    }
  };
  const again = async () => {
    const done = await refresh();
    if (!stopped) timer = setTimeout(() => void again(), done ? REFRESH_MS : RETRY_MS).unref();
  };
  void again();
  return {
    find: finder(() => [fetched, fallback]),
    refresh,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** The first table that knows both currencies answers; two tables of different days are never crossed. */
function finder(tables: () => readonly (readonly Rate[])[]): LiveRates['find'] {
  return (base, quote) => {
    for (const rates of tables()) {
      const found = rateBetween(rates, base, quote);
      if (found) return found;
    }
    return undefined;
  };
}

function tableOf(): readonly Rate[] {
  const asOf = instantOf(table.day);
  return table.sources.flatMap(({ source, rates }) =>
    Object.entries(rates).map(([quote, rate]) => checked({ base: table.base, quote, rate, source, asOf })),
  );
}

async function fetchEcb(baseUrl: string): Promise<readonly Rate[]> {
  const answer = await fetch(new URL(ECB_PATH, baseUrl), {
    headers: { accept: 'text/csv' },
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
    redirect: 'error',
  });
  if (!answer.ok) throw new Error(`The ECB answered ${answer.status}.`);
  const text = await answer.text();
  if (text.length > ANSWER_BYTES_MAX) throw new Error(`The ECB answered with ${text.length} characters.`);
  const rates = await parseEcb(text);
  if (rates.length < ECB_FEWEST_RATES) throw new Error(`The ECB's answer holds ${rates.length} rates.`);
  return rates;
}

/** Columns are found by their names. A row that is not a rate of a currency we know is left out. */
async function parseEcb(text: string): Promise<readonly Rate[]> {
  const { parse } = await import('csv-parse/sync');
  const rows: Record<string, string>[] = parse(text, { columns: true, skip_empty_lines: true, bom: true, trim: true });
  return rows.flatMap((row) => {
    const { CURRENCY: quote = '', CURRENCY_DENOM: base = '', TIME_PERIOD: day = '', OBS_VALUE: rate = '' } = row;
    try {
      return base === 'EUR' ? [checked({ base, quote, rate, source: ECB_SOURCE, asOf: instantOf(day) })] : [];
    } catch {
      return [];
    }
  });
}

function checked(rate: Rate): Rate {
  assertRate(rate);
  return rate;
}

/** The bank publishes at about four in the afternoon of its own time zone. */
function instantOf(day: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: 'Europe/Berlin', plainTime: '16:00' })
    .epochMilliseconds;
}

const iso = (instant: number): string => new Date(instant).toISOString();
