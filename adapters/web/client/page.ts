/** What the whole page shares: its words, its formats, its voice. */
import { byId, el, icon } from './dom.ts';
import type { WireBoot, WireWord } from './wire.ts';

const TOAST_MS = 8_000;

export type Page = {
  readonly boot: WireBoot;
  readonly word: (name: WireWord, n?: number) => string;
  readonly time: (at: number) => string;
  readonly day: (at: number) => string;
  /** Tells people who listen instead of look. */
  readonly announce: (text: string) => void;
  /** A refusal or a mishap, shown over everything until it is closed or old. */
  readonly complain: (text: string) => void;
  /** What was complained about is over. */
  readonly hush: () => void;
};

export function createPage(boot: WireBoot): Page {
  const { locale, timeZone } = boot;
  const clock = new Intl.DateTimeFormat(locale, { timeZone, timeStyle: 'short' });
  const date = new Intl.DateTimeFormat(locale, { timeZone, weekday: 'long', day: 'numeric', month: 'long' });
  const number = new Intl.NumberFormat(locale);
  const word: Page['word'] = (name, n) =>
    n === undefined ? boot.words[name] : boot.words[name].replace('{n}', number.format(n));
  return {
    boot,
    word,
    time: (at) => clock.format(at),
    day: (at) => {
      const label = date.format(at);
      if (label === date.format(Date.now())) return word('today');
      return label === date.format(Date.now() - 86_400_000) ? word('yesterday') : label;
    },
    announce: (text) => {
      byId('status').textContent = text;
    },
    complain: (text) => complain(text, word('close')),
    hush: () => {
      for (const place of document.querySelectorAll('.toasts')) place.replaceChildren();
    },
  };
}

function complain(text: string, close: string): void {
  const toasts = byId('toasts');
  // A modal dialog makes the rest of the page inert, its own toasts included.
  const place = document.querySelector<HTMLElement>('dialog[open] .toasts') ?? toasts;
  const gone = () => toast.remove();
  const button = el(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': close, onclick: gone },
    icon('close'),
  );
  const toast = el('div', { class: 'toast', role: 'alert' }, icon('warn'), el('p', { dir: 'auto' }, text), button);
  place.replaceChildren(toast);
  setTimeout(gone, TOAST_MS);
}
