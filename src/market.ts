/** A whole market, composed: the file that knows every other. What starts it (main, tests, the bench) gives the settings. */
import { chatAdapters } from '../adapters/registry.ts';
import type { DiscordAdapter } from '../adapters/discord/index.ts';
import type { TelegramAdapter } from '../adapters/telegram/index.ts';
import type { WebAdapter } from '../adapters/web/index.ts';
import type { Sandbox } from '../sandbox/server.ts';
import { createCore } from './app/core.ts';
import type { Deps } from './app/deps.ts';
import { channelSettings } from './channel-settings.ts';
import { type Config, isLoopback } from './config.ts';
import type { CoreThread } from './core-thread.ts';
import { readCardPayload } from './domain/invoice-payload.ts';
import { createHttpApp } from './http/app.ts';
import { createMetrics } from './http/metrics.ts';
import { openDiscord } from './discord-market.ts';
import { negotiate } from './i18n/negotiate.ts';
import { wordsFor } from './i18n/words.ts';
import { type InnerMarket, openInnerMarket } from './inner-market.ts';
import { createOutbox, type Outbox } from './outbox/worker.ts';
import { createChannels } from './payments/registry.ts';
import { createOwnership, type Ownership } from './own-market.ts';
import type { ChatPlatform } from './ports/chat.ts';
import type { Core } from './ports/core.ts';
import type { Store } from './ports/store.ts';
import { type Closing, openResources, type ResourceOverrides, type Resources } from './resources.ts';
import type { Logging } from './runtime/log.ts';
import type { Shared } from './runtime/shared.ts';
import type { KeyedVault } from './runtime/vault.ts';
import { openTelegram } from './telegram-market.ts';
import type { View } from './view/view.ts';

const SWEEP_EVERY_MS = 1_000;
/** So long a stopping market goes on answering what it has begun. */
const FINISH_MS = 20_000;

export type Overrides = ResourceOverrides & {
  /** False: nothing happens by itself; `core.sweep`, `outbox.drain` and `sandbox.tick` are called. */
  readonly timers?: boolean;
  /** How long a stopping market says that it is not ready before it takes no more connections. */
  readonly noticeMs?: number;
  /** How long a process that polls for a bot may be silent before another one takes over. */
  readonly leaseMs?: number;
  readonly webLimits?: Parameters<typeof chatAdapters.web>[0]['limits'];
};

export type Market = {
  /** Our own origin. */
  readonly url: string;
  readonly communityId: string;
  readonly core: Core;
  readonly deps: Deps;
  readonly store: Store;
  readonly outbox: Outbox;
  /** The one-time link of whoever will own this market; undefined in the demo, and when it has an owner. */
  readonly ownerLink: string | undefined;
  /** By name: where people chat. */
  readonly platforms: ReadonlyMap<string, ChatPlatform<View>>;
  /** The bot, when there is one. */
  readonly telegram: Pick<TelegramAdapter, 'idle'> | undefined;
  readonly discord: Pick<DiscordAdapter, 'idle'> | undefined;
  readonly sandbox: Sandbox | undefined;
  /** Unready, no more connections, everything begun is finished, the database is closed. */
  readonly stop: () => Promise<void>;
};

/** Throws a `StartFault` for what the operator can put right. */
export async function openMarket(config: Config, logging: Logging, overrides: Overrides = {}): Promise<Market> {
  const closing: Closing = [];
  const closeAll = async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  };
  try {
    const resources = await openResources(config, logging.log, overrides, closing);
    const parts = await compose(config, logging, overrides, resources);
    const { core, outbox, web, telegram, discord } = parts;
    resources.door.open(parts.app);
    closing.push(() => outbox.stop());
    for (const bot of [telegram, discord]) {
      if (!bot) continue;
      closing.push(() => bot.stop());
      await bot.start();
    }
    if (overrides.timers !== false) {
      outbox.start();
      closing.push(sweeping(core, logging.log));
    }
    const { store, sandbox, publicUrl: url, door } = resources;
    let stopping: Promise<void> | undefined;
    const stop = async () => {
      parts.refuse();
      await new Promise((resolve) => setTimeout(resolve, overrides.noticeMs ?? 0));
      // The live streams would keep their connections for ever.
      web.close();
      await door.close(FINISH_MS);
      await closeAll();
    };
    const { communityId, deps, platforms } = parts;
    const ownerLink = await parts.own?.link();
    const running = { url, communityId, core, deps, store, outbox, platforms, telegram, discord, sandbox, ownerLink };
    return { ...running, stop: () => (stopping ??= stop()) };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function compose(
  config: Config,
  logging: Logging,
  { timers = true, webLimits, leaseMs }: Overrides,
  resources: Resources,
) {
  const { clock, ids, store, thread, vault, sandbox, shared, rates, publicUrl } = resources;
  const { log } = logging;
  const bell = { ring: () => {} };
  const deps: Deps = {
    store,
    clock,
    ids,
    log,
    vault,
    rates,
    channels: createChannels(channelSettings(config, sandbox)),
    settings: { demo: config.demo !== 'off', publicUrl },
    wake: () => bell.ring(),
  };
  const { core, calls, communityId } = thread ? innerMarket(deps, thread) : await openInnerMarket(deps, config);
  thread?.onWake(deps.wake);
  const web = chatAdapters.web({
    ...{ core, store, clock, ids, log, communityId, publicUrl, words: wordsFor },
    demo: deps.settings.demo,
    cookiePasswords: cookiePasswords(vault),
    handleKey: (text) => Buffer.from(vault.digest('handles', text), 'base64url'),
    negotiate: (wish) => negotiate(wish, config.defaultLocale),
    limit: (rule) => shared.limit(rule),
    ...(webLimits ? { limits: webLimits } : {}),
  });
  const given = {
    ...{ core, store, clock, ids, log, publicUrl },
    handleKey: (text: string) => Buffer.from(vault.digest('handles', text), 'base64url'),
  };
  const alone = config.database.kind === 'sqlite';
  const telegram = await openTelegram(config, { ...given, alone, ...(leaseMs === undefined ? {} : { leaseMs }) });
  const discord = await openDiscord(config, { ...given, vault });
  const platforms = new Map([[web.platform.platform, heardByAll(web.platform, shared)]]);
  for (const bot of [telegram, discord]) if (bot) platforms.set(bot.platform.platform, bot.platform);
  const outbox = createOutbox({ store, core, platforms, calls, words: wordsFor, clock, log, timers, alone });
  ringFor(bell, { outbox, web, shared });
  const own = deps.settings.demo ? undefined : createOwnership({ deps, core, web, communityId });
  const { app, refuse } = openToPublic(config, logging, resources, { core, deps, web, own, telegram });
  return { deps, core, communityId, web, own, outbox, platforms, telegram, discord, app, refuse };
}

/** What only reads is done in this thread, on its own connection. */
function innerMarket(deps: Deps, { core, calls, communityId }: CoreThread): InnerMarket {
  const here = createCore(deps);
  const handle: Core['handle'] = (command) =>
    command.intent.kind === 'show' ? here.handle(command) : core.handle(command);
  const preCheckout: Core['preCheckout'] = (request) =>
    readCardPayload(request.payload) ? core.preCheckout(request) : here.preCheckout(request);
  return { core: { ...here, ...core, handle, preCheckout }, calls, communityId };
}

/** A commit wakes the worker of this process, and those of the others. */
function ringFor(
  bell: { ring: () => void },
  { outbox, web, shared }: { outbox: Outbox; web: WebAdapter; shared: Shared },
): void {
  const several = shared.state() !== undefined;
  bell.ring = () => {
    outbox.wake();
    if (several) shared.signal('outbox');
  };
  shared.onSignal('outbox', () => {
    outbox.wake();
    web.notify();
  });
  shared.onSignal('web', () => web.notify());
}

function openToPublic(
  config: Config,
  { log, pino }: Logging,
  { clock, ids, vault, store, publicUrl }: Resources,
  {
    core,
    deps,
    web,
    own,
    telegram,
  }: {
    core: Core;
    deps: Deps;
    web: WebAdapter;
    own: Ownership | undefined;
    telegram: TelegramAdapter | undefined;
  },
) {
  let taking = true;
  const channels = [...deps.channels.values()];
  const app = createHttpApp({
    ...{
      core,
      clock,
      ids,
      vault,
      log,
      pino,
      publicUrl,
      negotiate,
      web,
      words: wordsFor,
      trustProxy: config.trustProxy,
    },
    own,
    updates: telegram?.router,
    publicUrlGiven: config.publicUrl !== null,
    thisMachineOnly: config.publicUrl === null && isLoopback(config.host),
    checkoutOrigins: channels.flatMap((channel) => channel.capabilities.checkoutOrigins),
    onboardingOrigins: channels.flatMap(({ capabilities: can }) =>
      can.onboarding === true ? (can.onboardingOrigins ?? []) : [],
    ),
    health: { probe: () => store.probe(), taking: () => taking },
    metrics: createMetrics({
      store,
      token: config.metricsToken,
      channels: channels.map((channel) => channel.code),
      now: () => clock.now(),
    }),
  });
  const refuse = () => {
    taking = false;
  };
  return { app, refuse };
}

/** A key's place in the list must not change when a newer one comes: the oldest is 1. */
function cookiePasswords(vault: KeyedVault): Record<string, string> {
  const passwords = vault.passwords('web-sessions');
  return Object.fromEntries(passwords.map((password, index) => [String(passwords.length - index), password]));
}

/** The rows of this process are news to the visitors of the others. */
function heardByAll(platform: ChatPlatform<View>, shared: Shared): ChatPlatform<View> {
  if (shared.state() === undefined) return platform;
  const told = async <T>(work: Promise<T>): Promise<T> => {
    const sent = await work;
    shared.signal('web');
    return sent;
  };
  return {
    ...platform,
    post: (to) => told(platform.post(to)),
    edit: (to) => told(platform.edit(to)),
    panel: (to) => told(platform.panel(to)),
  };
}

/** Time's own work, again and again, never twice at once. Answers how to end it. */
function sweeping(core: Core, log: Deps['log']): () => Promise<void> {
  let running: Promise<void> | undefined;
  const round = async () => {
    try {
      await core.sweep();
    } catch (error) {
      log.error({ err: error }, 'the sweep failed; it comes again');
    } finally {
      running = undefined;
    }
  };
  const timer = setInterval(() => {
    running ??= round();
  }, SWEEP_EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
