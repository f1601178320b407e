/** Every setting of the environment: how its text is read, and what to do when it cannot be. */
import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { isCurrency } from './domain/currency.ts';
import { methodsOf, webhookSecretsOf } from './config-stripe.ts';
import { LOG_LEVELS } from './runtime/log.ts';
import { listed, originOf, proxyOf, zoneOf } from './config-text.ts';

const KEY_LENGTH_MIN = 32;
const KEY_VARIETY_MIN = 8;
const METRICS_TOKEN_LENGTH_MIN = 16;

export type DatabaseConfig =
  | { readonly kind: 'sqlite'; readonly path: string; readonly url: string }
  | { readonly kind: 'postgres'; readonly url: string };

/** What DATABASE_URL says; undefined when it names neither kind. */
function databaseOf(url: string): DatabaseConfig | undefined {
  const file = /^sqlite:(?:\/\/)?(?<path>[^?]+)$/.exec(url)?.groups?.['path'];
  if (file !== undefined) return file.includes(':memory:') ? undefined : { kind: 'sqlite', path: resolve(file), url };
  return /^postgres(?:ql)?:\/\/./.test(url) && URL.canParse(url) ? { kind: 'postgres', url } : undefined;
}

/** One setting: how its text is read, and what to say when it cannot be. A secret's value is never repeated. */
function setting<T>(read: (text: string) => T | undefined, remedy: string, { secret = false } = {}) {
  return z.string().transform((text, context): T => {
    const value = read(text);
    if (value !== undefined) return value;
    context.addIssue(`is ${secret ? 'not usable' : JSON.stringify(text)}: ${remedy}`);
    return z.NEVER;
  });
}

const oneOf = <T extends string>(words: readonly T[]) =>
  setting((text) => words.find((word) => word === text), `set it to ${listed(words)}.`);
const port = (usual: number) =>
  setting(
    (text) => (/^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined),
    `set it to a port from 0 (any free one) to 65535, or leave it out for ${usual}.`,
  );

export const SETTINGS = {
  HOST: setting(
    (text) => (/^[\w.:-]+$/.test(text) ? text : undefined),
    'set it to an address of this machine, such as 127.0.0.1.',
  ),
  PORT: port(3000),
  PUBLIC_URL: setting(
    originOf,
    'set it to the address that people type, such as https://market.example.org, without a path.',
  ),
  DATABASE_URL: setting(
    databaseOf,
    'set it to sqlite:./data/pasar.db (a file of its own) or postgres://user:password@host:5432/name.',
    { secret: true },
  ),
  REDIS_URL: setting(
    (text) => (/^rediss?:\/\/./.test(text) && URL.canParse(text) ? text : undefined),
    'set it to redis://host:6379, or leave it out.',
    {
      secret: true,
    },
  ),
  SECRET_KEY: setting(
    keyOf,
    `set it to at least ${KEY_LENGTH_MIN} random characters, for example from "openssl rand -base64 32".`,
    {
      secret: true,
    },
  ),
  SECRET_KEY_PREVIOUS: setting(keysOf, 'set it to the keys used before, newest first, separated by commas.', {
    secret: true,
  }),
  DEFAULT_LOCALE: setting((text) => locales().find((one) => one === text), `set it to ${listed(locales())}.`),
  DEFAULT_CURRENCY: setting(
    (text) => (isCurrency(text) ? text : undefined),
    'set it to the three letters of a currency, such as MYR.',
  ),
  DEFAULT_TIME_ZONE: setting(zoneOf, 'set it to a time zone, such as Asia/Kuala_Lumpur.'),
  LOG_LEVEL: oneOf(LOG_LEVELS),
  TRUST_PROXY: setting(
    proxyOf,
    'set it to none, to the number of proxies in front, or to their addresses (loopback, 10.0.0.0/8), separated by commas.',
  ),
  DEMO: oneOf(['on', 'off', 'public']),
  SANDBOX: oneOf(['on', 'off']),
  SANDBOX_PORT: port(3001),
  RATES: oneOf(['table', 'ecb']),
  TELEGRAM_BOT_TOKEN: setting(
    (text) => (/^\d{1,20}:[\w-]{4,100}$/.test(text) ? text : undefined),
    'set it to the token that @BotFather gave you, such as 123456:ABC-DEF, or leave it out.',
    { secret: true },
  ),
  TELEGRAM_MODE: oneOf(['polling', 'webhook']),
  TELEGRAM_WEBHOOK_SECRET: setting(
    (text) => (/^[\w-]{16,256}$/.test(text) ? text : undefined),
    'set it to 16 to 256 letters, digits, _ or -, for example from "openssl rand -hex 32".',
    { secret: true },
  ),
  TELEGRAM_API_ROOT: setting(
    originOf,
    'set it to the origin of a Bot API server, or leave it out for Telegram itself.',
  ),
  TELEGRAM_PROVIDER_TOKEN: setting(
    (text) => (/^[\w:.-]{8,200}$/.test(text) ? text : undefined),
    'set it to the payment token that @BotFather gave you, or leave it out.',
    { secret: true },
  ),
  DISCORD_TOKEN: setting(
    (text) => (/^[\w.-]{8,200}$/.test(text) && !text.startsWith('Bot') ? text : undefined),
    'set it to the token of your bot from the Discord developer portal, without the word "Bot", or leave it out.',
    { secret: true },
  ),
  DISCORD_API_BASE: setting(
    (text) => (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? text.replace(/\/$/, '') : undefined),
    'set it to the base of a Discord API, such as http://127.0.0.1:8080/api, or leave it out for Discord itself.',
  ),
  STRIPE_SECRET_KEY: setting(
    (text) => (/^(?:sk|rk)_(?:test|live)_\w{4,250}$/.test(text) ? text : undefined),
    'set it to the secret key of your Stripe account, such as sk_test_..., or leave it out.',
    { secret: true },
  ),
  STRIPE_WEBHOOK_SECRET: setting(
    webhookSecretsOf,
    'set it to the signing secret of your webhook, such as whsec_...; while one is replaced, to both, separated by commas.',
    { secret: true },
  ),
  STRIPE_API_BASE: setting(
    originOf,
    "set it to the origin of another server than Stripe's, such as http://127.0.0.1:12111, or leave it out.",
  ),
  STRIPE_PAYMENT_METHODS: setting(
    (text) => methodsOf(text),
    'set it to names of Stripe such as card,alipay,wechat_pay (Apple Pay and Google Pay come with card), or leave it out.',
  ),
  STRIPE_ACCOUNTS: oneOf(['market', 'shops']),
  METRICS_TOKEN: setting(
    (text) => (text.length >= METRICS_TOKEN_LENGTH_MIN ? text : undefined),
    `set it to at least ${METRICS_TOKEN_LENGTH_MIN} random characters, or leave it out: /metrics then answers this machine only.`,
    { secret: true },
  ),
};

function keyOf(text: string): string | undefined {
  return text.length >= KEY_LENGTH_MIN && new Set(text).size >= KEY_VARIETY_MIN ? text : undefined;
}

function keysOf(text: string): readonly string[] | undefined {
  const keys = text.split(',').map((one) => one.trim());
  return keys.every((one) => keyOf(one) !== undefined) ? keys : undefined;
}

/** The languages that there are files for. */
function locales(): readonly string[] {
  const folder = new URL('../locales/', import.meta.url);
  if (!existsSync(folder)) return ['en'];
  return readdirSync(folder)
    .flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -'.json'.length)] : []))
    .toSorted();
}
