import { shortened } from '../../../src/view/runs.ts';

const ALERT_MAX = 200;

/** What Telegram shows in a small box (an alert, the reason of a refused payment): plain text that marks nothing up. */
export function alertText(text: string): string {
  return shortened(text.toWellFormed(), ALERT_MAX);
}
