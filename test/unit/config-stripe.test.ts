import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';

const KEY = 'sk_test_51abcdefghijkl';
const SECRET = 'whsec_0123456789abcdef0123456789abcdef';
const PUBLIC = {
  DEMO: 'off',
  PUBLIC_URL: 'https://market.example.org',
  SECRET_KEY: 'a root key for tests and long enough to be one',
};

function faultsOf(env: Record<string, string>): readonly string[] {
  const result = readConfig(env);
  return result.ok ? [] : result.faults;
}
function stripeOf(env: Record<string, string>) {
  const result = readConfig(env);
  if (!result.ok) throw new Error(result.faults.join('\n'));
  return result.config.stripe;
}

describe('Stripe', () => {
  test('is not there without its key', () => {
    expect(stripeOf({})).toBeNull();
    expect(stripeOf({ STRIPE_SECRET_KEY: ' ', STRIPE_WEBHOOK_SECRET: '', STRIPE_ACCOUNTS: 'market' })).toBeNull();
  });

  test('with its key alone is asked, where it could not reach us anyway', () => {
    const alone = { secretKey: KEY, webhookSecrets: [], accounts: 'market' };
    expect(stripeOf({ STRIPE_SECRET_KEY: KEY })).toMatchObject(alone);
    for (const url of [
      'http://market.example.org',
      'https://localhost',
      'https://pasar.local',
      'https://10.1.2.3',
      'https://[::1]:8443',
    ])
      expect(stripeOf({ ...PUBLIC, PUBLIC_URL: url, STRIPE_SECRET_KEY: KEY })).toMatchObject(alone);
  });

  test('takes several secrets, methods by name, whose accounts, and another server', () => {
    const settings = {
      STRIPE_SECRET_KEY: KEY,
      STRIPE_WEBHOOK_SECRET: `${SECRET}, ${SECRET}0`,
      STRIPE_PAYMENT_METHODS: 'card, alipay,wechat_pay,card',
      STRIPE_ACCOUNTS: 'shops',
      STRIPE_API_BASE: 'http://127.0.0.1:12111/',
    };
    expect(stripeOf(settings)).toEqual({
      secretKey: KEY,
      webhookSecrets: [SECRET, `${SECRET}0`],
      paymentMethods: ['card', 'alipay', 'wechat_pay'],
      accounts: 'shops',
      apiBase: 'http://127.0.0.1:12111',
    });
  });

  test('puts the sandbox aside, unless it is asked for', () => {
    const sandboxOf = (env: Record<string, string>) => {
      const result = readConfig(env);
      return result.ok && result.config.sandbox;
    };
    expect(sandboxOf({})).toBe(true);
    expect(sandboxOf({ STRIPE_SECRET_KEY: KEY })).toBe(false);
    expect(sandboxOf({ STRIPE_SECRET_KEY: KEY, SANDBOX: 'on' })).toBe(true);
  });

  test.each([
    [{ STRIPE_WEBHOOK_SECRET: SECRET }, 'STRIPE_WEBHOOK_SECRET is set but STRIPE_SECRET_KEY is not'],
    [{ STRIPE_PAYMENT_METHODS: 'card' }, 'STRIPE_PAYMENT_METHODS is set but STRIPE_SECRET_KEY is not'],
    [{ STRIPE_API_BASE: 'http://127.0.0.1:1' }, 'STRIPE_API_BASE is set but STRIPE_SECRET_KEY is not'],
    [{ ...PUBLIC, STRIPE_SECRET_KEY: KEY }, 'STRIPE_SECRET_KEY is set but STRIPE_WEBHOOK_SECRET is not'],
    [{ STRIPE_SECRET_KEY: 'sk_live_51abcdefghijkl' }, 'STRIPE_SECRET_KEY is a live key and DEMO is on'],
    [{ STRIPE_SECRET_KEY: 'sk_live_51abcdefghijkl', DEMO: 'public' }, 'STRIPE_SECRET_KEY is a live key and DEMO is on'],
    [
      {
        ...PUBLIC,
        STRIPE_SECRET_KEY: 'rk_live_51abcdefghijkl',
        STRIPE_WEBHOOK_SECRET: SECRET,
        STRIPE_API_BASE: 'http://proxy.example.org',
      },
      'STRIPE_API_BASE is not https',
    ],
    [{ STRIPE_SECRET_KEY: 'changeme' }, 'STRIPE_SECRET_KEY is not usable'],
    [{ STRIPE_SECRET_KEY: 'pk_test_51abcdefghijkl' }, 'STRIPE_SECRET_KEY is not usable'],
    [{ STRIPE_SECRET_KEY: KEY, STRIPE_WEBHOOK_SECRET: 'changeme' }, 'STRIPE_WEBHOOK_SECRET is not usable'],
    [{ STRIPE_SECRET_KEY: KEY, STRIPE_WEBHOOK_SECRET: `${SECRET},` }, 'STRIPE_WEBHOOK_SECRET is not usable'],
    [{ STRIPE_SECRET_KEY: KEY, STRIPE_PAYMENT_METHODS: 'apple_pay' }, 'STRIPE_PAYMENT_METHODS is "apple_pay"'],
    [{ STRIPE_SECRET_KEY: KEY, STRIPE_ACCOUNTS: 'both' }, 'STRIPE_ACCOUNTS is "both"'],
  ])('refuses %j', (env, says) => {
    const faults = faultsOf(env);
    expect(faults.join('\n')).toContain(says);
    for (const fault of faults) expect(fault).not.toMatch(/51abcdefghijkl|0123456789abcdef|changeme/);
  });
});
