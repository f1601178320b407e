// One request of the bot, executed: which method does what.
import type { ArgsOf, MethodName } from './methods.ts';
import * as chats from './chats.ts';
import * as edit from './edit.ts';
import { wordsOf, documentContent, invoiceContent, photoContent, send, textContent, checkKeyboard } from './send.ts';
import * as payments from './payments.ts';
import { badRequest } from './refusal.ts';
import type { Upload } from './wire.ts';
import type { World } from './world.ts';

export type Call = {
  readonly world: World;
  readonly uploads: ReadonlyMap<string, Upload>;
  /** Aborts when the client of this request went away. */
  readonly gone: AbortSignal;
};

const INLINE_MS = 30_000;

type Handlers = { readonly [Method in MethodName]: (call: Call, args: ArgsOf<Method>) => unknown };

const HANDLERS: Handlers = {
  getMe: ({ world }) => ({
    ...world.bot,
    can_join_groups: true,
    can_read_all_group_messages: world.readsAll,
    supports_guest_queries: false,
    supports_inline_queries: true,
    can_connect_to_business: false,
    has_main_web_app: false,
    has_topics_enabled: false,
    allows_users_to_create_topics: false,
    can_manage_bots: false,
    supports_join_request_queries: false,
  }),
  getUpdates: ({ world, gone }, args) => {
    if (args.allowed_updates) world.updates.allowed = args.allowed_updates;
    const { offset = 0, limit = 100, timeout = 0 } = args;
    return world.updates.poll({ offset, limit, timeoutS: timeout, gone });
  },
  setWebhook: ({ world }, args) => {
    if (args.drop_pending_updates) world.updates.drop();
    if (args.allowed_updates) world.updates.allowed = args.allowed_updates;
    world.updates.setWebhook(args.url === '' ? undefined : { url: args.url, secret: args.secret_token });
    return true;
  },
  deleteWebhook: ({ world }, args) => {
    if (args.drop_pending_updates) world.updates.drop();
    world.updates.setWebhook(undefined);
    return true;
  },
  getWebhookInfo: ({ world }) => {
    const { webhook, lastError, allowed, pending } = world.updates;
    const error = lastError && {
      last_error_date: Math.floor(lastError.at / 1000),
      last_error_message: lastError.message,
    };
    const about = { url: webhook?.url ?? '', has_custom_certificate: false, pending_update_count: pending };
    return { ...about, ...error, ...(allowed.length > 0 ? { allowed_updates: allowed } : {}) };
  },
  setMyCommands: ({ world }, args) => chats.setCommands(world, args),
  getMyCommands: ({ world }, args) => chats.getCommands(world, args),
  deleteMyCommands: ({ world }, args) => chats.deleteCommands(world, args),
  setMyDescription: ({ world }, args) => {
    world.descriptions.set(`description:${args.language_code ?? ''}`, args.description ?? '');
    return true;
  },
  setMyShortDescription: ({ world }, args) => {
    world.descriptions.set(`short:${args.language_code ?? ''}`, args.short_description ?? '');
    return true;
  },
  // Telegram answers with the words for everybody where a language has none of its own.
  getMyDescription: ({ world }, args) => ({ description: descriptionOf(world, 'description', args.language_code) }),
  getMyShortDescription: ({ world }, args) => ({
    short_description: descriptionOf(world, 'short', args.language_code),
  }),
  sendMessage: ({ world }, args) => send(world, args, textContent(args)),
  sendPhoto: ({ world, uploads }, args) => send(world, args, photoContent(world, args, uploads)),
  sendDocument: ({ world, uploads }, args) => send(world, args, documentContent(world, args, uploads)),
  sendInvoice: ({ world }, args) => send(world, args, invoiceContent(args)),
  sendChatAction: ({ world }, args) => {
    const { id } = world.chatToWrite(args.chat_id);
    world.actions.push({ chatId: id, action: args.action });
    return true;
  },
  editMessageText: ({ world }, args) => {
    const stored = edit.messageToEdit(world, args);
    return edit.applyEdit(world, stored, edit.textEdit(stored, args));
  },
  editMessageCaption: ({ world }, args) => {
    const stored = edit.messageToEdit(world, args);
    return edit.applyEdit(world, stored, edit.captionEdit(stored, args));
  },
  editMessageMedia: ({ world, uploads }, args) => {
    const stored = edit.messageToEdit(world, args);
    return edit.applyEdit(world, stored, edit.mediaEdit(world, stored, args, uploads));
  },
  editMessageReplyMarkup: ({ world }, args) => {
    const stored = edit.messageToEdit(world, args);
    return edit.applyEdit(world, stored, edit.markupEdit(stored, args));
  },
  editEphemeralMessageText: ({ world }, args) => {
    const stored = edit.ephemeralToEdit(world, args);
    return edit.applyEdit(world, stored, edit.textEdit(stored, args));
  },
  editEphemeralMessageCaption: ({ world }, args) => {
    const stored = edit.ephemeralToEdit(world, args);
    return edit.applyEdit(world, stored, edit.captionEdit(stored, args));
  },
  editEphemeralMessageMedia: ({ world, uploads }, args) => {
    const stored = edit.ephemeralToEdit(world, args);
    return edit.applyEdit(world, stored, edit.mediaEdit(world, stored, args, uploads));
  },
  editEphemeralMessageReplyMarkup: ({ world }, args) => {
    const stored = edit.ephemeralToEdit(world, args);
    return edit.applyEdit(world, stored, edit.markupEdit(stored, args));
  },
  deleteEphemeralMessage: ({ world }, args) => {
    edit.ephemeralToEdit(world, args).deleted = true;
    return true;
  },
  deleteMessage: ({ world }, args) => edit.deleteMessage(world, args),
  deleteMessages: ({ world }, { chat_id: chatId, message_ids: ids }) => {
    const chat = world.chatToWrite(chatId);
    // Of several messages the missing ones are skipped.
    const there = ids.filter((id) => world.findMessage(chat, id));
    for (const id of there) edit.deleteMessage(world, { chat_id: chatId, message_id: id });
    return true;
  },
  pinChatMessage: ({ world }, args) => chats.pinMessage(world, args),
  unpinChatMessage: ({ world }, args) => chats.unpinMessage(world, args),
  getChat: ({ world }, args) => chats.getChat(world, args),
  getChatMember: ({ world }, args) => chats.getChatMember(world, args),
  getChatMemberCount: ({ world }, args) => chats.memberCount(world.chatToWrite(args.chat_id)),
  getChatAdministrators: ({ world }, args) => chats.getChatAdministrators(world, args),
  leaveChat: ({ world }, args) => chats.leaveChat(world, args),
  createForumTopic: ({ world }, args) => chats.createTopic(world, args),
  getFile: ({ world }, args) => {
    const file = world.files.get(args.file_id);
    if (!file) throw badRequest('wrong file_id or the file is temporarily unavailable');
    const about = { file_id: file.fileId, file_unique_id: file.uniqueId, file_size: file.bytes.length };
    return { ...about, file_path: world.files.pathOf(file) };
  },
  answerCallbackQuery: ({ world }, args) => payments.answerCallback(world, args),
  answerInlineQuery: ({ world }, args) => {
    for (const result of args.results) {
      const content = result.input_message_content;
      if (content && 'message_text' in content) wordsOf(content.message_text, content, content.entities);
      if ('caption' in result) wordsOf(result.caption ?? '', result, result.caption_entities, true);
      if ('photo_file_id' in result) world.files.resolve(result.photo_file_id, 'photo', new Map());
      if ('document_file_id' in result) world.files.resolve(result.document_file_id, 'document', new Map());
      checkKeyboard(undefined, result.reply_markup, { isInvoice: content !== undefined && 'prices' in content });
    }
    const value = { results: args.results, args };
    return payments.answer(world, world.inlineQueries, { id: args.inline_query_id, value, withinMs: INLINE_MS });
  },
  createInvoiceLink: ({ world }, args) => payments.createLink(world, args),
  answerPreCheckoutQuery: ({ world }, args) => payments.answerPreCheckout(world, args),
  answerShippingQuery: ({ world }, args) => payments.answerShipping(world, args),
  refundStarPayment: ({ world }, args) => payments.refund(world, args),
  getStarTransactions: ({ world }, args) => payments.starTransactions(world, args),
  getMyStarBalance: ({ world }) => ({ amount: payments.starBalance(world) }),
};

const descriptionOf = ({ descriptions }: World, kind: 'description' | 'short', language = ''): string =>
  (descriptions.get(`${kind}:${language}`) || descriptions.get(`${kind}:`)) ?? '';

/** The result of a call whose arguments were checked. Throws a Refusal. */
export async function execute<Method extends MethodName>(call: Call, method: Method, args: unknown): Promise<unknown> {
  const handler = HANDLERS[method] as (call: Call, args: unknown) => unknown;
  return handler(call, args);
}
