/** Money, numbers, instants and lists the viewer's way. */
import { exponentOf } from '../domain/currency.ts';
import { type Money, toDecimal } from '../domain/money.ts';
import type { Formats } from '../ports/words.ts';
import { dirOf, formatTag, languages } from './texts.ts';

/** Units that Intl does not know: the amount goes in the place of the star. */
const PATTERNS: Readonly<Record<string, string>> = { XTR: '⭐ *', BTC: '₿ *' };

/** Short signs that several currencies share; these are shown the longer way, which tells them apart. */
const SHARED_SIGNS: ReadonlySet<string> = new Set(['$', '¥', '£', 'kr', 'kr.', 'Rs', 'Rs.', 'K', 'L', '¤']);

const made = new Map<string, Formats>();
const FORMATS_MAX = 500;

/** The formats of a language in a time zone. RangeError on a time zone that the runtime does not know. */
export function formats(locale: string, timeZone: string): Formats {
  const key = `${locale} ${timeZone}`;
  const known = made.get(key);
  if (known) return known;
  // A bound, not a policy: a process sees few zones.
  if (made.size >= FORMATS_MAX) made.clear();
  const fresh = makeFormats(formatTag(locale), timeZone);
  made.set(key, fresh);
  return fresh;
}

function makeFormats(tag: string, timeZone: string): Formats {
  const date = new Intl.DateTimeFormat(tag, { timeZone, dateStyle: 'medium' });
  const time = new Intl.DateTimeFormat(tag, { timeZone, timeStyle: 'short' });
  const dateTime = new Intl.DateTimeFormat(tag, { timeZone, dateStyle: 'medium', timeStyle: 'short' });
  const lists = {
    and: new Intl.ListFormat(tag, { type: 'conjunction' }),
    or: new Intl.ListFormat(tag, { type: 'disjunction' }),
  };
  const names = new Intl.DisplayNames(tag, { type: 'currency' });
  const whole = new Intl.NumberFormat(tag);
  const rates = new Intl.NumberFormat(tag, { maximumSignificantDigits: 6 });
  const moneyFormats = new Map<string, (text: string) => string>();
  return {
    dir: dirOf(tag),
    money(money) {
      const write = moneyFormats.get(money.currency) ?? moneyFormat(tag, money.currency);
      moneyFormats.set(money.currency, write);
      return write(toDecimal(money));
    },
    plain: (money: Money) => toDecimal(money),
    number: (value) => whole.format(value),
    rate: (value) => exact(rates, value),
    date: (at) => date.format(at),
    time: (at) => time.format(at),
    dateTime: (at) => dateTime.format(at),
    list: (items, join) => lists[join].format(items),
    currencyName: (code) => (PATTERNS[code] === undefined ? (names.of(code) ?? code) : code),
    languages,
  };
}

/** Intl reads a decimal string digit by digit, without making a float of it. */
const exact = (format: Intl.NumberFormat, text: string): string => format.format(text as Intl.StringNumericLiteral);

function moneyFormat(tag: string, currency: string): (text: string) => string {
  const digits = exponentOf(currency);
  const places = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const pattern = PATTERNS[currency];
  if (pattern !== undefined) {
    const numbers = new Intl.NumberFormat(tag, places);
    return (text) => pattern.replace('*', () => exact(numbers, text)).replace(' ', '\u00a0');
  }
  const short = new Intl.NumberFormat(tag, { style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...places });
  const sign = short.formatToParts(0).find((part) => part.type === 'currency')?.value ?? currency;
  const format = SHARED_SIGNS.has(sign)
    ? new Intl.NumberFormat(tag, { style: 'currency', currency, ...places })
    : short;
  return (text) => exact(format, text);
}
