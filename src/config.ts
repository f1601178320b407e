/** The only reader of the environment. Every fault is told at once: what is wrong, which setting, what to do. */
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { z } from 'zod';
import { type DatabaseConfig, SETTINGS } from './config-settings.ts';
import { stripeClashes, stripeOf } from './config-stripe.ts';

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly (keyof typeof SETTINGS)[];

type Values = { [N in keyof typeof SETTINGS]?: z.output<(typeof SETTINGS)[N]> };
export type Config = ReturnType<typeof complete>;
export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly faults: readonly string[] };

/** With a chat platform of others DEMO is off unless asked for. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): ConfigResult {
  const faults: string[] = [];
  const values: Record<string, unknown> = {};
  for (const name of SETTING_NAMES) {
    const text = env[name]?.trim() ?? '';
    if (text === '') continue;
    const parsed = SETTINGS[name].safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else faults.push(...parsed.error.issues.map((issue) => `${name} ${issue.message}`));
  }
  const config = complete(values);
  // A setting that could not be read stands at its default here: what is said of it would be said of something else.
  const unread = (name: keyof typeof SETTINGS) => !(name in values) && (env[name]?.trim() ?? '') !== '';
  faults.push(...clashes(config, unread), ...stripeClashes(config, (name) => name in values, unread));
  return faults.length > 0 ? { ok: false, faults } : { ok: true, config };
}

export const settingsOfProcess = (): ConfigResult => readConfig(process.env);

function complete(values: Values) {
  const demo = values.DEMO ?? ((values.TELEGRAM_BOT_TOKEN ?? values.DISCORD_TOKEN) === undefined ? 'on' : 'off');
  return Object.freeze({
    host: values.HOST ?? '127.0.0.1',
    port: values.PORT ?? 3000,
    /** Null: where we listen. */
    publicUrl: values.PUBLIC_URL ?? null,
    database: values.DATABASE_URL ?? sqliteAt('./data/pasar.db'),
    redisUrl: values.REDIS_URL ?? null,
    secretKey: values.SECRET_KEY ?? null,
    previousKeys: values.SECRET_KEY_PREVIOUS ?? [],
    defaultLocale: values.DEFAULT_LOCALE ?? 'en',
    defaultCurrency: values.DEFAULT_CURRENCY ?? 'MYR',
    defaultTimeZone: values.DEFAULT_TIME_ZONE ?? 'Asia/Kuala_Lumpur',
    logLevel: values.LOG_LEVEL ?? 'info',
    trustProxy: values.TRUST_PROXY ?? false,
    demo,
    // Two ways to try it out would be one too many.
    sandbox: (values.SANDBOX ?? (demo === 'off' || values.STRIPE_SECRET_KEY !== undefined ? 'off' : 'on')) === 'on',
    sandboxPort: values.SANDBOX_PORT ?? 3001,
    rates: values.RATES ?? 'table',
    metricsToken: values.METRICS_TOKEN ?? null,
    telegram: telegramOf(values),
    /** Null: no bot there. */
    discord:
      values.DISCORD_TOKEN === undefined
        ? null
        : { token: values.DISCORD_TOKEN, apiBase: values.DISCORD_API_BASE ?? null },
    stripe: stripeOf(values),
  });
}

/** Null: no bot. */
function telegramOf(values: Values) {
  const { TELEGRAM_BOT_TOKEN: token } = values;
  if (token === undefined) return null;
  return {
    token,
    mode: values.TELEGRAM_MODE ?? 'polling',
    webhookSecret: values.TELEGRAM_WEBHOOK_SECRET ?? null,
    apiRoot: values.TELEGRAM_API_ROOT ?? null,
    providerToken: values.TELEGRAM_PROVIDER_TOKEN ?? null,
  } as const;
}

/** Settings that are each right and wrong together. */
function clashes(config: Config, unread: (name: keyof typeof SETTINGS) => boolean): string[] {
  const faults: string[] = [];
  const opened = whatOpensIt(config, unread);
  if (config.demo === 'on' && opened !== undefined && !unread('DEMO')) {
    faults.push(
      `${opened.is} and DEMO is on: in the demo anybody takes any role. ${opened.close} to keep it on this machine, ` +
        'DEMO=public to let everybody who reaches it play, or DEMO=off for a real market.',
    );
  }
  if (config.sandbox && config.demo === 'off' && !unread('DEMO')) {
    faults.push(
      'SANDBOX is on but DEMO is off: play money has no place in a real market. Set DEMO=on, or leave SANDBOX out.',
    );
  }
  if (
    config.sandbox &&
    config.port !== 0 &&
    config.port === config.sandboxPort &&
    !unread('PORT') &&
    !unread('SANDBOX_PORT')
  ) {
    faults.push(`PORT and SANDBOX_PORT are both ${config.port}: give each its own.`);
  }
  if (config.database.kind === 'postgres' && config.secretKey === null && !unread('SECRET_KEY')) {
    faults.push(
      'SECRET_KEY is missing: with DATABASE_URL=postgres://... set it to at least 32 random characters, for example from ' +
        '"openssl rand -base64 32", and keep it as safe as the database.',
    );
  }
  if (config.previousKeys.length > 0 && config.secretKey === null && !unread('SECRET_KEY')) {
    faults.push('SECRET_KEY_PREVIOUS is set but SECRET_KEY is not: set SECRET_KEY to the new key.');
  }
  if (config.telegram?.mode === 'webhook') {
    if (config.telegram.webhookSecret === null && !unread('TELEGRAM_WEBHOOK_SECRET')) {
      faults.push(
        'TELEGRAM_WEBHOOK_SECRET is missing: TELEGRAM_MODE is webhook, and anybody could send us updates. Set it, or use polling.',
      );
    }
    if (!(config.publicUrl?.startsWith('https://') ?? false) && !unread('PUBLIC_URL')) {
      faults.push(
        'TELEGRAM_MODE is webhook but PUBLIC_URL is not https: Telegram brings updates to https only. Set it, or use polling.',
      );
    } else if (!TELEGRAM_PORTS.has(URL.parse(config.publicUrl ?? '')?.port ?? '')) {
      faults.push(
        'TELEGRAM_MODE is webhook but Telegram brings updates to ports 443, 80, 88 and 8443 only: change PUBLIC_URL, or use polling.',
      );
    }
  }
  return faults;
}

/** The default port of https reads as none. */
const TELEGRAM_PORTS: ReadonlySet<string> = new Set(['', '80', '88', '8443']);

/** By which setting others than this machine reach us. A proxy beside us does so while HOST is the loopback address. */
function whatOpensIt(
  { host, publicUrl }: Config,
  unread: (name: keyof typeof SETTINGS) => boolean,
): { is: string; close: string } | undefined {
  if (!isLoopback(host) && !unread('HOST')) return { is: `HOST is ${host}`, close: 'Set HOST=127.0.0.1' };
  if (publicUrl === null || isLoopback(new URL(publicUrl).hostname)) return undefined;
  return { is: `PUBLIC_URL is ${publicUrl}`, close: 'Leave PUBLIC_URL out' };
}

/** A name or address of this machine alone; also as it stands in a URL. */
export function isLoopback(host: string): boolean {
  return ['localhost', '::1', '[::1]'].includes(host) || (isIP(host) === 4 && host.startsWith('127.'));
}

function sqliteAt(path: string): DatabaseConfig {
  return { kind: 'sqlite', path: resolve(path), url: `sqlite:${path}` };
}
