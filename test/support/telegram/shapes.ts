// The published types and limits that several methods share, as strict zod shapes: an unknown field is an invalid request.
// A message of an issue is what Telegram says in its description.
import { isIP } from 'node:net';
import { z } from 'zod';

export const bytesOf = (text: string): number => Buffer.byteLength(text);
/** Characters as Telegram counts them: code points. */
export const lengthOf = (text: string): number => Array.from(text).length;

/** Telegram knows this field and the fake has no model of it: using it needs work here first. */
export const notModelled = z.undefined({ error: 'the fake Bot API does not model this field' }).optional();
/** Telegram itself would take digits in a string for a number; what it publishes is an integer or @username. */
export const chatId = z.union([
  z.int({ error: 'chat_id is an integer or @username' }),
  z.string().regex(/^@[A-Za-z]\w{3,31}$/, 'chat_id is an integer or @username, no other string'),
]);
export const messageId = z.int().positive('message identifier is not specified');
export const flag = z.boolean().optional();
export const parseMode = z.enum(['HTML'], { error: 'the fake reads parse_mode HTML and entities' }).optional();
/** Real messages of 4096 characters may have up to 32 KB of markup. */
export const text = z.string().refine((value) => bytesOf(value) <= 32_768, 'message is too long');
export const caption = text.optional();
export const languageCode = z
  .string()
  .regex(/^([a-z]{2})?$/, 'invalid language code specified')
  .optional();

const ENTITY_KINDS: ReadonlySet<string> = new Set([
  ...['mention', 'hashtag', 'cashtag', 'bot_command', 'url', 'email', 'phone_number', 'bold', 'italic', 'underline'],
  ...['strikethrough', 'spoiler', 'blockquote', 'expandable_blockquote', 'code', 'pre', 'text_link', 'text_mention'],
  ...['custom_emoji', 'date_time'],
]);

export const entities = z
  .array(
    z.strictObject({
      type: z.string().refine((type) => ENTITY_KINDS.has(type), 'unsupported entity type'),
      offset: z.int().min(0),
      length: z.int().positive(),
      url: z.string().optional(),
      user: z.looseObject({ id: z.int() }).optional(),
      language: z.string().optional(),
      custom_emoji_id: z.string().optional(),
      unix_time: z.int().optional(),
      date_time_format: z
        .string()
        .regex(/^(r|w?[dD]?[tT]?)$/)
        .optional(),
    }),
  )
  .optional();

/** True for what a client can open. Telegram refuses names without a dot, "localhost" among them. */
function isOpenable(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  if (protocol === 'tg:' || protocol === 'ton:') return true;
  return (protocol === 'http:' || protocol === 'https:') && (hostname.includes('.') || isIP(hostname) > 0);
}

const buttonUrl = z.string().refine(isOpenable, 'inline keyboard button URL is invalid: Wrong HTTP URL');
export const httpsUrl = z
  .string()
  .refine((url) => url.startsWith('https:') && isOpenable(url), 'Only HTTPS links are allowed');
const webApp = z.strictObject({ url: httpsUrl });

const KINDS = [
  ...['url', 'callback_data', 'web_app', 'login_url', 'switch_inline_query', 'switch_inline_query_current_chat'],
  ...['switch_inline_query_chosen_chat', 'copy_text', 'callback_game', 'pay', 'disabled'],
];

const inlineButton = z
  .strictObject({
    text: z.string().min(1, 'can\'t parse inline keyboard button: Field "text" must be non-empty'),
    icon_custom_emoji_id: z.string().regex(/^\d+$/).optional(),
    style: z.enum(['danger', 'success', 'primary']).optional(),
    url: buttonUrl.optional(),
    callback_data: z
      .string()
      .refine((data) => bytesOf(data) >= 1 && bytesOf(data) <= 64, 'BUTTON_DATA_INVALID')
      .optional(),
    web_app: webApp.optional(),
    login_url: z
      .strictObject({
        url: httpsUrl,
        forward_text: z.string().optional(),
        bot_username: z.string().optional(),
        request_write_access: flag,
      })
      .optional(),
    switch_inline_query: z.string().optional(),
    switch_inline_query_current_chat: z.string().optional(),
    switch_inline_query_chosen_chat: z
      .strictObject({
        query: z.string().optional(),
        allow_user_chats: flag,
        allow_bot_chats: flag,
        allow_group_chats: flag,
        allow_channel_chats: flag,
      })
      .optional(),
    copy_text: z
      .strictObject({
        text: z.string().refine((value) => lengthOf(value) >= 1 && lengthOf(value) <= 256, 'BUTTON_COPY_TEXT_INVALID'),
      })
      .optional(),
    callback_game: notModelled,
    pay: z.literal(true).optional(),
    disabled: z.strictObject({}).optional(),
  })
  .superRefine((button, context) => {
    const kinds = KINDS.filter((kind) => kind in button);
    if (kinds.length === 0) context.addIssue('Text buttons are unallowed in the inline keyboard');
    if (kinds.length > 1) context.addIssue(`a button has exactly one kind, not ${kinds.join(' and ')}`);
  });

/** Written nowhere; beyond it Telegram has been seen to refuse a keyboard of fewer than 100 buttons. */
const MARKUP_MAX_BYTES = 10_000;

export const inlineKeyboard = z
  .strictObject({ inline_keyboard: z.array(z.array(inlineButton).max(8, 'BUTTON_ROW_TOO_LONG')), force_reply: flag })
  .superRefine(({ inline_keyboard: rows }, context) => {
    const bytes = bytesOf(JSON.stringify(rows));
    if (rows.flat().length > 100 || bytes > MARKUP_MAX_BYTES) context.addIssue('reply markup is too long');
    for (const [index, button] of rows.flat().entries()) {
      if (button.pay && index > 0) context.addIssue('BUTTON_TYPE_INVALID: a pay button must be the first');
    }
  });

const placeholder = z
  .string()
  .refine((value) => lengthOf(value) >= 1 && lengthOf(value) <= 64, 'input field placeholder is too long')
  .optional();

const replyButton = z.union([
  z.string().min(1),
  z.strictObject({
    text: z.string().min(1),
    style: z.enum(['danger', 'success', 'primary']).optional(),
    request_contact: flag,
    request_location: flag,
    web_app: webApp.optional(),
  }),
]);

export const anyMarkup = z.union([
  inlineKeyboard,
  z.strictObject({
    keyboard: z.array(z.array(replyButton).max(12)).max(300),
    is_persistent: flag,
    resize_keyboard: flag,
    one_time_keyboard: flag,
    input_field_placeholder: placeholder,
    selective: flag,
    force_reply: flag,
  }),
  z.strictObject({ remove_keyboard: z.literal(true), selective: flag }),
  z.strictObject({ force_reply: z.literal(true), input_field_placeholder: placeholder, selective: flag }),
]);

export const replyParameters = z
  .strictObject({
    message_id: messageId.optional(),
    ephemeral_message_id: z.int().positive().optional(),
    chat_id: chatId.optional(),
    allow_sending_without_reply: flag,
    quote: z.string().max(1024).optional(),
    quote_parse_mode: parseMode,
    quote_entities: entities,
    quote_position: z.int().optional(),
    checklist_task_id: notModelled,
    poll_option_id: notModelled,
  })
  .refine(
    (reply) => (reply.message_id === undefined) !== (reply.ephemeral_message_id === undefined),
    'parameters "reply_parameters" need exactly one of message_id and ephemeral_message_id',
  )
  .optional();

export const ephemeral = z
  .strictObject({
    receiver_user_id: z.int().positive(),
    callback_query_id: z.string().min(1).optional(),
    replace_callback_query_message: flag,
  })
  .optional();

export const linkPreview = z
  .strictObject({
    is_disabled: flag,
    url: z.string().optional(),
    prefer_small_media: flag,
    prefer_large_media: flag,
    show_above_text: flag,
  })
  .optional();

/** A file_id, an HTTP URL or attach://<part>; which of them it is, and whether it exists, is looked up later. */
export const fileField = z.string().min(1, 'there is no file in the request');

const mediaCaption = { caption, parse_mode: parseMode, caption_entities: entities };
export const inputMedia = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('photo'),
    media: fileField,
    ...mediaCaption,
    show_caption_above_media: flag,
    has_spoiler: flag,
  }),
  z.strictObject({
    type: z.literal('document'),
    media: fileField,
    ...mediaCaption,
    thumbnail: notModelled,
    disable_content_type_detection: flag,
  }),
]);

export const commandScope = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('default') }),
    z.strictObject({ type: z.literal('all_private_chats') }),
    z.strictObject({ type: z.literal('all_group_chats') }),
    z.strictObject({ type: z.literal('all_chat_administrators') }),
    z.strictObject({ type: z.literal('chat'), chat_id: chatId }),
    z.strictObject({ type: z.literal('chat_administrators'), chat_id: chatId }),
    z.strictObject({ type: z.literal('chat_member'), chat_id: chatId, user_id: z.int() }),
  ])
  .optional();
