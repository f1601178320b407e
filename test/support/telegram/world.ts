// The state of the fake Telegram, and what has to be true before a bot may touch it.
import type { BotCommand, Chat, ChatMember, InlineKeyboardMarkup, Message, Update, User } from 'grammy/types';
import { Files, documentOf, photoSizes } from './files.ts';
import { adminFields } from './members.ts';
import type { UpdateKind } from './methods.ts';
import {
  chatOf,
  type Books,
  type CallbackAnswer,
  type ChatState,
  type Content,
  type InlineAnswer,
  type InvoiceArgs,
  type Member,
  type Person,
  type Question,
  type ShippingVerdict,
  type StoredMessage,
  type Verdict,
} from './model.ts';
import { badRequest, forbidden, upgraded } from './refusal.ts';
import { totalOf } from './shapes-payments.ts';
import type { Updates } from './updates.ts';

export type CommandList = { readonly scope: string; readonly language: string; readonly commands: BotCommand[] };

export class World {
  readonly bot: User & { is_bot: true; username: string };
  readonly clock: { now(): number };
  readonly updates: Updates;
  readonly readsAll: boolean;
  readonly files = new Files();
  readonly people = new Map<number, Person>();
  readonly chats = new Map<number, ChatState>();
  readonly books: Books = { payments: [], stars: [] };
  readonly invoiceLinks = new Map<string, InvoiceArgs>();
  readonly callbacks = new Map<string, Question<CallbackAnswer>>();
  readonly preCheckouts = new Map<string, Question<Verdict>>();
  readonly shippings = new Map<string, Question<ShippingVerdict>>();
  readonly inlineQueries = new Map<string, Question<InlineAnswer>>();
  readonly inlineMessages = new Map<string, StoredMessage>();
  readonly descriptions = new Map<string, string>();
  readonly actions: { readonly chatId: number; readonly action: string }[] = [];
  commandLists: CommandList[] = [];
  #counter = 0;
  /** Private chats and small groups share one sequence of message numbers, as in a real account. */
  #lastMessageId = 0;

  constructor(options: { bot: World['bot']; clock: { now(): number }; updates: Updates; readsAll: boolean }) {
    this.bot = options.bot;
    this.clock = options.clock;
    this.updates = options.updates;
    this.readsAll = options.readsAll;
  }

  get nowS(): number {
    return Math.floor(this.clock.now() / 1000);
  }

  nextId(prefix: string): string {
    this.#counter += 1;
    return `${prefix}${String(this.#counter).padStart(6, '0')}`;
  }

  addChat(chat: Pick<ChatState, 'id' | 'type'> & Partial<ChatState>): ChatState {
    const made: ChatState = {
      ...{ title: '', username: undefined, isForum: false, userId: undefined, members: new Map(), topics: new Map() },
      ...{ messages: [], pinned: [], lastMessageId: 0, lastEphemeralId: 0, migratedTo: undefined, canWrite: true },
      ...chat,
    };
    this.chats.set(made.id, made);
    return made;
  }

  chatJson(chat: ChatState): Chat {
    return chatOf(chat, chat.userId === undefined ? undefined : this.people.get(chat.userId));
  }

  privateChat(person: Person): ChatState {
    const { id } = person.user;
    return this.chats.get(id) ?? this.addChat({ id, type: 'private', userId: id });
  }

  /** A person or the bot itself. */
  userOf(id: number): User | undefined {
    return id === this.bot.id ? this.bot : this.people.get(id)?.user;
  }

  /** The chat that a request names. Throws what Telegram answers when it is unknown, upgraded or closed to the bot. */
  chatFor(named: number | string): ChatState {
    const chat =
      typeof named === 'string' && named.startsWith('@')
        ? [...this.chats.values()].find((one) => one.username?.toLowerCase() === named.slice(1).toLowerCase())
        : this.chats.get(Number(named));
    const person = this.people.get(Number(named));
    if (!chat && person) throw forbidden("bot can't initiate conversation with a user");
    if (!chat) throw badRequest('chat not found');
    if (chat.migratedTo !== undefined) throw upgraded(chat.migratedTo);
    return chat;
  }

  /** The same, for a request that writes. */
  chatToWrite(named: number | string): ChatState {
    const chat = this.chatFor(named);
    if (chat.type === 'private') {
      const person = this.people.get(chat.id);
      if (person?.deactivated) throw forbidden('user is deactivated');
      if (person?.blocked) throw forbidden('bot was blocked by the user');
      if (!person?.started) throw forbidden("bot can't initiate conversation with a user");
      return chat;
    }
    const { status } = this.memberOf(chat, this.bot.id);
    if (status === 'kicked') throw forbidden(`bot was kicked from the ${chat.type} chat`);
    if (status === 'left') throw forbidden(`bot is not a member of the ${chat.type} chat`);
    if (!chat.canWrite && status === 'member') throw badRequest('not enough rights to send text messages to the chat');
    return chat;
  }

  memberOf(chat: ChatState, userId: number): Member {
    return chat.members.get(userId) ?? { status: 'left' };
  }

  isAdmin(chat: ChatState, userId: number): boolean {
    return ['creator', 'administrator'].includes(this.memberOf(chat, userId).status);
  }

  isIn(chat: ChatState, userId: number): boolean {
    return chat.type === 'private'
      ? chat.userId === userId
      : !['left', 'kicked'].includes(this.memberOf(chat, userId).status);
  }

  memberJson(chat: ChatState, userId: number): ChatMember {
    const user = this.userOf(userId);
    if (!user) throw badRequest('user not found');
    const { status, rights } = this.memberOf(chat, userId);
    switch (status) {
      case 'creator':
        return { status, user, is_anonymous: false };
      case 'administrator':
        return { status, user, can_be_edited: false, ...adminFields(chat.type, rights ?? {}) };
      case 'kicked':
        return { status, user, until_date: 0 };
      case 'member':
      case 'left':
        return { status, user };
    }
  }

  findMessage(chat: ChatState, id: number): StoredMessage | undefined {
    return chat.messages.findLast((one) => one.id === id && !one.ephemeral && !one.deleted);
  }

  findEphemeral(chat: ChatState, receiverId: number, id: number): StoredMessage | undefined {
    return chat.messages.find(
      ({ ephemeral, deleted }) => !deleted && ephemeral?.id === id && ephemeral.receiverId === receiverId,
    );
  }

  post(
    draft: Pick<StoredMessage, 'chat' | 'from' | 'content'> &
      Partial<Pick<StoredMessage, 'threadId' | 'replyTo' | 'markup' | 'inlineId' | 'extra'>> & {
        ephemeral?: { readonly receiverId: number; readonly replaces?: StoredMessage | undefined } | undefined;
      },
  ): StoredMessage {
    const { chat, ephemeral } = draft;
    const stored: StoredMessage = {
      ...{ threadId: undefined, replyTo: undefined, markup: undefined, inlineId: undefined, extra: {} },
      ...draft,
      id: ephemeral ? 0 : this.#nextMessageId(chat),
      ephemeral: ephemeral && { replaces: undefined, ...ephemeral, id: ++chat.lastEphemeralId, vanished: false },
      date: this.nowS,
      editDate: undefined,
      deleted: false,
    };
    chat.messages.push(stored);
    return stored;
  }

  #nextMessageId(chat: ChatState): number {
    if (chat.type === 'supergroup') return ++chat.lastMessageId;
    return ++this.#lastMessageId;
  }

  messageJson(stored: StoredMessage, depth = 0): Message {
    const { chat, ephemeral, threadId, replyTo, markup, editDate } = stored;
    const receiver = ephemeral && this.userOf(ephemeral.receiverId);
    return {
      message_id: stored.id,
      from: stored.from,
      chat: this.chatJson(chat),
      date: stored.date,
      ...(ephemeral ? { ephemeral_message_id: ephemeral.id } : {}),
      ...(receiver ? { receiver_user: receiver } : {}),
      ...(threadId === undefined ? {} : { message_thread_id: threadId, is_topic_message: true }),
      ...(replyTo && depth === 0
        ? { reply_to_message: this.messageJson(replyTo, 1) as Message & { reply_to_message: undefined } }
        : {}),
      ...(editDate === undefined ? {} : { edit_date: editDate }),
      ...(stored.inlineId === undefined ? {} : { via_bot: this.bot }),
      ...stored.extra,
      ...contentJson(stored.content),
      ...(markup && markup.inline_keyboard.flat().length > 0 ? { reply_markup: markup } : {}),
    };
  }

  /** Queues an update. `lane` is the chat or person whose order of updates is kept. */
  tell(kind: UpdateKind, value: unknown, lane: number | string): Update | undefined {
    return this.updates.add(kind, value, String(lane));
  }
}

function contentJson(content: Content): Partial<Message> {
  switch (content.kind) {
    case 'text': {
      const { text, entities } = content.words;
      return { text, ...(entities.length > 0 ? { entities: [...entities] } : {}) };
    }
    case 'photo':
      return {
        photo: photoSizes(content.file),
        ...captionJson(content.words),
        ...(content.above ? { show_caption_above_media: true } : {}),
      };
    case 'document':
      return { document: documentOf(content.file), ...captionJson(content.words) };
    case 'invoice': {
      const { title, description, currency, start_parameter = '' } = content.invoice;
      return { invoice: { title, description, currency, start_parameter, total_amount: totalOf(content.invoice) } };
    }
    case 'service':
      return content.fields;
  }
}

function captionJson(words: { text: string; entities: readonly object[] }): Partial<Message> {
  if (words.text === '') return {};
  return {
    caption: words.text,
    ...(words.entities.length > 0 ? { caption_entities: [...words.entities] } : {}),
  } as Partial<Message>;
}

/** The keyboard that stays on a message; the other kinds of markup belong to a person's input field. */
export function keyboardOf(markup: unknown): InlineKeyboardMarkup | undefined {
  const isInline = typeof markup === 'object' && markup !== null && 'inline_keyboard' in markup;
  return isInline ? (markup as InlineKeyboardMarkup) : undefined;
}
