/**
 * Stripe: Checkout's own page, cards and everything else that the account has switched on. Money arrives at the account of the one
 * merchant whose key it is, or at each shop's own connected account.
 */
import type { ChannelCapabilities, PaymentChannel } from '../../ports/payment-channel.ts';
import { createAccountDesk } from './accounts.ts';
import { CURRENCIES, LIMITS } from './amounts.ts';
import { type Client, createClient, type StripeSettings } from './client.ts';
import { disputeOf, readDispute } from './disputes.ts';
import { readNotice } from './notice.ts';
import { assertOurs, marketAccountRef } from './ours.ts';
import { cancelPayment, createPayment, retrievePayment } from './payments.ts';
import { createRefund, retrieveRefund } from './refunds.ts';
import { fetchStatement } from './statement.ts';

const PAGE_ORIGIN = 'https://checkout.stripe.com';
const ONBOARDING_ORIGIN = 'https://connect.stripe.com';
const HOUR_MS = 60 * 60_000;

/** Throws RangeError on a key that is none. */
export function createStripeChannel(settings: StripeSettings): PaymentChannel {
  const client = createClient(settings);
  const { webhookSecrets, accounts } = settings;
  return {
    code: 'stripe',
    capabilities: capabilitiesOf(settings),
    ...(accounts === 'market' ? { accountRef: (shopId: string) => marketAccountRef(client, shopId) } : {}),
    ...(accounts === 'shops' ? { accounts: createAccountDesk(client) } : {}),
    createPayment: (request) => createPayment(client, settings, request),
    retrievePayment: (ref) => retrievePayment(client, ref),
    cancelPayment: (ref) => cancelPayment(client, ref),
    createRefund: (request) => createRefund(client, request),
    retrieveRefund: (ref) => retrieveRefund(client, ref),
    ...(webhookSecrets.length > 0 ? { verifyNotice: (raw) => readNotice(client, webhookSecrets, raw) } : {}),
    retrieveDispute: (ref) => retrieveDispute(client, ref),
    fetchStatement: (query) => fetchStatement(client, query),
  };
}

function capabilitiesOf({ accounts, webhookSecrets, apiBase }: StripeSettings): ChannelCapabilities {
  return {
    currencies: CURRENCIES,
    ...LIMITS,
    goods: 'all',
    nativeInvoice: null,
    paidTo: accounts === 'market' ? 'market' : 'shop',
    onboarding: accounts === 'shops',
    onboardingOrigins: [ONBOARDING_ORIGIN, ...(apiBase === undefined ? [] : [apiBase])],
    canBeAsked: true,
    webhook: webhookSecrets.length > 0,
    refunds: 'automatic',
    partialRefund: true,
    refundWindowDays: 180,
    hostedPage: true,
    keepsOrderOpenMs: null,
    // Nothing is paid on a closed page. What was begun before is pending, and asked about as long as it is.
    lateTailMs: HOUR_MS,
    checkoutOrigins: apiBase === undefined ? [PAGE_ORIGIN] : [PAGE_ORIGIN, apiBase],
  };
}

async function retrieveDispute(
  client: Client,
  { account, channelRef }: Parameters<NonNullable<PaymentChannel['retrieveDispute']>>[0],
) {
  assertOurs(client, account);
  const found = await readDispute(client, account, channelRef);
  return typeof found === 'string' ? undefined : disputeOf(found);
}
