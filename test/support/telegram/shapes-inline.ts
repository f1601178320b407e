// Answers to inline queries: articles, photos and documents that are on Telegram's servers already.
import { z } from 'zod';
import {
  bytesOf,
  caption,
  entities,
  fileField,
  flag,
  httpsUrl,
  inlineKeyboard,
  lengthOf,
  linkPreview,
  parseMode,
  text,
} from './shapes.ts';
import { checkInvoice, invoiceFields } from './shapes-payments.ts';

const textContent = z.strictObject({
  message_text: text,
  parse_mode: parseMode,
  entities,
  link_preview_options: linkPreview,
});
const content = z.union([textContent, z.strictObject(invoiceFields).superRefine(checkInvoice)]);
const id = z.string().refine((value) => bytesOf(value) >= 1 && bytesOf(value) <= 64, 'RESULT_ID_INVALID');
const captioned = { caption, parse_mode: parseMode, caption_entities: entities };
const shown = { reply_markup: inlineKeyboard.optional(), description: z.string().optional() };

const article = z.strictObject({
  type: z.literal('article'),
  id,
  title: z.string().min(1, 'ARTICLE_TITLE_EMPTY'),
  input_message_content: content,
  ...shown,
  url: z.string().optional(),
  thumbnail_url: httpsUrl.optional(),
  thumbnail_width: z.int().positive().optional(),
  thumbnail_height: z.int().positive().optional(),
});
const cachedPhoto = z.strictObject({
  type: z.literal('photo'),
  id,
  photo_file_id: fileField,
  title: z.string().optional(),
  ...shown,
  ...captioned,
  show_caption_above_media: flag,
  input_message_content: content.optional(),
});
const photo = z.strictObject({
  type: z.literal('photo'),
  id,
  photo_url: httpsUrl,
  thumbnail_url: httpsUrl,
  photo_width: z.int().positive().optional(),
  photo_height: z.int().positive().optional(),
  title: z.string().optional(),
  ...shown,
  ...captioned,
  show_caption_above_media: flag,
  input_message_content: content.optional(),
});
const cachedDocument = z.strictObject({
  type: z.literal('document'),
  id,
  title: z.string().min(1),
  document_file_id: fileField,
  ...shown,
  ...captioned,
  input_message_content: content.optional(),
});

export const inlineResults = z
  .array(z.union([article, cachedPhoto, photo, cachedDocument]))
  .max(50, 'RESULTS_TOO_MUCH')
  .refine((results) => new Set(results.map((one) => one.id)).size === results.length, 'RESULT_ID_DUPLICATE');
export type InlineResult = z.infer<typeof inlineResults>[number];

export const inlineButton = z
  .strictObject({
    text: z.string().refine((value) => lengthOf(value) >= 1 && lengthOf(value) <= 64, 'BUTTON_TEXT_INVALID'),
    web_app: z.strictObject({ url: httpsUrl }).optional(),
    start_parameter: z
      .string()
      .regex(/^[\w-]{1,64}$/, 'START_PARAM_INVALID')
      .optional(),
  })
  .refine((button) => (button.web_app === undefined) !== (button.start_parameter === undefined), 'one kind of button')
  .optional();
