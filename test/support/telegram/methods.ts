// Every method of the Bot API that the fake executes, with the fields that Telegram publishes. The compiler compares the
// names of the fields with grammY's types; the values are checked by the shapes.
import type { ApiMethods, Opts, Update } from 'grammy/types';
import { z } from 'zod';
import * as shape from './shapes.ts';
import { inlineButton, inlineResults } from './shapes-inline.ts';
import { checkInvoice, checkVerdict, invoiceFields, shippingOptions } from './shapes-payments.ts';

type FieldsOf<Method extends keyof ApiMethods> = { readonly [Name in keyof Required<Opts<Method>>]: z.ZodType };

const UPDATE_KINDS = [
  ...['message', 'edited_message', 'channel_post', 'edited_channel_post', 'business_connection', 'business_message'],
  ...['edited_business_message', 'deleted_business_messages', 'guest_message', 'stopped_message_generation'],
  ...['message_reaction', 'message_reaction_count', 'inline_query', 'chosen_inline_result', 'callback_query'],
  ...['shipping_query', 'pre_checkout_query', 'purchased_paid_media', 'poll', 'poll_answer', 'my_chat_member'],
  ...['chat_member', 'chat_join_request', 'chat_boost', 'removed_chat_boost', 'managed_bot', 'subscription'],
] as readonly Exclude<keyof Update, 'update_id'>[];

const allowedUpdates = z.array(z.enum(UPDATE_KINDS)).optional();
const { chatId, messageId, flag, parseMode, entities, notModelled, inlineKeyboard } = shape;
const userId = z.int().positive();
const inChat = { chat_id: chatId };
const topic = { message_thread_id: z.int().positive().optional(), direct_messages_topic_id: notModelled };
const delivery = {
  disable_notification: flag,
  protect_content: flag,
  allow_paid_broadcast: notModelled,
  suggested_post_parameters: notModelled,
  message_effect_id: notModelled,
  reply_parameters: shape.replyParameters,
  reply_to_message_id: notModelled,
};
const sending = {
  business_connection_id: notModelled,
  ...inChat,
  ...topic,
  ephemeral_message_parameters: shape.ephemeral,
  ...delivery,
  reply_markup: shape.anyMarkup.optional(),
};
const captioned = { caption: shape.caption, parse_mode: parseMode, caption_entities: entities };
const editing = {
  business_connection_id: notModelled,
  chat_id: chatId.optional(),
  message_id: messageId.optional(),
  inline_message_id: z.string().min(1).optional(),
  reply_markup: inlineKeyboard.optional(),
};
const editingEphemeral = {
  ...inChat,
  receiver_user_id: userId,
  ephemeral_message_id: z.int().positive(),
  reply_markup: inlineKeyboard.optional(),
};
const texts = { text: shape.text, parse_mode: parseMode, entities, link_preview_options: shape.linkPreview };
const command = z.strictObject({
  command: z.string().regex(/^[a-z0-9_]{1,32}$/, 'BOT_COMMAND_INVALID'),
  description: z
    .string()
    .refine((value) => shape.lengthOf(value) >= 1 && shape.lengthOf(value) <= 256, 'BOT_COMMAND_DESCRIPTION_INVALID'),
  is_ephemeral: flag,
});
const scoped = { scope: shape.commandScope, language_code: shape.languageCode };
const upTo = (most: number, words: string) =>
  z
    .string()
    .refine((value) => shape.lengthOf(value) <= most, words)
    .optional();
const invoiceLink = {
  business_connection_id: notModelled,
  ...invoiceFields,
  subscription_period: z.literal(2_592_000, { error: 'SUBSCRIPTION_PERIOD_INVALID' }).optional(),
};
const sendInvoice = {
  ...inChat,
  ...topic,
  ...invoiceFields,
  start_parameter: z
    .string()
    .regex(/^[\w-]{0,64}$/, 'START_PARAM_INVALID')
    .optional(),
  ...delivery,
  reply_markup: inlineKeyboard.optional(),
};

const object = z.strictObject;

/** A message is named by its chat and number, or by its inline id, and never by both. */
function named<Shape extends z.ZodRawShape>(fields: Shape) {
  return object(fields).superRefine((value, context) => {
    const { chat_id: chat, message_id: message, inline_message_id: inline } = value as Record<string, unknown>;
    const right = inline === undefined ? chat !== undefined && message !== undefined : chat === undefined;
    if (!right) context.addIssue('message identifier is not specified');
  });
}

export const METHODS = {
  getMe: object({}),
  getUpdates: object({
    offset: z.int().optional(),
    limit: z.int().min(1).max(100).optional(),
    timeout: z.int().min(0).optional(),
    allowed_updates: allowedUpdates,
  } satisfies FieldsOf<'getUpdates'>),
  setWebhook: object({
    url: z.string(),
    certificate: notModelled,
    ip_address: notModelled,
    max_connections: z.int().min(1).max(100).optional(),
    allowed_updates: allowedUpdates,
    drop_pending_updates: flag,
    secret_token: z
      .string()
      .regex(/^[\w-]{1,256}$/, 'secret token contains unallowed characters')
      .optional(),
  } satisfies FieldsOf<'setWebhook'>),
  deleteWebhook: object({ drop_pending_updates: flag } satisfies FieldsOf<'deleteWebhook'>),
  getWebhookInfo: object({}),
  setMyCommands: object({
    commands: z.array(command).max(100, 'BOT_COMMANDS_TOO_MUCH'),
    ...scoped,
  } satisfies FieldsOf<'setMyCommands'>),
  getMyCommands: object(scoped satisfies FieldsOf<'getMyCommands'>),
  deleteMyCommands: object(scoped satisfies FieldsOf<'deleteMyCommands'>),
  setMyDescription: object({
    description: upTo(512, 'BOT_DESCRIPTION_TOO_LONG'),
    language_code: shape.languageCode,
  } satisfies FieldsOf<'setMyDescription'>),
  setMyShortDescription: object({
    short_description: upTo(120, 'BOT_SHORT_DESCRIPTION_TOO_LONG'),
    language_code: shape.languageCode,
  } satisfies FieldsOf<'setMyShortDescription'>),
  getMyDescription: object({ language_code: shape.languageCode } satisfies FieldsOf<'getMyDescription'>),
  getMyShortDescription: object({ language_code: shape.languageCode } satisfies FieldsOf<'getMyShortDescription'>),
  sendMessage: object({ ...sending, ...texts } satisfies FieldsOf<'sendMessage'>),
  sendPhoto: object({
    ...sending,
    ...captioned,
    photo: shape.fileField,
    show_caption_above_media: flag,
    has_spoiler: flag,
  } satisfies FieldsOf<'sendPhoto'>),
  sendDocument: object({
    ...sending,
    ...captioned,
    document: shape.fileField,
    thumbnail: notModelled,
    disable_content_type_detection: flag,
  } satisfies FieldsOf<'sendDocument'>),
  sendInvoice: object(sendInvoice satisfies FieldsOf<'sendInvoice'>).superRefine(checkInvoice),
  sendChatAction: object({
    business_connection_id: notModelled,
    ...inChat,
    message_thread_id: z.int().positive().optional(),
    action: z.enum(['typing', 'upload_photo', 'upload_document', 'choose_sticker', 'find_location']),
  } satisfies FieldsOf<'sendChatAction'>),
  editMessageText: named({ ...editing, ...texts, rich_message: notModelled } satisfies FieldsOf<'editMessageText'>),
  editMessageCaption: named({
    ...editing,
    ...captioned,
    show_caption_above_media: flag,
  } satisfies FieldsOf<'editMessageCaption'>),
  editMessageMedia: named({ ...editing, media: shape.inputMedia } satisfies FieldsOf<'editMessageMedia'>),
  editMessageReplyMarkup: named(editing satisfies FieldsOf<'editMessageReplyMarkup'>),
  editEphemeralMessageText: object({
    ...editingEphemeral,
    ...texts,
    rich_message: notModelled,
  } satisfies FieldsOf<'editEphemeralMessageText'>),
  editEphemeralMessageCaption: object({
    ...editingEphemeral,
    ...captioned,
    show_caption_above_media: flag,
  } satisfies FieldsOf<'editEphemeralMessageCaption'>),
  editEphemeralMessageMedia: object({
    ...editingEphemeral,
    media: shape.inputMedia,
  } satisfies FieldsOf<'editEphemeralMessageMedia'>),
  editEphemeralMessageReplyMarkup: object(editingEphemeral satisfies FieldsOf<'editEphemeralMessageReplyMarkup'>),
  deleteEphemeralMessage: object({
    ...inChat,
    receiver_user_id: userId,
    ephemeral_message_id: z.int().positive(),
  } satisfies FieldsOf<'deleteEphemeralMessage'>),
  deleteMessage: object({ ...inChat, message_id: messageId } satisfies FieldsOf<'deleteMessage'>),
  deleteMessages: object({
    ...inChat,
    message_ids: z.array(messageId).min(1).max(100),
  } satisfies FieldsOf<'deleteMessages'>),
  pinChatMessage: object({
    business_connection_id: notModelled,
    ...inChat,
    message_id: messageId,
    disable_notification: flag,
  } satisfies FieldsOf<'pinChatMessage'>),
  unpinChatMessage: object({
    business_connection_id: notModelled,
    ...inChat,
    message_id: messageId.optional(),
  } satisfies FieldsOf<'unpinChatMessage'>),
  getChat: object(inChat satisfies FieldsOf<'getChat'>),
  getChatMember: object({ ...inChat, user_id: userId } satisfies FieldsOf<'getChatMember'>),
  getChatMemberCount: object(inChat satisfies FieldsOf<'getChatMemberCount'>),
  getChatAdministrators: object({ ...inChat, return_bots: flag } satisfies FieldsOf<'getChatAdministrators'>),
  leaveChat: object(inChat satisfies FieldsOf<'leaveChat'>),
  createForumTopic: object({
    ...inChat,
    name: z.string().refine((name) => shape.lengthOf(name) >= 1 && shape.lengthOf(name) <= 128, 'TOPIC_TITLE_INVALID'),
    icon_color: z.int().optional(),
    icon_custom_emoji_id: notModelled,
  } satisfies FieldsOf<'createForumTopic'>),
  getFile: object({ file_id: shape.fileField } satisfies FieldsOf<'getFile'>),
  answerCallbackQuery: object({
    callback_query_id: z.string().min(1),
    text: upTo(200, 'MESSAGE_TOO_LONG'),
    show_alert: flag,
    // Of a game, or into the bot's own chat.
    url: z
      .string()
      .regex(/^(https?:\/\/t\.me\/|tg:\/\/resolve\?domain=)\w+[?&]start=[\w-]{0,64}$/, 'URL_INVALID')
      .optional(),
    cache_time: z.int().min(0).optional(),
  } satisfies FieldsOf<'answerCallbackQuery'>),
  answerInlineQuery: object({
    inline_query_id: z.string().min(1),
    results: inlineResults,
    cache_time: z.int().min(0).optional(),
    is_personal: flag,
    next_offset: z
      .string()
      .refine((offset) => shape.bytesOf(offset) <= 64, 'NEXT_OFFSET_INVALID')
      .optional(),
    button: inlineButton,
  } satisfies FieldsOf<'answerInlineQuery'>),
  createInvoiceLink: object(invoiceLink satisfies FieldsOf<'createInvoiceLink'>).superRefine(checkInvoice),
  answerPreCheckoutQuery: object({
    pre_checkout_query_id: z.string().min(1),
    ok: z.boolean(),
    error_message: z.string().optional(),
  } satisfies FieldsOf<'answerPreCheckoutQuery'>).superRefine(checkVerdict),
  answerShippingQuery: object({
    shipping_query_id: z.string().min(1),
    ok: z.boolean(),
    shipping_options: shippingOptions,
    error_message: z.string().optional(),
  } satisfies FieldsOf<'answerShippingQuery'>).superRefine((answer, context) => {
    checkVerdict(answer, context);
    if (answer.ok !== (answer.shipping_options !== undefined)) context.addIssue('SHIPPING_OPTIONS_INVALID');
  }),
  refundStarPayment: object({
    user_id: userId,
    telegram_payment_charge_id: z.string().min(1, 'CHARGE_ID_EMPTY'),
  } satisfies FieldsOf<'refundStarPayment'>),
  getStarTransactions: object({
    offset: z.int().min(0).optional(),
    limit: z.int().min(1).max(100).optional(),
  } satisfies FieldsOf<'getStarTransactions'>),
  getMyStarBalance: object({}),
};

export type MethodName = keyof typeof METHODS;
export type ArgsOf<Method extends MethodName> = z.infer<(typeof METHODS)[Method]>;
export type UpdateKind = Exclude<keyof Update, 'update_id'>;
