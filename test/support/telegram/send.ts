// sendMessage, sendPhoto, sendDocument, sendInvoice: into a chat for all, or as a message that one member alone sees.
import type { Message } from 'grammy/types';
import { parseHtml } from './html.ts';
import type { ArgsOf } from './methods.ts';
import type { ChatState, Content, StoredMessage, Words } from './model.ts';
import { badRequest, invalid } from './refusal.ts';
import { lengthOf } from './shapes.ts';
import type { Upload } from './wire.ts';
import { keyboardOf, type World } from './world.ts';

const TEXT_MAX = 4096;
const CAPTION_MAX = 1024;
/** How long after a tap or an ephemeral command any bot may answer it with an ephemeral message. */
const EPHEMERAL_WINDOW_MS = 15_000;

type Formatting = { parse_mode?: 'HTML' | undefined };
type Sending = Pick<
  ArgsOf<'sendMessage'>,
  'chat_id' | 'message_thread_id' | 'ephemeral_message_parameters' | 'reply_parameters' | 'reply_markup'
>;

/** The text after its entities are parsed. Throws an invalid request when it cannot be, or is too long or empty. */
export function wordsOf(source: string, { parse_mode: mode }: Formatting, entities: unknown, isCaption = false): Words {
  if (mode && entities !== undefined) throw invalid('parse_mode and entities exclude each other');
  const given = (entities ?? []) as Words['entities'];
  const raw = mode === 'HTML' ? parseHtml(source) : { text: source, entities: given };
  if (given.some((one) => one.offset + one.length > source.length)) throw invalid('ENTITY_BOUNDS_INVALID');
  const { text, entities: kept } = trimmed(raw);
  if (!isCaption && text.trim() === '') throw invalid('message text is empty');
  if (lengthOf(text) > (isCaption ? CAPTION_MAX : TEXT_MAX)) {
    throw invalid(isCaption ? 'message caption is too long' : 'message is too long');
  }
  return { text, entities: [...kept, ...commandsIn(text)] };
}

/** Telegram cuts the blanks around a text, and its entities with them. */
function trimmed({ text, entities }: Words): Words {
  const lead = text.length - text.trimStart().length;
  const rest = text.trim();
  const cut = entities.map((one) => {
    const offset = Math.max(0, one.offset - lead);
    return { ...one, offset, length: Math.min(one.offset - lead + one.length, rest.length) - offset };
  });
  return { text: rest, entities: cut.filter((one) => one.length > 0) };
}

/** What Telegram marks in the text of a person: names and links, beside the commands. */
export function marksIn(text: string): Words['entities'] {
  const found = (type: 'mention' | 'url', pattern: RegExp) =>
    [...text.matchAll(pattern)].map((one) => ({ type, offset: one.index, length: one[0].length }));
  return [...found('mention', /(?<![\w/])@[a-z]\w{3,31}/gi), ...found('url', /https?:\/\/\S+/g)];
}

/** Telegram marks commands, mentions and links itself; of these only commands matter to a bot. */
function commandsIn(text: string): Words['entities'] {
  return [...text.matchAll(/(?<=^|\s)\/\w{1,64}(?:@\w+)?/g)].map((found) => ({
    type: 'bot_command' as const,
    offset: found.index,
    length: found[0].length,
  }));
}

export function textContent(
  args: Pick<ArgsOf<'sendMessage'>, 'text' | 'parse_mode' | 'entities' | 'link_preview_options'>,
): Content {
  return { kind: 'text', words: wordsOf(args.text, args, args.entities), preview: args.link_preview_options };
}

export function captionWords(args: Pick<ArgsOf<'sendPhoto'>, 'caption' | 'parse_mode' | 'caption_entities'>): Words {
  return wordsOf(args.caption ?? '', args, args.caption_entities, true);
}

export function photoContent(world: World, args: ArgsOf<'sendPhoto'>, uploads: ReadonlyMap<string, Upload>): Content {
  const words = captionWords(args);
  const file = world.files.resolve(args.photo, 'photo', uploads);
  return { kind: 'photo', file, words, above: args.show_caption_above_media ?? false };
}

export function documentContent(
  world: World,
  args: ArgsOf<'sendDocument'>,
  uploads: ReadonlyMap<string, Upload>,
): Content {
  return { kind: 'document', words: captionWords(args), file: world.files.resolve(args.document, 'document', uploads) };
}

export function invoiceContent(args: ArgsOf<'sendInvoice'>): Content {
  const first = args.reply_markup?.inline_keyboard.flat()[0];
  if (first && !first.pay) throw invalid('BUTTON_TYPE_INVALID: the first button of an invoice must be a Pay button');
  return { kind: 'invoice', invoice: args };
}

export function send(world: World, args: Sending, content: Content): Message {
  const chat = world.chatToWrite(args.chat_id);
  checkKeyboard(chat, args.reply_markup, { isInvoice: content.kind === 'invoice' });
  const threadId = threadOf(chat, args.message_thread_id);
  const markup = keyboardOf(args.reply_markup);
  const ephemeral = args.ephemeral_message_parameters && ephemeralTarget(world, chat, args);
  const replyTo = ephemeral ? undefined : replyOf(world, chat, args.reply_parameters);
  if (ephemeral && args.reply_markup && !markup) throw invalid('an ephemeral message has an inline keyboard or none');
  return world.messageJson(world.post({ chat, from: world.bot, content, threadId, markup, replyTo, ephemeral }));
}

function threadOf(chat: ChatState, threadId: number | undefined): number | undefined {
  if (threadId === undefined) return undefined;
  const topic = chat.topics.get(threadId);
  if (!chat.isForum || !topic) throw badRequest('message thread not found');
  if (topic.closed) throw badRequest('TOPIC_CLOSED');
  return threadId;
}

function replyOf(world: World, chat: ChatState, reply: Sending['reply_parameters']): StoredMessage | undefined {
  if (!reply) return undefined;
  if (reply.ephemeral_message_id !== undefined) throw badRequest('a reply to an ephemeral message must be ephemeral');
  const target = world.findMessage(chat, reply.message_id ?? 0);
  if (!target && !reply.allow_sending_without_reply) throw badRequest('message to be replied not found');
  return target;
}

/** Buttons that depend on where they stand. */
export function checkKeyboard(chat: ChatState | undefined, markup: unknown, options: { isInvoice: boolean }): void {
  for (const button of keyboardOf(markup)?.inline_keyboard.flat() ?? []) {
    if ('web_app' in button && chat?.type !== 'private') throw invalid('BUTTON_TYPE_INVALID: web_app in a group');
    if ('pay' in button && !options.isInvoice) throw invalid('BUTTON_TYPE_INVALID: a Pay button outside of an invoice');
  }
  const isReplyKeyboard = typeof markup === 'object' && markup !== null && 'keyboard' in markup;
  if (isReplyKeyboard && chat?.type !== 'private') {
    for (const button of (markup as { keyboard: (string | object)[][] }).keyboard.flat()) {
      const isPrivateOnly =
        typeof button === 'object' && Object.keys(button).some((key) => /^(request_|web_app)/.test(key));
      if (isPrivateOnly) throw invalid('such a keyboard button exists in private chats only');
    }
  }
}

function ephemeralTarget(world: World, chat: ChatState, args: Sending) {
  const { receiver_user_id: receiverId, ...wish } = args.ephemeral_message_parameters ?? { receiver_user_id: 0 };
  if (chat.type === 'private') throw invalid('ephemeral messages can be sent only to groups and supergroups');
  if (
    keyboardOf(args.reply_markup)
      ?.inline_keyboard.flat()
      .some((button) => 'login_url' in button)
  ) {
    throw invalid('login_url buttons are not supported in ephemeral messages');
  }
  if (world.userOf(receiverId)?.is_bot) throw badRequest('ephemeral messages can be sent only to people');
  if (!world.isIn(chat, receiverId)) throw badRequest('USER_NOT_PARTICIPANT');
  const now = world.clock.now();
  let replaces: StoredMessage | undefined;
  let isAnswer = false;
  if (wish.callback_query_id !== undefined) {
    const query = world.callbacks.get(wish.callback_query_id);
    if (!query || query.from.id !== receiverId || query.message?.chat !== chat) throw badRequest('QUERY_ID_INVALID');
    isAnswer = now - query.askedAt <= EPHEMERAL_WINDOW_MS;
    // One of these is edited by the methods for it instead.
    if (wish.replace_callback_query_message && query.message.ephemeral) {
      throw invalid('replace_callback_query_message must be False for callback queries from ephemeral messages');
    }
    if (wish.replace_callback_query_message) replaces = query.message;
  } else if (wish.replace_callback_query_message) {
    throw invalid('replace_callback_query_message needs callback_query_id');
  }
  const repliedTo = args.reply_parameters?.ephemeral_message_id;
  if (args.reply_parameters?.allow_sending_without_reply) {
    throw invalid('allow_sending_without_reply is always False for ephemeral messages');
  }
  if (repliedTo !== undefined) {
    const command = chat.messages.find((one) => one.ephemeral?.id === repliedTo && one.from.id === receiverId);
    if (!command) throw badRequest('message to be replied not found');
    isAnswer ||= now - command.date * 1000 <= EPHEMERAL_WINDOW_MS;
  }
  if (!isAnswer && !world.isAdmin(chat, world.bot.id)) throw badRequest('not enough rights to send ephemeral messages');
  return { receiverId, replaces };
}
