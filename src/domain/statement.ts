/** How a channel's statement and our journal are compared: the words for what is found, and which entry answers which line. */
import type { EntryKind } from './ledger.ts';

/** `timing`: both sides know of it, on different days, or the other side may still be on its way. */
export const BREAK_KINDS = [
  'missing_internal', // money at the channel that is nowhere here
  'missing_channel', // money here that the channel never told of
  'amount_mismatch',
  'currency_mismatch',
  'fee_mismatch',
  'status_mismatch', // the same thing, and the two sides disagree about what became of it
  'duplicate', // a second line for what was told already
] as const;
export type BreakKind = (typeof BREAK_KINDS)[number];
export type LineResult = 'matched' | 'timing' | BreakKind;

export const LINE_KINDS = [
  ...(['payment', 'fee', 'refund', 'refund_failed', 'dispute', 'dispute_reversed'] as const),
  ...(['payout', 'payout_failed', 'adjustment'] as const),
] as const;
export type LineKind = (typeof LINE_KINDS)[number];

/** Entries that a line of the statement must answer, and its kind. A fee of a payment is compared with the payment. */
export const ANSWERED_BY = {
  captured: 'payment',
  captured_to_suspense: 'payment',
  refund_succeeded: 'refund',
  refund_bounced: 'refund_failed',
  dispute_withdrawn: 'dispute',
  dispute_reinstated: 'dispute_reversed',
  dispute_fee: 'fee',
} as const satisfies Partial<Record<EntryKind, LineKind>>;

const DAY_MS = 24 * 60 * 60 * 1000;
/** So long after a channel's day ended, nothing of it is on its way any more: what is not told of by then is missing. */
export const SLA_MS = 2 * DAY_MS;

/** A channel's day, "2026-11-20": from midnight to midnight UTC, the zone that every statement here is drawn up in. */
export function dayBounds(day: string): { readonly from: number; readonly to: number } | undefined {
  const [, y = '', m = '', d = ''] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  if (y === '') return undefined;
  const from = daysSince1970(Number(y), Number(m), Number(d)) * DAY_MS;
  // 31 June counts on into July: what does not read back as it was written is no day.
  return dayOf(from) === day ? { from, to: from + DAY_MS } : undefined;
}

/** Of a civil date; the year begins in March, so that the leap day is its last. */
function daysSince1970(civilYear: number, month: number, dayOfMonth: number): number {
  const year = month <= 2 ? civilYear - 1 : civilYear;
  const era = Math.floor(year / 400);
  const yoe = year - era * 400;
  const doy = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + dayOfMonth - 1;
  const doe = yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + doy;
  return era * 146_097 + doe - 719_468;
}

/** The channel-day of an instant: each instant is in exactly one. */
export function dayOf(at: number): string {
  const days = Math.floor(at / DAY_MS);
  // The other way round, by eras of 400 years.
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const doe = z - era * 146_097;
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365);
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const dayOfMonth = doy - Math.floor((153 * mp + 2) / 5) + 1;
  const month = mp < 10 ? mp + 3 : mp - 9;
  const year = yoe + era * 400 + (month <= 2 ? 1 : 0);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(dayOfMonth)}`;
}
