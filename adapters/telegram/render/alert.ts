import { shortened } from './text.ts';

const ALERT_MAX = 200;

/** What `answerCallbackQuery` shows: plain text that marks nothing up. */
export function alertText(text: string): string {
  return shortened(text.toWellFormed(), ALERT_MAX);
}
