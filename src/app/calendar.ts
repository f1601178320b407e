/** Calendar days and clock times of a community's own zone. Instants are ms since 1970; a day is "2026-11-30". */

const WRITTEN_DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

export function dayOf(at: number, timeZone: string): string {
  return zoned(at, timeZone).toPlainDate().toString();
}

/** Undefined for what no calendar has. Digits and dashes only. */
export function readDay(text: string): string | undefined {
  const typed = text.trim();
  if (!WRITTEN_DAY.test(typed)) return undefined;
  try {
    return Temporal.PlainDate.from(typed, { overflow: 'reject' }).toString();
  } catch {
    return undefined;
  }
}

/** The first instant of the day: not everywhere and always midnight. */
export function startOfDay(day: string, timeZone: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime(timeZone).epochMilliseconds;
}

export function addDays(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

/** The first day of the month that lies so many months from this day's. */
export function monthStart(day: string, months: number): string {
  return Temporal.PlainDate.from(day).with({ day: 1 }).add({ months }).toString();
}

export function daysBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(to, { largestUnit: 'day' }).days;
}

/** "2026-11-20T20:00:00+08:00": the clock on the wall there, and how far it is from Greenwich. */
export function stampOf(at: number, timeZone: string): string {
  return zoned(at, timeZone).toString({ smallestUnit: 'second', timeZoneName: 'never' });
}

const zoned = (at: number, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);

const DAYS_AHEAD_MAX = 3;

/**
 * The first instant after `now` at which the clock there shows this minute of a day. Once a calendar day: a time that the clock leaps over comes
 * as much later, and of one that it shows twice the first counts.
 */
export function nextClock(now: number, minuteOfDay: number, timeZone: string): number {
  const plainTime = { hour: Math.floor(minuteOfDay / 60), minute: minuteOfDay % 60 };
  const today = zoned(now, timeZone).toPlainDate();
  for (let days = 0; days <= DAYS_AHEAD_MAX; days++) {
    const at = today.add({ days }).toZonedDateTime({ timeZone, plainTime }).epochMilliseconds;
    if (at > now) return at;
  }
  throw new RangeError(`${timeZone} has no clock that goes on`);
}
