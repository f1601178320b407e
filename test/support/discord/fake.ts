// A Discord on 127.0.0.1 for tests: gateway and REST; the real discord.js talks to it by `rest.api`. It checks every request against
// Discord's published types and limits, keeps what each person sees, and lets the test play the people.
//
//   const fake = await startFakeDiscord();
//   const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api: fake.apiBase } });
//   ...
//   expect(fake.invalidRequests).toEqual([]);
//   await fake.close();
import { Waiting } from '../telegram/waiting.ts';
import { Faults } from './faults.ts';
import { Gateway, guildJson } from './gateway.ts';
import { CHANNEL, type GuildState, memberJson, PERMISSIONS, type PermissionName } from './model.ts';
import { FakeChannel, FakeUser } from './person.ts';
import { type RequestRecord, startRest } from './rest.ts';
import { World } from './world.ts';

export type FakeDiscordOptions = {
  /** Instants in ms; default the real clock. */
  readonly clock?: { now(): number };
  /** Default 0: a free one. A fixed port lets the fake come back after `close`. */
  readonly port?: number;
};

export type UserOptions = {
  readonly name: string;
  /** As Discord gives it; default "en-US". */
  readonly locale?: string;
  /** Default true. */
  readonly dmOpen?: boolean;
};

const TOKEN = 'test-token';
/** What a server gives everybody. */
const USUAL: readonly PermissionName[] = [
  'ViewChannel',
  'SendMessages',
  'SendMessagesInThreads',
  'ReadMessageHistory',
  'EmbedLinks',
  'AttachFiles',
];

const permissionBits = (names: readonly PermissionName[]): bigint =>
  names.reduce((sum, name) => sum | PERMISSIONS[name], 0n);

export class FakeGuild {
  readonly state: GuildState;
  readonly #world: World;
  readonly #gateway: Gateway;

  constructor(state: GuildState, world: World, gateway: Gateway) {
    this.state = state;
    this.#world = world;
    this.#gateway = gateway;
  }

  get id(): string {
    return this.state.id;
  }

  channel(name: string, type: keyof typeof CHANNEL = 'text', parent?: FakeChannel): FakeChannel {
    const given = { type: CHANNEL[type], name, guildId: this.id, parentId: parent?.id, recipientId: undefined };
    return new FakeChannel(this.#world.addChannel(given));
  }

  /** A role of this name; the higher the position, the more it stands above. */
  role(
    name: string,
    { position = 1, permissions = [] }: { position?: number; permissions?: readonly PermissionName[] } = {},
  ) {
    const role = { id: this.#world.ids.next(), name, position, permissions: permissionBits(permissions) };
    this.state.roles.push(role);
    return role;
  }

  joins(user: FakeUser, roles: readonly { readonly id: string }[] = []): void {
    this.state.members.set(user.id, { roles: new Set(roles.map(({ id }) => id)) });
  }

  leaves(user: FakeUser): void {
    this.state.members.delete(user.id);
  }

  rolesOf(user: FakeUser): readonly string[] {
    const held = this.state.members.get(user.id)?.roles ?? new Set();
    return this.state.roles.filter(({ id }) => held.has(id)).map(({ name }) => name);
  }

  /** Somebody adds the bot, with a role of its own that has these permissions. */
  addsBot({
    permissions = USUAL,
    position = 1,
  }: { permissions?: readonly PermissionName[]; position?: number } = {}): void {
    const role = this.role('Pasar', { position, permissions });
    this.state.members.set(this.#world.bot.id, { roles: new Set([role.id]) });
    this.#gateway.dispatch('GUILD_CREATE', guildJson(this.#world, this.id));
  }

  removesBot(): void {
    this.state.members.delete(this.#world.bot.id);
    this.#gateway.dispatch('GUILD_DELETE', { id: this.id });
  }

  /** The bot may not do this in a channel any more. */
  denies(channel: FakeChannel, ...names: readonly PermissionName[]): void {
    for (const name of names) channel.state.denied.add(name);
  }

  allows(channel: FakeChannel, ...names: readonly PermissionName[]): void {
    for (const name of names) channel.state.denied.delete(name);
  }

  deletes(channel: FakeChannel): void {
    channel.state.deleted = true;
    this.#gateway.dispatch('CHANNEL_DELETE', { id: channel.id, type: channel.state.type, guild_id: this.id });
  }

  member(user: FakeUser): object {
    return memberJson(this.state, user.state);
  }
}

export async function startFakeDiscord(options: FakeDiscordOptions = {}) {
  const clock = options.clock ?? { now: () => Date.now() };
  const waiting = new Waiting();
  const world = new World({ clock, waiting });
  const faults = new Faults();
  const requests: RequestRecord[] = [];
  const rest = await startRest({ world, faults, token: TOKEN, requests }, options.port ?? 0);
  world.origin = rest.origin;
  const gateway = new Gateway(rest.server, world, TOKEN);
  return {
    /** For DISCORD_API_BASE. */
    apiBase: `${rest.origin}/api`,
    token: TOKEN,
    botId: world.bot.id,
    faults,
    gateway,
    requests: requests as readonly RequestRecord[],
    /** Those that break a published type or limit; a test asserts that there are none. */
    get invalidRequests() {
      return requests.filter((one) => one.problems.length > 0);
    },
    /** Answers of 401, 403 and 429: 10,000 of them in ten minutes would shut the bot out. */
    get refusedRequests() {
      return requests.filter(({ status }) => status === 401 || status === 403 || status === 429);
    },
    get commands() {
      return world.commands;
    },
    /** Interactions that nobody has answered. */
    get unanswered() {
      return world.interactions.filter((one) => one.answered === undefined);
    },
    user({ name, locale = 'en-US', dmOpen = true }: UserOptions): FakeUser {
      const state = {
        id: world.ids.next(),
        username: name.toLowerCase().replaceAll(/\W/g, ''),
        globalName: name,
        locale,
        dmOpen,
      };
      world.users.set(state.id, state);
      return new FakeUser(state, { world, gateway });
    },
    /** A server with its owner and a #general channel; the bot is not in it. */
    guild({ name, owner, locale = 'en-US' }: { name: string; owner: FakeUser; locale?: string }): FakeGuild {
      const id = world.ids.next();
      const everyone = { id, name: '@everyone', position: 0, permissions: permissionBits(USUAL) };
      const state: GuildState = {
        id,
        name,
        ownerId: owner.id,
        locale,
        roles: [everyone],
        members: new Map(),
        channels: [],
      };
      world.guilds.set(id, state);
      const guild = new FakeGuild(state, world, gateway);
      guild.joins(owner);
      guild.channel('general');
      return guild;
    },
    general(guild: FakeGuild): FakeChannel {
      const [first] = guild.state.channels;
      if (!first) throw new Error('a server has its first channel');
      return new FakeChannel(first);
    },
    calls: (route: string | RegExp) =>
      requests.filter((one) => (typeof route === 'string' ? one.route === route : route.test(one.route))),
    until: <T>(check: () => T | undefined | false, what: string, timeoutMs?: number): Promise<T> =>
      waiting.until(check, { what, ...(timeoutMs === undefined ? {} : { timeoutMs }) }),
    async close() {
      gateway.close();
      await rest.close();
    },
  };
}

export type FakeDiscord = Awaited<ReturnType<typeof startFakeDiscord>>;
