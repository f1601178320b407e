// Edits and deletions: of messages that all see, of inline ones, and of those that one member alone sees.
import type { InlineKeyboardMarkup, Message } from 'grammy/types';
import type { ArgsOf } from './methods.ts';
import type { Content, StoredMessage } from './model.ts';
import { badRequest } from './refusal.ts';
import { captionWords, checkKeyboard, textContent } from './send.ts';
import type { Upload } from './wire.ts';
import { keyboardOf, type World } from './world.ts';

const DELETABLE_S = 48 * 3600;

export type Edit = { readonly content: Content; readonly markup: InlineKeyboardMarkup | undefined };
type Markup = { reply_markup?: ArgsOf<'editMessageText'>['reply_markup'] };

export function textEdit(stored: StoredMessage, args: Parameters<typeof textContent>[0] & Markup): Edit {
  if (stored.content.kind !== 'text') throw badRequest('there is no text in the message to edit');
  return { content: textContent(args), markup: keyboardOf(args.reply_markup) };
}

export function captionEdit(
  stored: StoredMessage,
  args: Parameters<typeof captionWords>[0] & Markup & { show_caption_above_media?: boolean | undefined },
): Edit {
  const { content } = stored;
  if (content.kind !== 'photo' && content.kind !== 'document') {
    throw badRequest('there is no caption in the message to edit');
  }
  const words = captionWords(args);
  const above = args.show_caption_above_media ?? false;
  const changed: Content = content.kind === 'photo' ? { ...content, words, above } : { ...content, words };
  return { content: changed, markup: keyboardOf(args.reply_markup) };
}

export function mediaEdit(
  world: World,
  stored: StoredMessage,
  args: Pick<ArgsOf<'editMessageMedia'>, 'media'> & Markup,
  uploads: ReadonlyMap<string, Upload>,
): Edit {
  const { content } = stored;
  if (content.kind === 'invoice' || content.kind === 'service') throw badRequest("message can't be edited");
  const { media } = args;
  if (stored.inlineId !== undefined && media.media.startsWith('attach://')) {
    throw badRequest("file upload isn't possible in an inline message");
  }
  const words = captionWords(media);
  const file = world.files.resolve(media.media, media.type, uploads);
  const above = media.type === 'photo' && (media.show_caption_above_media ?? false);
  const changed: Content =
    media.type === 'photo' ? { kind: 'photo', file, words, above } : { kind: 'document', file, words };
  return { content: changed, markup: keyboardOf(args.reply_markup) };
}

export function markupEdit(stored: StoredMessage, args: Markup): Edit {
  return { content: stored.content, markup: keyboardOf(args.reply_markup) };
}

/** The message that a request to edit names. */
export function messageToEdit(
  world: World,
  args: {
    chat_id?: number | string | undefined;
    message_id?: number | undefined;
    inline_message_id?: string | undefined;
  },
): StoredMessage {
  if (args.inline_message_id !== undefined) {
    const inline = world.inlineMessages.get(args.inline_message_id);
    if (!inline || inline.deleted) throw badRequest('MESSAGE_ID_INVALID');
    return inline;
  }
  const stored = world.findMessage(world.chatToWrite(args.chat_id ?? 0), args.message_id ?? 0);
  if (!stored) throw badRequest('message to edit not found');
  if (stored.from.id !== world.bot.id) throw badRequest("message can't be edited");
  if (stored.content.kind === 'service') throw badRequest("message can't be edited");
  return stored;
}

export function ephemeralToEdit(world: World, args: ArgsOf<'deleteEphemeralMessage'>): StoredMessage {
  const chat = world.chatToWrite(args.chat_id);
  const stored = world.findEphemeral(chat, args.receiver_user_id, args.ephemeral_message_id);
  if (!stored || stored.from.id !== world.bot.id) throw badRequest('message to edit not found');
  return stored;
}

/** Puts the edit into the message. Throws when nothing would change, as Telegram does. */
export function applyEdit(world: World, stored: StoredMessage, edit: Edit): Message | true {
  checkKeyboard(stored.inlineId === undefined ? stored.chat : undefined, edit.markup, {
    isInvoice: stored.content.kind === 'invoice',
  });
  if (shownAs(stored) === shownAs(edit)) {
    const words =
      'specified new message content and reply markup are exactly the same as a current content and reply markup';
    throw badRequest(`message is not modified: ${words} of the message`);
  }
  stored.content = edit.content;
  stored.markup = edit.markup;
  stored.editDate = world.nowS;
  return stored.inlineId === undefined && !stored.ephemeral ? world.messageJson(stored) : true;
}

function shownAs({ content, markup }: Edit): string {
  const file = 'file' in content ? content.file.uniqueId : '';
  const words = 'words' in content ? content.words : undefined;
  const above = content.kind === 'photo' && content.above;
  const rows = markup?.inline_keyboard.filter((row) => row.length > 0) ?? [];
  const preview = content.kind === 'text' ? content.preview : undefined;
  return JSON.stringify([content.kind, file, words, above, preview, rows]);
}

export function deleteMessage(world: World, args: ArgsOf<'deleteMessage'>): true {
  const chat = world.chatToWrite(args.chat_id);
  const stored = world.findMessage(chat, args.message_id);
  if (!stored) throw badRequest('message to delete not found');
  const { status, rights } = world.memberOf(chat, world.bot.id);
  const isAdmin = status === 'administrator' && (chat.type === 'group' || rights?.can_delete_messages === true);
  const isMine = stored.from.id === world.bot.id;
  if (!isMine && chat.type !== 'private' && !isAdmin) throw badRequest("message can't be deleted");
  if (world.nowS - stored.date > DELETABLE_S && !isAdmin) throw badRequest("message can't be deleted for everyone");
  stored.deleted = true;
  return true;
}
