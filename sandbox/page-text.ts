import * as iso from 'dinero.js/currencies';
import type { DeclineCode } from './objects.ts';

/** What each way of being declined means to the person who pays. */
export const DECLINES: Readonly<Record<DeclineCode, { choice: string; said: string }>> = {
  insufficient_funds: { choice: 'Not enough money', said: 'The card does not have enough money on it.' },
  card_declined: { choice: 'Card declined', said: 'The bank said no and gave no reason.' },
  expired_card: { choice: 'Card expired', said: 'The card has expired.' },
  suspected_fraud: { choice: 'Suspected fraud', said: 'The bank stopped it to protect the card.' },
  bank_unavailable: { choice: 'Bank unreachable', said: 'The bank could not be reached.' },
};

// XTR and BTC are no ISO currencies but are paid with all the same.
const EXPONENTS: ReadonlyMap<string, number> = new Map([
  ...Object.values(iso).map(({ code, exponent }): [string, number] => [code, exponent]),
  ['XTR', 0],
  ['BTC', 8],
]);

/** Minor units as people read them: exact, by decimal string, never through a float. */
export function showAmount(amount: number, currency: string): string {
  const exponent = EXPONENTS.get(currency) ?? 2;
  const digits = String(Math.abs(amount)).padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const decimal = exponent === 0 ? whole : `${whole}.${digits.slice(-exponent)}`;
  const places = { minimumFractionDigits: exponent, maximumFractionDigits: exponent };
  const number = new Intl.NumberFormat('en', places).format(`${amount < 0 ? '-' : ''}${decimal}` as `${number}`);
  const symbol = SYMBOLS.get(currency);
  if (symbol === undefined) return `${currency} ${number}`;
  return amount < 0 ? `-${symbol}${number.slice(1)}` : `${symbol}${number}`;
}

const SYMBOLS: ReadonlyMap<string, string> = new Map([
  ['EUR', '€'],
  ['USD', 'US$'],
  ['GBP', '£'],
]);

export function showSeconds(milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1_000));
  return seconds === 1 ? '1 second' : `${seconds} seconds`;
}

/** "14:32 UTC": the page has no script to learn the buyer's zone from. */
export function showTime(instant: number): string {
  return new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'UTC',
    timeZoneName: 'short',
  }).format(instant);
}
