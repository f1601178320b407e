// The WebSocket side: hello, identify or resume, events with sequence numbers, heartbeats. One shard.
import type { Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { channelJson, memberJson, roleJson, userJson } from './model.ts';
import type { World } from './world.ts';

const OP = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  resume: 6,
  reconnect: 7,
  invalidSession: 9,
  hello: 10,
  ack: 11,
} as const;

/** No bot of ours asks for members, presences or the content of messages: they are privileged. */
const PRIVILEGED = (1 << 1) | (1 << 8) | (1 << 15);

type Frame = { readonly op: number; readonly d?: unknown };
type Event = { readonly seq: number; readonly name: string; readonly data: unknown };

export class Gateway {
  readonly #world: World;
  readonly #token: string;
  readonly #events: Event[] = [];
  readonly problems: string[] = [];
  #socket: WebSocket | undefined;
  #sessionId: string | undefined;
  #sessions = 0;
  #seq = 0;
  /** Only identified sockets get events; what happens before a resume comes with it. */
  #ready = false;
  intents = 0;
  identified = 0;
  resumed = 0;

  constructor(server: Server, world: World, token: string) {
    this.#world = world;
    this.#token = token;
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket) => {
      socket.on('message', (raw: Buffer) => this.#take(socket, JSON.parse(raw.toString('utf8')) as Frame));
      socket.on('close', () => {
        if (this.#socket !== socket) return;
        this.#ready = false;
        this.#socket = undefined;
        world.waiting.changed();
      });
      this.#socket = socket;
      this.#ready = false;
      send(socket, { op: OP.hello, d: { heartbeat_interval: 41_250 } });
    });
  }

  get isConnected(): boolean {
    return this.#ready;
  }

  /** An event for the bot; while it is away it is kept for its resume. */
  dispatch(name: string, data: unknown): void {
    this.#seq += 1;
    this.#events.push({ seq: this.#seq, name, data });
    if (this.#ready && this.#socket) send(this.#socket, { op: OP.dispatch, s: this.#seq, t: name, d: data });
    this.#world.waiting.changed();
  }

  /** Cuts the connection; 4000 lets the client resume, `fresh` makes it identify again. */
  disconnect(code = 4000, { fresh = false }: { fresh?: boolean } = {}): void {
    if (fresh) this.#sessionId = undefined;
    this.#ready = false;
    this.#socket?.close(code);
  }

  askToReconnect(): void {
    if (this.#socket) send(this.#socket, { op: OP.reconnect, d: null });
  }

  close(): void {
    this.#socket?.terminate();
  }

  #take(socket: WebSocket, frame: Frame): void {
    if (frame.op === OP.heartbeat) send(socket, { op: OP.ack });
    if (frame.op === OP.identify) this.#identify(socket, frame.d as { token: string; intents: number });
    if (frame.op === OP.resume) this.#resume(socket, frame.d as { token: string; session_id: string; seq: number });
  }

  #identify(socket: WebSocket, { token, intents }: { token: string; intents: number }): void {
    if (token !== this.#token) return socket.close(4004, 'Authentication failed.');
    if ((intents & PRIVILEGED) !== 0) this.problems.push(`identify asks for privileged intents: ${intents}`);
    this.intents = intents;
    this.identified += 1;
    this.#sessions += 1;
    this.#sessionId = `session-${this.#sessions}`;
    this.#events.length = 0;
    this.#seq = 0;
    this.#ready = true;
    const world = this.#world;
    const here = [...world.guilds.values()].filter((guild) => guild.members.has(world.bot.id));
    this.dispatch('READY', {
      v: 10,
      user: userJson(world.bot, true),
      guilds: here.map(({ id }) => ({ id, unavailable: true })),
      session_id: this.#sessionId,
      resume_gateway_url: world.origin.replace('http', 'ws'),
      application: { id: world.bot.id, flags: 0 },
    });
    for (const guild of here) this.dispatch('GUILD_CREATE', guildJson(world, guild.id));
  }

  #resume(
    socket: WebSocket,
    { token, session_id: session, seq }: { token: string; session_id: string; seq: number },
  ): void {
    if (token !== this.#token) return socket.close(4004, 'Authentication failed.');
    if (session !== this.#sessionId) return send(socket, { op: OP.invalidSession, d: false });
    this.resumed += 1;
    this.#ready = true;
    for (const event of this.#events.filter((one) => one.seq > seq)) {
      send(socket, { op: OP.dispatch, s: event.seq, t: event.name, d: event.data });
    }
    this.dispatch('RESUMED', {});
  }
}

export function guildJson(world: World, guildId: string): object {
  const guild = world.guilds.get(guildId);
  if (!guild) throw new Error(`the fake knows no server ${guildId}`);
  const threads = guild.channels.filter(({ type }) => type === 11 || type === 12);
  return {
    id: guild.id,
    name: guild.name,
    owner_id: guild.ownerId,
    preferred_locale: guild.locale,
    roles: guild.roles.map((role) => roleJson(role)),
    channels: guild.channels
      .filter((one) => !threads.includes(one) && !one.deleted)
      .map((one) => channelJson(one, world.users)),
    threads: threads.map((one) => channelJson(one, world.users)),
    members: [memberJson(guild, world.bot, true)],
    member_count: guild.members.size,
    joined_at: '2026-01-01T00:00:00.000Z',
    emojis: [],
    stickers: [],
    features: [],
    voice_states: [],
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
    large: false,
    unavailable: false,
    icon: null,
    splash: null,
    discovery_splash: null,
    afk_channel_id: null,
    afk_timeout: 300,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    mfa_level: 0,
    application_id: null,
    system_channel_id: guild.channels[0]?.id ?? null,
    system_channel_flags: 0,
    rules_channel_id: null,
    vanity_url_code: null,
    description: null,
    banner: null,
    premium_tier: 0,
    public_updates_channel_id: null,
    nsfw_level: 0,
    premium_progress_bar_enabled: false,
    safety_alerts_channel_id: null,
    incidents_data: null,
  };
}

function send(socket: WebSocket, frame: object): void {
  socket.send(JSON.stringify({ s: null, t: null, d: null, ...frame }));
}
