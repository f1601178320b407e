// The state of the fake Discord and the few rules that several routes share.
import type { APIMessage } from 'discord.js';
import type { Waiting } from '../telegram/waiting.ts';
import { EPHEMERAL } from './limits.ts';
import {
  CHANNEL,
  type ChannelState,
  type GuildState,
  Ids,
  type InteractionState,
  type MessageBody,
  type MessageState,
  PERMISSIONS,
  type PermissionName,
  type StoredFile,
  type UserState,
  userJson,
} from './model.ts';
import { missingAccess, missingPermissions, unknownChannel, unknownMessage } from './refusal.ts';

export type Clock = { now(): number };

const NONCE_MS = 5 * 60_000;

export class World {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly waiting: Waiting;
  readonly bot: UserState;
  readonly users = new Map<string, UserState>();
  readonly guilds = new Map<string, GuildState>();
  readonly channels = new Map<string, ChannelState>();
  readonly messages: MessageState[] = [];
  readonly interactions: InteractionState[] = [];
  readonly files = new Map<string, StoredFile>();
  /** Where the fake listens, for the addresses of its files. */
  origin = '';
  commands: readonly Record<string, unknown>[] = [];

  constructor({ clock, waiting }: { clock: Clock; waiting: Waiting }) {
    this.clock = clock;
    this.waiting = waiting;
    this.ids = new Ids(clock);
    this.bot = { id: '420000000000000042', username: 'pasar-test', globalName: 'Pasar', locale: 'en-US', dmOpen: true };
    this.users.set(this.bot.id, this.bot);
  }

  user(id: string): UserState {
    const user = this.users.get(id);
    if (!user) throw new Error(`the fake knows no user ${id}`);
    return user;
  }

  channel(id: string): ChannelState {
    const channel = this.channels.get(id);
    if (!channel || channel.deleted) throw unknownChannel();
    if (channel.guildId !== undefined && !this.guilds.get(channel.guildId)?.members.has(this.bot.id))
      throw missingAccess();
    return channel;
  }

  dmWith(userId: string): ChannelState {
    const known = [...this.channels.values()].find((one) => one.type === CHANNEL.dm && one.recipientId === userId);
    if (known) return known;
    return this.addChannel({
      type: CHANNEL.dm,
      name: '',
      guildId: undefined,
      parentId: undefined,
      recipientId: userId,
    });
  }

  addChannel(given: Pick<ChannelState, 'type' | 'name' | 'guildId' | 'parentId' | 'recipientId'>): ChannelState {
    const channel: ChannelState = { id: this.ids.next(), ...given, denied: new Set(), deleted: false };
    this.channels.set(channel.id, channel);
    if (channel.guildId !== undefined) this.guilds.get(channel.guildId)?.channels.push(channel);
    return channel;
  }

  /** What somebody's roles let them do in a server, or in one of its channels. */
  permissions(guild: GuildState, userId: string, channel?: ChannelState): bigint {
    const all = Object.values(PERMISSIONS).reduce((sum, one) => sum | one, 0n);
    if (guild.ownerId === userId) return all;
    const member = guild.members.get(userId);
    if (!member) return 0n;
    const roles = guild.roles.filter(({ id }) => id === guild.id || member.roles.has(id));
    const granted = roles.reduce((sum, { permissions }) => sum | permissions, 0n);
    if ((granted & PERMISSIONS.Administrator) !== 0n) return all;
    if (userId !== this.bot.id || !channel) return granted;
    const parent = channel.parentId === undefined ? undefined : this.channels.get(channel.parentId);
    const denied = [...channel.denied, ...(parent?.denied ?? [])];
    return denied.reduce((left, name) => left & ~PERMISSIONS[name], granted);
  }

  /** Throws what Discord answers when the bot lacks one of these here. */
  demand(channel: ChannelState, ...needed: readonly PermissionName[]): void {
    const guild = channel.guildId === undefined ? undefined : this.guilds.get(channel.guildId);
    if (!guild) return;
    const may = this.permissions(guild, this.bot.id, channel);
    if ((may & PERMISSIONS.ViewChannel) === 0n) throw missingAccess();
    if (needed.some((name) => (may & PERMISSIONS[name]) === 0n)) throw missingPermissions();
  }

  message(channelId: string, id: string): MessageState {
    const found = this.messages.find((one) => one.id === id && one.channelId === channelId);
    if (!found || found.deleted) throw unknownMessage();
    return found;
  }

  say(given: {
    channelId: string;
    authorId: string;
    body: MessageBody;
    files?: readonly StoredFile[];
    nonce?: string | undefined;
    ephemeralFor?: string | undefined;
  }): MessageState {
    const { channelId, authorId, body, files = [], nonce, ephemeralFor } = given;
    if (nonce !== undefined) {
      const same = this.messages.find(
        (one) => one.nonce === nonce && one.channelId === channelId && one.authorId === authorId,
      );
      if (same && this.clock.now() - same.at < NONCE_MS) return same;
    }
    const message: MessageState = {
      id: this.ids.next(),
      ...{ channelId, authorId, at: this.clock.now(), nonce, ephemeralFor, body, files },
      editedAt: undefined,
      pinned: false,
      deleted: false,
    };
    this.messages.push(message);
    for (const file of files) this.files.set(file.id, file);
    this.waiting.changed();
    return message;
  }

  edit(message: MessageState, body: MessageBody, files: readonly StoredFile[]): void {
    message.body = { ...message.body, ...body };
    if (files.length > 0) message.files = files;
    for (const file of files) this.files.set(file.id, file);
    message.editedAt = this.clock.now();
    this.waiting.changed();
  }

  messageJson(message: MessageState): APIMessage {
    const { id, channelId, authorId, at, body, files, editedAt, pinned, ephemeralFor } = message;
    const flags = (body.flags ?? 0) | (ephemeralFor === undefined ? 0 : EPHEMERAL);
    return {
      id,
      channel_id: channelId,
      type: 0,
      author: userJson(this.user(authorId), authorId === this.bot.id),
      content: body.content ?? '',
      embeds: body.embeds ?? [],
      components: body.components ?? [],
      attachments: files.map((file) => ({
        id: file.id,
        filename: file.name,
        content_type: file.mime,
        size: file.bytes.length,
        url: this.urlOf(file),
        proxy_url: this.urlOf(file),
      })),
      timestamp: new Date(at).toISOString(),
      edited_timestamp: editedAt === undefined ? null : new Date(editedAt).toISOString(),
      flags,
      pinned,
      tts: false,
      mention_everyone: false,
      mentions: [],
      mention_roles: [],
    };
  }

  urlOf(file: StoredFile): string {
    return `${this.origin}/attachments/${file.id}/${encodeURIComponent(file.name)}`;
  }
}
