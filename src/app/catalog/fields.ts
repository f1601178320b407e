/** What people type into fields, parsed to values. A fault names the field it is about. */
import { parseAmount } from '../../domain/amount-input.ts';
import { containsCardNumber } from '../../domain/card-number.ts';
import { isCurrency } from '../../domain/currency.ts';
import { withAsciiDigits } from '../../domain/digits.ts';
import { fail, ok, type Result } from '../../domain/faults.ts';
import type { Money } from '../../domain/money.ts';
import { cleanText } from '../../domain/text.ts';

/** A reader's character may take several code points; beyond this it is paint, not text. */
const BYTES_PER_CHARACTER = 8;

type TextRules = { readonly max: number; readonly lines?: boolean; readonly optional?: boolean };

/** `max` counts what a reader counts as characters; `lines` keeps line breaks; an `optional` text may be empty. */
export function textField(
  field: string,
  raw: string,
  { max, lines = false, optional = false }: TextRules,
): Result<string> {
  const cleaned = cleanText(raw, { maxGraphemes: max, maxBytes: max * BYTES_PER_CHARACTER, multiline: lines });
  if (!cleaned.ok) {
    if (optional && cleaned.fault.code === 'text_empty') return ok('');
    return fail(cleaned.fault.code, { ...cleaned.fault.params, field });
  }
  if (containsCardNumber(cleaned.value)) return fail('card_number_typed', { field });
  return cleaned;
}

/** A whole number in digits of any script; null when nothing was typed. */
export function countField(field: string, raw: string, range: { min: number; max: number }): Result<number | null> {
  const typed = withAsciiDigits(raw).trim();
  if (typed === '') return ok(null);
  const count = /^\d{1,9}$/.test(typed) ? Number(typed) : undefined;
  if (count === undefined || count < range.min || count > range.max)
    return fail('quantity_invalid', { field, ...range });
  return ok(count);
}

export function amountField(field: string, raw: string, currency: string): Result<Money> {
  const parsed = parseAmount(raw, currency);
  if (!parsed.ok) return fail(parsed.fault.code, { ...parsed.fault.params, field });
  return ok(parsed.money);
}

/** Further currencies that a seller may name beside the community's own. */
const AMOUNTS_MAX = 10;
// A comma between two digits is part of an amount, any other comma stands between two amounts.
const betweenAmounts = /[;\n、؛]|(?<!\p{Nd})[,،，]|[,،，](?!\p{Nd})/u;

/**
 * "USD 13.00, EUR 12": amounts with their currency before or behind. One without a code is in `bare`, where that is given.
 * Each currency at most once.
 */
export function amountsField(field: string, raw: string, bare?: string): Result<readonly Money[]> {
  const parts = raw.split(betweenAmounts).map((part) => part.trim());
  const amounts: Money[] = [];
  for (const part of parts.filter((one) => one !== '')) {
    const named = /^([a-z]{3})(?![a-z])/i.exec(part) ?? /(?<![a-z])([a-z]{3})$/i.exec(part);
    const currency = named?.[1]?.toUpperCase() ?? bare;
    if (currency === undefined) return fail('currency_unknown', { field, currency: '' });
    if (!isCurrency(currency)) return fail('currency_unknown', { field, currency });
    const amount = amountField(field, part, currency);
    if (!amount.ok) return amount;
    if (amounts.some((one) => one.currency === currency) || amounts.length === AMOUNTS_MAX) {
      return fail('input_invalid', { field });
    }
    amounts.push(amount.value);
  }
  return ok(amounts);
}
