// What the fake keeps: people, chats, messages, files, questions that wait for the bot's answer, and the books.
import type {
  Chat,
  InlineKeyboardMarkup,
  Message,
  MessageEntity,
  OrderInfo,
  StarTransaction,
  User,
} from 'grammy/types';
import type { ArgsOf } from './methods.ts';
import type { InlineResult } from './shapes-inline.ts';

export type AdminRights = {
  readonly can_delete_messages?: boolean;
  readonly can_pin_messages?: boolean;
  readonly can_manage_topics?: boolean;
  readonly can_invite_users?: boolean;
};

export type Member = {
  readonly status: 'creator' | 'administrator' | 'member' | 'left' | 'kicked';
  readonly rights?: AdminRights;
};

export type Topic = { readonly id: number; name: string; closed: boolean };

export type ChatState = {
  readonly id: number;
  readonly type: 'private' | 'group' | 'supergroup';
  readonly title: string;
  readonly username: string | undefined;
  readonly isForum: boolean;
  /** The person of a private chat. */
  readonly userId: number | undefined;
  readonly members: Map<number, Member>;
  readonly topics: Map<number, Topic>;
  readonly messages: StoredMessage[];
  readonly pinned: number[];
  lastMessageId: number;
  lastEphemeralId: number;
  migratedTo: number | undefined;
  /** False: members may not write; administrators still may. */
  canWrite: boolean;
};

export type FileState = {
  readonly fileId: string;
  readonly uniqueId: string;
  readonly name: string;
  readonly mime: string;
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
  readonly kind: 'photo' | 'document';
};

export type Words = { readonly text: string; readonly entities: readonly MessageEntity[] };
export type InvoiceArgs = ArgsOf<'createInvoiceLink'> & { readonly start_parameter?: string | undefined };

export type Content =
  | { readonly kind: 'text'; readonly words: Words; readonly preview?: object | undefined }
  | { readonly kind: 'photo'; readonly file: FileState; readonly words: Words; readonly above: boolean }
  | { readonly kind: 'document'; readonly file: FileState; readonly words: Words }
  | { readonly kind: 'invoice'; readonly invoice: InvoiceArgs }
  | { readonly kind: 'service'; readonly fields: Partial<Message> };

export type StoredMessage = {
  readonly chat: ChatState;
  /** 0 for an ephemeral message. */
  readonly id: number;
  readonly ephemeral: Ephemeral | undefined;
  readonly from: User;
  /** Unix seconds. */
  readonly date: number;
  readonly threadId: number | undefined;
  readonly replyTo: StoredMessage | undefined;
  readonly inlineId: string | undefined;
  /** What else stands on it: whose forward it is, an album, the anonymous administrator's chat. */
  readonly extra: Partial<Message>;
  content: Content;
  markup: InlineKeyboardMarkup | undefined;
  editDate: number | undefined;
  deleted: boolean;
};

export type Ephemeral = {
  readonly id: number;
  readonly receiverId: number;
  /** The message in whose place it is shown. */
  readonly replaces: StoredMessage | undefined;
  /** Gone from the person's screen without the server knowing, as after a restart of the app. */
  vanished: boolean;
};

export type CallbackAnswer = {
  readonly text: string | undefined;
  readonly showAlert: boolean;
  readonly url: string | undefined;
};

/** A question of the platform that the bot answers by its id. */
export type Question<Answer> = {
  readonly id: string;
  readonly from: User;
  /** Instant, ms. */
  readonly askedAt: number;
  readonly message: StoredMessage | undefined;
  answer: Answer | undefined;
  answeredAt: number | undefined;
};

export type Verdict = { readonly ok: true } | { readonly ok: false; readonly error: string };
export type ShippingVerdict =
  | { readonly ok: true; readonly options: NonNullable<ArgsOf<'answerShippingQuery'>['shipping_options']> }
  | { readonly ok: false; readonly error: string };
export type InlineAnswer = { readonly results: readonly InlineResult[]; readonly args: ArgsOf<'answerInlineQuery'> };

/** Money that the platform took from a person and owes the bot's owner. */
export type PaidEntry = {
  readonly chargeId: string;
  readonly providerChargeId: string;
  readonly userId: number;
  readonly chat: ChatState;
  readonly currency: string;
  readonly totalAmount: number;
  readonly payload: string;
  readonly orderInfo: OrderInfo | undefined;
  /** Instant, ms. */
  readonly at: number;
  refunded: boolean;
};

export type Books = { readonly payments: PaidEntry[]; readonly stars: StarTransaction[] };

export type Person = {
  readonly user: User;
  /** Telegram for iOS ignores ?start= in a chat that is open already. */
  readonly ios: boolean;
  started: boolean;
  blocked: boolean;
  deactivated: boolean;
};

export function chatOf(chat: ChatState, person: Person | undefined): Chat {
  if (chat.type === 'private') {
    const { id, first_name, last_name, username } = person?.user ?? { id: chat.id, first_name: '' };
    const names = { ...(last_name ? { last_name } : {}), ...(username ? { username } : {}) };
    return { id, type: 'private', first_name, ...names };
  }
  if (chat.type === 'group') return { id: chat.id, type: 'group', title: chat.title };
  const username = chat.username === undefined ? {} : { username: chat.username };
  return {
    id: chat.id,
    type: 'supergroup',
    title: chat.title,
    ...username,
    ...(chat.isForum ? { is_forum: true } : {}),
  };
}
