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
    get json() {
      return world.messageJson(stored);
    },
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
  return visible(world, chat, userId).map((stored) => look(world, stored));
}

/** The newest message that fits; drawn one by one from the end, as this is asked after every request. */
export function newest(
  world: World,
  { chat, userId }: { chat: ChatState; userId: number },
  fits: (seen: Seen) => boolean,
): Seen | undefined {
  for (const stored of visible(world, chat, userId).toReversed()) {
    const seen = look(world, stored);
    if (fits(seen)) return seen;
  }
  return undefined;
}

export function isVisible(world: World, stored: StoredMessage, userId: number): boolean {
  return visible(world, stored.chat, userId).includes(stored);
}

function visible(world: World, chat: ChatState, userId: number): readonly StoredMessage[] {
  if (!world.isIn(chat, userId)) return [];
  const shown = chat.messages.filter(({ deleted, ephemeral, from }) => {
    if (deleted || ephemeral?.vanished) return false;
    return !ephemeral || ephemeral.receiverId === userId || from.id === userId;
  });
  const covered = new Set(shown.flatMap(({ ephemeral }) => ephemeral?.replaces ?? []));
  return covered.size === 0 ? shown : shown.filter((stored) => !covered.has(stored));
}
