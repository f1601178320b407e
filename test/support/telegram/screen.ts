// What one person sees of a chat.
import type { InlineKeyboardButton, Message } from 'grammy/types';
import type { ChatState, InvoiceArgs, StoredMessage } from './model.ts';
import type { World } from './world.ts';

/** A message as it stood on a person's screen when they looked. */
export type Seen = {
  readonly stored: StoredMessage;
  readonly chatId: number;
  /** 0 for an ephemeral message. */
  readonly messageId: number;
  readonly ephemeralId: number | undefined;
  readonly threadId: number | undefined;
  readonly isFromBot: boolean;
  /** Text or caption after formatting; an invoice's title and description. */
  readonly text: string;
  readonly photoId: string | undefined;
  readonly document: { readonly name: string; readonly bytes: Buffer } | undefined;
  readonly invoice: InvoiceArgs | undefined;
  readonly buttons: readonly (readonly InlineKeyboardButton[])[];
  readonly labels: readonly string[];
  readonly isPinned: boolean;
  readonly isEdited: boolean;
  readonly json: Message;
};

export type Words = string | RegExp;

export const matches = (text: string, words: Words): boolean =>
  typeof words === 'string' ? text.includes(words) : words.test(text);

export function look(world: World, stored: StoredMessage): Seen {
  const { chat, content, ephemeral, markup } = stored;
  const rows = markup?.inline_keyboard.filter((row) => row.length > 0) ?? [];
  const shown = content.kind === 'invoice' && rows.length === 0 ? [[payButton(world, stored, content.invoice)]] : rows;
  const text =
    content.kind === 'invoice'
      ? `${content.invoice.title}\n${content.invoice.description}`
      : 'words' in content
        ? content.words.text
        : '';
  return {
    stored,
    chatId: chat.id,
    messageId: stored.id,
    ephemeralId: ephemeral?.id,
    threadId: stored.threadId,
    isFromBot: stored.from.id === world.bot.id,
    text,
    photoId: content.kind === 'photo' ? content.file.fileId : undefined,
    document: content.kind === 'document' ? { name: content.file.name, bytes: content.file.bytes } : undefined,
    invoice: content.kind === 'invoice' ? content.invoice : undefined,
    buttons: shown,
    labels: shown.flat().map((button) => button.text),
    isPinned: chat.pinned.includes(stored.id),
    isEdited: stored.editDate !== undefined,
    json: world.messageJson(stored),
  };
}

/** What Telegram itself puts under an invoice. */
function payButton(world: World, { extra }: StoredMessage, invoice: InvoiceArgs): InlineKeyboardButton {
  const { start_parameter: start } = invoice;
  if (!extra.forward_origin || !start) return { text: 'Pay', pay: true };
  return { text: 'Open', url: `https://t.me/${world.bot.username}?start=${start}` };
}

/** Oldest first. Nothing of a group for somebody who is not in it. */
export function screenOf(world: World, chat: ChatState, userId: number): readonly Seen[] {
  if (!world.isIn(chat, userId)) return [];
  return chat.messages.filter((stored) => isVisible(chat, stored, userId)).map((stored) => look(world, stored));
}

export function isVisible(chat: ChatState, stored: StoredMessage, userId: number): boolean {
  if (stored.deleted) return false;
  const { ephemeral } = stored;
  if (ephemeral) return !ephemeral.vanished && (ephemeral.receiverId === userId || stored.from.id === userId);
  return !chat.messages.some(
    (one) => one.ephemeral?.replaces === stored && one.ephemeral.receiverId === userId && isVisible(chat, one, userId),
  );
}
