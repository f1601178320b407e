/** What the settings of Stripe mean, alone and together. */
import { isIP } from 'node:net';

/** Stripe's names of what its page can offer (`allowed_payment_method_types`). */
const METHODS: ReadonlySet<string> = new Set(
  (
    'acss_debit affirm afterpay_clearpay alipay alma amazon_pay au_becs_debit bacs_debit bancontact billie bizum blik boleto card ' +
    'cashapp crypto customer_balance eps fpx giropay grabpay ideal kakao_pay klarna konbini kr_card link mb_way mobilepay ' +
    'multibanco naver_pay nz_bank_account oxxo p24 pay_by_bank payco paynow paypal paypay payto pix promptpay revolut_pay ' +
    'samsung_pay satispay scalapay sepa_debit sequra sofort sunbit swish twint upi us_bank_account wechat_pay zip'
  ).split(' '),
);

const SECRET = /^whsec_[\w+/=-]{8,250}$/;

const partsOf = (text: string): readonly string[] => text.split(',').map((part) => part.trim());

export function webhookSecretsOf(text: string): readonly string[] | undefined {
  const secrets = partsOf(text);
  return secrets.every((one) => SECRET.test(one)) ? secrets : undefined;
}

export function methodsOf(text: string): readonly string[] | undefined {
  const methods = [...new Set(partsOf(text))];
  return methods.every((one) => METHODS.has(one)) ? methods : undefined;
}

export type StripeValues = {
  readonly STRIPE_SECRET_KEY?: string;
  readonly STRIPE_WEBHOOK_SECRET?: readonly string[];
  readonly STRIPE_API_BASE?: string;
  readonly STRIPE_PAYMENT_METHODS?: readonly string[];
  readonly STRIPE_ACCOUNTS?: 'market' | 'shops';
};
type StripeName = keyof StripeValues;

/** Null: not offered. */
export function stripeOf(values: StripeValues) {
  const { STRIPE_SECRET_KEY: secretKey } = values;
  if (secretKey === undefined) return null;
  return {
    secretKey,
    webhookSecrets: values.STRIPE_WEBHOOK_SECRET ?? [],
    apiBase: values.STRIPE_API_BASE,
    paymentMethods: values.STRIPE_PAYMENT_METHODS,
    accounts: values.STRIPE_ACCOUNTS ?? 'market',
  } as const;
}

type Around = {
  readonly stripe: ReturnType<typeof stripeOf>;
  readonly demo: string;
  readonly publicUrl: string | null;
};

/** Half a configuration, and real money where anybody plays. `given`: set, and readable; `unread`: set, and not. */
export function stripeClashes(
  { stripe, demo, publicUrl }: Around,
  given: (name: StripeName) => boolean,
  unread: (name: StripeName) => boolean,
): string[] {
  if (!stripe) {
    if (unread('STRIPE_SECRET_KEY')) return [];
    const others = (['STRIPE_WEBHOOK_SECRET', 'STRIPE_API_BASE', 'STRIPE_PAYMENT_METHODS'] as const).filter(given);
    return others.map(
      (name) => `${name} is set but STRIPE_SECRET_KEY is not: set both, or neither to do without Stripe.`,
    );
  }
  const faults: string[] = [];
  const live = /_live_/.test(stripe.secretKey);
  if (
    stripe.webhookSecrets.length === 0 &&
    !unread('STRIPE_WEBHOOK_SECRET') &&
    publicUrl !== null &&
    isReachable(publicUrl)
  ) {
    faults.push(
      `STRIPE_SECRET_KEY is set but STRIPE_WEBHOOK_SECRET is not, and Stripe can reach ${publicUrl}: make a webhook to ` +
        `${publicUrl}/webhooks/stripe in its Dashboard and set STRIPE_WEBHOOK_SECRET to its signing secret. ` +
        '(Only where Stripe cannot reach us is it asked instead.)',
    );
  }
  if (live && demo !== 'off' && !unread('STRIPE_SECRET_KEY')) {
    faults.push(
      'STRIPE_SECRET_KEY is a live key and DEMO is on: in the demo anybody takes any role. Use a test key (sk_test_...), or set DEMO=off.',
    );
  }
  if (live && (stripe.apiBase?.startsWith('http://') ?? false)) {
    faults.push(
      'STRIPE_API_BASE is not https and STRIPE_SECRET_KEY is a live key: it would travel in clear. Use a test key there.',
    );
  }
  return faults;
}

/** By https, under a name or address of the wide world. */
function isReachable(publicUrl: string): boolean {
  const { protocol, hostname } = new URL(publicUrl);
  const own = hostname === 'localhost' || hostname.endsWith('.localhost') || hostname.endsWith('.local');
  return protocol === 'https:' && !own && !isPrivate(hostname);
}

function isPrivate(hostname: string): boolean {
  if (isIP(hostname) === 4) return /^(?:10|127|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))\./.test(hostname);
  return /^\[(?:::1\]|f[cd]|fe[89ab])/.test(hostname);
}
