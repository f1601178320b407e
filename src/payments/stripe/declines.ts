/** Why a card was refused, in our words (https://docs.stripe.com/declines/codes). What is not named here is `declined`. */
import type { DeclineCode } from '../../ports/payment-channel.ts';

const MEANINGS: Readonly<Partial<Record<DeclineCode, string>>> = {
  insufficient_funds: 'insufficient_funds',
  expired_card: 'expired_card invalid_expiry_month invalid_expiry_year',
  incorrect_cvc: 'incorrect_cvc invalid_cvc',
  incorrect_details:
    'incorrect_number invalid_number incorrect_zip incorrect_address incorrect_pin invalid_pin offline_pin_required ' +
    'pin_try_exceeded online_or_offline_pin_required invalid_account invalid_amount postal_code_invalid',
  processing_error:
    'processing_error reenter_transaction try_again_later approve_with_id payment_intent_payment_attempt_failed',
  bank_unavailable: 'issuer_not_available payment_intent_payment_attempt_expired payment_method_provider_timeout',
  // What the bank says of such a card is not for whoever holds it: both are told in the same words as a plain refusal would be.
  lost_or_stolen: 'lost_card stolen_card pickup_card restricted_card',
  card_not_supported:
    'card_not_supported currency_not_supported transaction_not_allowed service_not_allowed not_permitted ' +
    'payment_method_not_available payment_method_currency_mismatch',
  authentication_required:
    'authentication_required payment_intent_authentication_failure authentication_not_handled mobile_device_authentication_required',
  limit_exceeded:
    'card_velocity_exceeded withdrawal_count_limit_exceeded payment_method_limit_exceeded amount_too_large',
  suspected_fraud: 'fraudulent highest_risk_level elevated_risk_level merchant_blacklist security_violation rule',
  abandoned: 'payment_method_customer_decline',
};

const BY_CODE: ReadonlyMap<string, DeclineCode> = new Map(
  (Object.keys(MEANINGS) as DeclineCode[]).flatMap((meaning) =>
    (MEANINGS[meaning] ?? '').split(' ').map((code) => [code, meaning] as const),
  ),
);

/** The bank's own word says more than Stripe's. */
export function declineCodeOf(error: { code?: string | undefined; decline_code?: string | undefined }): DeclineCode {
  return BY_CODE.get(error.decline_code ?? '') ?? BY_CODE.get(error.code ?? '') ?? 'declined';
}
