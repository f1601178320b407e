/**
 * A fault is an expected refusal: a value with a closed code and the facts a person needs to understand it.
 * Every code has a text in every language (`fault.<code>`), an HTTP status, and an answer to "was money taken?".
 */
export type Fault = { readonly code: FaultCode; readonly params?: Readonly<Record<string, string | number>> };

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const fail = (
  code: FaultCode,
  params?: Readonly<Record<string, string | number>>,
): { ok: false; fault: Fault } => ({
  ok: false,
  fault: params ? { code, params } : { code },
});

/** status: what HTTP says. level: how loud the log is. */
type FaultFacts = {
  readonly status: 400 | 401 | 403 | 404 | 409 | 410 | 413 | 422 | 429 | 503;
  readonly level: 'debug' | 'info' | 'warn';
};

const refused = { status: 422, level: 'debug' } as const;
const conflict = { status: 409, level: 'debug' } as const;
const forbidden = { status: 403, level: 'info' } as const;

export const FAULTS = {
  // what was typed
  input_invalid: { status: 400, level: 'debug' },
  amount_empty: refused,
  amount_not_a_number: refused,
  amount_ambiguous: refused,
  amount_too_precise: refused,
  amount_too_large: refused,
  amount_negative: refused,
  text_empty: refused,
  text_too_long: refused,
  card_number_typed: refused,
  image_not_supported: refused,
  image_too_large: { status: 413, level: 'debug' },
  currency_unknown: refused,
  time_zone_unknown: refused,
  day_unknown: refused,
  options_too_many: refused,
  codes_missing: refused,
  codes_repeated: refused,
  quantity_invalid: refused,
  price_missing: refused,
  // who asks
  not_allowed: forbidden,
  not_yours: forbidden,
  not_found: { status: 404, level: 'debug' },
  button_expired: { status: 410, level: 'debug' },
  button_of_another: forbidden,
  session_missing: { status: 401, level: 'debug' },
  too_fast: { status: 429, level: 'info' },
  key_reused: { status: 409, level: 'warn' },
  // what is sold
  shop_not_approved: conflict,
  shop_frozen: conflict,
  product_paused: conflict,
  product_frozen: conflict,
  product_gone: conflict,
  already_reported: conflict,
  already_applied: conflict,
  sold_out: conflict,
  stock_short: conflict,
  stock_below_held: conflict,
  limit_per_person: conflict,
  currency_not_priced: conflict,
  platform_price_missing: conflict,
  market_must_collect: conflict,
  chat_not_open: conflict,
  digital_separately: conflict,
  price_changed: conflict,
  // orders
  basket_empty: conflict,
  basket_other_shop: conflict,
  too_many_open_orders: conflict,
  delivery_missing: conflict,
  address_missing: conflict,
  order_not_open: conflict,
  order_expired: conflict,
  order_already_paid: conflict,
  order_not_cancellable: conflict,
  order_not_shippable: conflict,
  order_not_receivable: conflict,
  period_invalid: refused,
  time_invalid: refused,
  bill_to_oneself: conflict,
  bill_of_nothing: refused,
  person_unknown: conflict,
  too_many_bills: conflict,
  order_code_unknown: conflict,
  order_twice: conflict,
  order_sent_already: conflict,
  order_not_sent_by_post: conflict,
  // money
  channel_unavailable: { status: 503, level: 'warn' },
  channel_refused: conflict,
  payment_in_progress: conflict,
  invoice_unknown: conflict,
  invoice_of_another: forbidden,
  payment_unknown: { status: 503, level: 'warn' },
  amount_below_minimum: conflict,
  amount_above_maximum: conflict,
  amount_not_chargeable: conflict,
  confirm_needs_second_person: conflict,
  confirm_same_person: forbidden,
  coupon_unknown: refused,
  coupon_not_here: refused,
  coupon_min_spend: refused,
  coupon_used_up: conflict,
  coupon_conflict: conflict,
  coupon_code_taken: conflict,
  coupon_value_invalid: refused,
  refund_too_much: conflict,
  refund_not_possible: conflict,
  refund_full_only: conflict,
  refund_window_over: conflict,
  // being forgotten
  erase_orders_open: conflict,
  erase_money_open: conflict,
  erase_runs_shop: conflict,
  erase_runs_market: conflict,
  refund_request_open: conflict,
  refund_request_over: conflict,
  refund_request_with_stewards: conflict,
  rate_stale: { status: 503, level: 'warn' },
} as const satisfies Record<string, FaultFacts>;

export type FaultCode = keyof typeof FAULTS;
