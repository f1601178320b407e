/** Discord: a platform for the outbox, and the interactions of everybody who types, presses or fills in there. */
import {
  type APIInteraction,
  Client,
  Events,
  GatewayDispatchEvents,
  GatewayIntentBits,
  Options as ClientOptions,
} from 'discord.js';
import type { ChatPlatform } from '../../src/ports/chat.ts';
import { createPressKeys } from '../../src/view/press-keys.ts';
import type { View } from '../../src/view/view.ts';
import { createApi } from './api.ts';
import { commandList, createCommands } from './commands.ts';
import { createFormMemory } from './form-memory.ts';
import { createForms } from './forms.ts';
import { createInbound } from './inbound.ts';
import { type DiscordAdapterOptions, PLATFORM } from './options.ts';
import { openLine } from './line.ts';
import { createPanels } from './panels.ts';
import { createPeople } from './people.ts';
import { createPictures } from './pictures.ts';
import { createPlaces } from './places.ts';
import { createPlatform } from './platform.ts';
import { createRefs } from './refs.ts';
import { createSetup } from './setup.ts';
import { createTaps } from './taps.ts';

export type DiscordAdapter = {
  readonly platform: ChatPlatform<View>;
  /**
   * Connects, and registers the commands; while Discord cannot be reached it is tried again by itself. Throws when Discord does not know
   * the token.
   */
  start(): Promise<void>;
  /** When everything that came in is worked on. */
  idle(): Promise<void>;
  /** Listens no more, and finishes what is begun. */
  stop(): Promise<void>;
};

const REST_TIMEOUT_MS = 15_000;

export function createDiscordAdapter(options: DiscordAdapterOptions): DiscordAdapter {
  const { token, apiBase, log } = options;
  const client = new Client({
    // Commands and buttons come with this one alone; nothing privileged is asked for.
    intents: [GatewayIntentBits.Guilds],
    makeCache: ClientOptions.cacheWithLimits({ ...ClientOptions.DefaultMakeCacheSettings, MessageManager: 0 }),
    rest: {
      ...(apiBase === null ? {} : { api: apiBase }),
      timeout: REST_TIMEOUT_MS,
      // What can wait comes back by our own clock: an edit never keeps an answer waiting.
      rejectOnRateLimit: (limit) => limit.route.startsWith('/channels'),
    },
  });
  client.rest.setToken(token);
  const working = new Set<Promise<void>>();
  const track = (work: Promise<void>) => {
    const tracked = work
      .catch((error: unknown) => log.error({ err: error }, 'an event of Discord could not be worked on'))
      .finally(() => working.delete(tracked));
    working.add(tracked);
  };
  const idle = async () => {
    while (working.size > 0) await Promise.all(working);
  };
  const composed = compose(options, client);
  const ending = new AbortController();
  client.on(Events.Error, (error) => log.warn({ err: error }, 'the connection to Discord was disturbed'));
  client.ws.on(GatewayDispatchEvents.InteractionCreate, (data: APIInteraction) => track(composed.inbound.take(data)));
  const connect = async () => {
    const ready = new Promise<void>((resolve) => {
      client.once(Events.ClientReady, () => resolve());
    });
    await client.login(token);
    await ready;
    client.on(Events.GuildCreate, (guild) => track(composed.setup.onJoined(guild)));
    for (const guild of client.guilds.cache.values()) track(composed.setup.onJoined(guild));
    track(composed.announce());
    log.info({ bot: client.user?.username }, 'listening on Discord');
  };
  return {
    platform: composed.platform,
    idle,
    start: () => openLine({ rest: client.rest, connect, log, ending: ending.signal }),
    async stop() {
      ending.abort();
      await idle();
      await client.destroy();
    },
  };
}

function compose(options: DiscordAdapterOptions, client: Client) {
  const { core, store, clock, log, vault } = options;
  const pictures = createPictures(core);
  const api = createApi({ rest: client.rest, applicationId: () => client.application?.id ?? '', pictures });
  const memory = createFormMemory();
  const refs = createRefs({ store, clock, vault });
  const people = createPeople(options);
  const channelsOf = (guildId: string) => [...(client.guilds.cache.get(guildId)?.channels.cache.keys() ?? [])];
  const places = createPlaces({ ...options, channelsOf });
  const panels = createPanels({ ...options, api, refs, memory });
  const forms = createForms({ ...options, api });
  const setup = createSetup({ ...options, client, log, panels, people, places });
  const commands = createCommands({ ...options, api, panels, forms, setup });
  const taps = createTaps({ core, api, panels, forms, memory, keyOf: createPressKeys(PLATFORM, options.clock) });
  const inbound = createInbound({ ...options, api, people, places, commands, taps });
  const typeOf = (channelId: string) => client.channels.cache.get(channelId)?.type;
  const platform = createPlatform({ ...options, api, panels, memory, typeOf });
  const announce = () => api.announce(commandList((locale) => options.words(locale, 'UTC')));
  return { platform, setup, inbound, announce };
}
