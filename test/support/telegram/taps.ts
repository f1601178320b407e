// Taps on inline buttons: what they send to the bot, and the answer that stops the spinner.
import type { InlineKeyboardButton, User } from 'grammy/types';
import type { CallbackAnswer, Question, StoredMessage } from './model.ts';
import { isVisible, look, matches, type Seen, type Words } from './screen.ts';
import type { Stage } from './stage.ts';

export type Tap = {
  readonly id: string;
  /** What the bot answered so far. */
  readonly answer: CallbackAnswer | undefined;
  /** How long the spinner turned, by the fake's clock. */
  readonly waitedMs: number | undefined;
  /** Waits for the answer; real milliseconds. */
  answered(timeoutMs?: number): Promise<CallbackAnswer>;
};

/** The button with this label, as the message is drawn now. Throws when the person does not see such a button. */
export function findButton(stage: Stage, user: User, seen: Seen, label: Words): InlineKeyboardButton {
  const { stored } = seen;
  if (!isVisible(stage.world, stored, user.id)) {
    throw new Error(`${user.first_name} does not see that message any more: ${seen.text.slice(0, 80)}`);
  }
  return buttonOf(look(stage.world, stored), label);
}

export function buttonOf(seen: Seen, label: Words): InlineKeyboardButton {
  const fits = (text: string) => (typeof label === 'string' ? text === label : matches(text, label));
  const button = seen.buttons.flat().find((one) => fits(one.text));
  if (!button) throw new Error(`There is no button ${String(label)}; there are: ${seen.labels.join(' | ') || 'none'}.`);
  return button;
}

export function tapButton(
  stage: Stage,
  user: User,
  { stored, button }: { stored: StoredMessage; button: InlineKeyboardButton },
): Tap {
  if ('disabled' in button) throw new Error(`The button ${button.text} is disabled.`);
  if (!('callback_data' in button))
    throw new Error(`The button ${button.text} sends nothing to the bot: use opens or pays.`);
  return sendCallback(stage, user, { stored, data: button.callback_data });
}

/** Sends a callback query, be there such a button or not. */
export function sendCallback(stage: Stage, user: User, { stored, data }: { stored: StoredMessage; data: string }): Tap {
  const { world, waiting } = stage;
  const id = world.nextId('cb');
  const question: Question<CallbackAnswer> = {
    ...{ id, from: user, askedAt: world.clock.now(), message: stored, answer: undefined, answeredAt: undefined },
  };
  world.callbacks.set(id, question);
  const { chat, inlineId } = stored;
  // Of a deleted message the bot learns only where it was.
  const message = stored.deleted
    ? { chat: world.chatJson(chat), message_id: stored.id, date: 0 as const }
    : world.messageJson(stored);
  const origin = inlineId === undefined ? { message } : { inline_message_id: inlineId };
  const value = { id, from: user, ...origin, chat_instance: String(chat.id), data };
  if (!world.tell('callback_query', value, chat.id)) throw new Error('The bot did not ask for callback_query.');
  return {
    id,
    get answer() {
      return question.answer;
    },
    get waitedMs() {
      return question.answeredAt === undefined ? undefined : question.answeredAt - question.askedAt;
    },
    answered: (timeoutMs = 10_000) =>
      waiting.until(() => question.answer, { what: `answerCallbackQuery for ${data}`, timeoutMs }),
  };
}
