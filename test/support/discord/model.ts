// What the fake Discord knows: people, servers, channels, messages, interactions.
import type { APIGuildMember, APIMessage, APIRole, APIUser } from 'discord.js';

export const PERMISSIONS = {
  ManageChannels: 1n << 4n,
  ViewChannel: 1n << 10n,
  SendMessages: 1n << 11n,
  ManageMessages: 1n << 13n,
  EmbedLinks: 1n << 14n,
  AttachFiles: 1n << 15n,
  ReadMessageHistory: 1n << 16n,
  ManageRoles: 1n << 28n,
  ManageGuild: 1n << 5n,
  Administrator: 1n << 3n,
  SendMessagesInThreads: 1n << 38n,
  PinMessages: 1n << 51n,
} as const;
export type PermissionName = keyof typeof PERMISSIONS;

export const CHANNEL = {
  text: 0,
  dm: 1,
  voice: 2,
  announcement: 5,
  publicThread: 11,
  privateThread: 12,
  forum: 15,
} as const;

export type UserState = {
  readonly id: string;
  readonly username: string;
  readonly globalName: string;
  /** As Discord gives it: "en-US", "pt-BR", "zh-TW". */
  locale: string;
  /** False: private messages of strangers are refused (50007). */
  dmOpen: boolean;
};

export type RoleState = { readonly id: string; readonly name: string; position: number; permissions: bigint };

export type GuildState = {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  readonly locale: string;
  readonly roles: RoleState[];
  readonly members: Map<string, { readonly roles: Set<string> }>;
  readonly channels: ChannelState[];
};

export type ChannelState = {
  readonly id: string;
  readonly type: number;
  readonly name: string;
  readonly guildId: string | undefined;
  readonly parentId: string | undefined;
  /** Of a private channel: who is in it besides the bot. */
  readonly recipientId: string | undefined;
  /** What the bot may not do here, though its roles would let it. */
  readonly denied: Set<PermissionName>;
  deleted: boolean;
};

export type MessageState = {
  readonly id: string;
  readonly channelId: string;
  readonly authorId: string;
  readonly at: number;
  readonly nonce: string | undefined;
  /** Only this person sees it. */
  readonly ephemeralFor: string | undefined;
  body: MessageBody;
  files: readonly StoredFile[];
  editedAt: number | undefined;
  pinned: boolean;
  deleted: boolean;
};

export type MessageBody = Pick<Partial<APIMessage>, 'content' | 'embeds' | 'components' | 'flags'>;
export type StoredFile = { readonly id: string; readonly name: string; readonly mime: string; readonly bytes: Buffer };

export type InteractionState = {
  readonly id: string;
  readonly token: string;
  readonly type: number;
  readonly userId: string;
  readonly channelId: string;
  readonly at: number;
  /** The message that a component sits on. */
  readonly sourceId: string | undefined;
  /** A form that was opened by a component may change that component's message. */
  readonly fromModalOf: string | undefined;
  /** The callback's type, once it was answered. */
  answered: number | undefined;
  ephemeral: boolean;
  /** The message that answers: null while it is only announced. */
  originalId: string | null;
  modal: ModalState | undefined;
  choices: readonly { readonly name: string; readonly value: string | number }[] | undefined;
};

export type ModalState = {
  readonly customId: string;
  readonly title: string;
  readonly fields: readonly ModalField[];
};

/** A field of an open form as its reader sees it; `value`: what it is prefilled with. */
export type ModalField = {
  readonly customId: string;
  readonly type: number;
  readonly label: string;
  readonly description: string | undefined;
  readonly required: boolean;
  readonly value: string | undefined;
  readonly options: readonly { readonly label: string; readonly value: string; readonly isDefault: boolean }[];
};

const EPOCH = 1_420_070_400_000;

/** Snowflakes: their upper bits are the instant, so that ids sort by age. */
export class Ids {
  readonly #clock: { now(): number };
  #count = 0;

  constructor(clock: { now(): number }) {
    this.#clock = clock;
  }

  next(): string {
    this.#count += 1;
    return String((BigInt(Math.max(0, this.#clock.now() - EPOCH)) << 22n) + BigInt(this.#count % 4_194_304));
  }
}

export function userJson({ id, username, globalName, locale }: UserState, bot = false): APIUser {
  return {
    id,
    username,
    discriminator: '0',
    global_name: globalName,
    avatar: null,
    ...(bot ? { bot: true } : { locale }),
  };
}

export function roleJson({ id, name, position, permissions }: RoleState): Omit<APIRole, 'color'> {
  return {
    id,
    name,
    position,
    permissions: String(permissions),
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: false,
    mentionable: false,
    flags: 0 as APIRole['flags'],
  };
}

export function memberJson(guild: GuildState, user: UserState, bot = false): APIGuildMember {
  const roles = [...(guild.members.get(user.id)?.roles ?? [])].filter((id) => id !== guild.id);
  return {
    user: userJson(user, bot),
    roles,
    joined_at: '2026-01-01T00:00:00.000Z',
    deaf: false,
    mute: false,
    flags: 0 as APIGuildMember['flags'],
  };
}

export function channelJson(channel: ChannelState, users: ReadonlyMap<string, UserState>): object {
  const { id, type, name, guildId, parentId, recipientId } = channel;
  if (type === CHANNEL.dm) {
    const recipient = users.get(recipientId ?? '');
    return { id, type, recipients: recipient ? [userJson(recipient)] : [] };
  }
  const thread = type === CHANNEL.publicThread || type === CHANNEL.privateThread;
  return {
    id,
    type,
    name,
    guild_id: guildId,
    position: 0,
    permission_overwrites: [],
    parent_id: parentId ?? null,
    nsfw: false,
    ...(type === CHANNEL.forum ? { available_tags: [], default_reaction_emoji: null, default_sort_order: null } : {}),
    ...(thread
      ? {
          owner_id: '1',
          message_count: 0,
          member_count: 1,
          thread_metadata: {
            archived: false,
            auto_archive_duration: 1440,
            archive_timestamp: '2026-01-01T00:00:00.000Z',
            locked: false,
          },
        }
      : {}),
  };
}
