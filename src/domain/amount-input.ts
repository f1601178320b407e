import { exponentOf } from './currency.ts';
import type { Currency } from './currency.ts';
import { withAsciiDigits } from './digits.ts';
import type { Fault } from './faults.ts';
import { fromDecimal, toDecimal } from './money.ts';
import type { Money } from './money.ts';

/**
 * Why an amount that a person typed was refused. `grouped` and `decimal` are what an ambiguous one may mean, as plain
 * decimals: its separator taken as grouping, or as decimal point. `digits`: decimals that the currency has.
 */
export type AmountFault = Fault &
  (
    | { readonly code: 'amount_empty' | 'amount_not_a_number' | 'amount_too_large' | 'amount_negative' }
    | { readonly code: 'amount_ambiguous'; readonly params: { readonly grouped: string; readonly decimal: string } }
    | { readonly code: 'amount_too_precise'; readonly params: { readonly digits: number } }
  );

export type ParsedAmount =
  | { readonly ok: true; readonly money: Money }
  | { readonly ok: false; readonly fault: AmountFault };

// Marks that keyboards and copied text put around numbers in right-to-left scripts; they carry no amount.
const directionMarks = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

// Whole digits, then at most one separator with decimals: . , ' of western, Arabic, Persian and full-width keyboards.
const wholeAndDecimals = /^(\d+)(?:[.,\u00b7\u060c\u066b\u3001\u3002\uff0c\uff0e\uff61\uff64](\d+))?$/;

const minus = /^[-\u2010-\u2015\u2212\ufe63\uff0d]\s*|\s*[-\u2212\uff0d]$/g;

const SAFE_DIGITS_MAX = String(Number.MAX_SAFE_INTEGER).length;

/**
 * Reads an amount in major units as a person types it: digits of any script, at most one separator, the currency's own
 * code before or behind. No grouping, no symbols, no exponent notation. A separator before exactly three digits is
 * refused with both readings, unless the currency has three decimals: 1.234 is a thousand to one half of the world.
 */
export function parseAmount(text: string, currency: Currency): ParsedAmount {
  const exponent = exponentOf(currency);
  const typed = withoutCode(withAsciiDigits(text.replace(directionMarks, '')).trim(), currency);
  if (typed === '') return refuse({ code: 'amount_empty' });
  const unsigned = typed.replace(minus, '');
  const match = wholeAndDecimals.exec(unsigned);
  if (match === null) return refuse({ code: 'amount_not_a_number' });
  if (unsigned !== typed) return refuse({ code: 'amount_negative' });

  const units = (match[1] ?? '').replace(/^0+(?=\d)/, '');
  const decimals = match[2] ?? '';
  if (units.length + exponent > SAFE_DIGITS_MAX + 1) return refuse({ code: 'amount_too_large' });
  if (decimals.length === 3 && exponent !== 3) {
    const grouped = plain(`${units}${decimals}`.replace(/^0+(?=\d)/, ''), '', currency);
    return refuse({ code: 'amount_ambiguous', params: { grouped, decimal: plain(units, decimals, currency) } });
  }
  if (decimals.length > exponent) return refuse({ code: 'amount_too_precise', params: { digits: exponent } });
  if (!isSafe(units, decimals, exponent)) return refuse({ code: 'amount_too_large' });
  return { ok: true, money: fromDecimal(joined(units, decimals), currency) };
}

function refuse(fault: AmountFault): ParsedAmount {
  return { ok: false, fault };
}

function withoutCode(text: string, currency: Currency): string {
  const upper = text.toUpperCase();
  // Upper case may change the length of other scripts; then there is no code to take off.
  if (upper.length !== text.length) return text;
  if (upper.startsWith(currency)) return text.slice(currency.length).trim();
  if (upper.endsWith(currency)) return text.slice(0, -currency.length).trim();
  return text;
}

function joined(units: string, decimals: string): string {
  return decimals === '' ? units : `${units}.${decimals}`;
}

function isSafe(units: string, decimals: string, exponent: number): boolean {
  return BigInt(units + decimals.padEnd(exponent, '0')) <= BigInt(Number.MAX_SAFE_INTEGER);
}

/** A reading with the currency's own decimals; one that the currency cannot hold stays as it was typed. */
function plain(units: string, decimals: string, currency: Currency): string {
  const exponent = exponentOf(currency);
  if (decimals.length > exponent || !isSafe(units, decimals, exponent)) return joined(units, decimals);
  return toDecimal(fromDecimal(joined(units, decimals), currency));
}
