/** One message as it stands in a log, and how it is drawn anew without losing the reader's place. */
import { el, hueOf, initialOf } from './dom.ts';
import type { Page } from './page.ts';
import { drawView, type Act } from './view.ts';
import type { WireMessage } from './wire.ts';

export function drawEntry(message: WireMessage, page: Page, act: Act): HTMLElement {
  const { author } = message;
  const own = author?.id === page.boot.me.id;
  const time = el('time', { datetime: new Date(message.at).toISOString() }, page.time(message.at));
  if (message.view) {
    const avatar = el('span', { class: 'avatar house', 'aria-hidden': 'true' });
    // What changes on a card is seen, not read out: a busy market would never be silent.
    return el('li', { class: 'entry drawn', 'aria-live': 'off' }, avatar, drawView(message.view, page, act), time);
  }
  const name = author?.name ?? '';
  const avatar = el('span', { class: `avatar ${hueOf(author?.id ?? '')}`, 'aria-hidden': 'true' }, initialOf(name));
  const said = el('p', { class: 'said', dir: 'auto' }, message.text ?? '');
  const who = el('span', { class: own ? 'who unseen' : 'who', dir: 'auto' }, name);
  const bubble = el('div', { class: 'bubble' }, who, said, time);
  return el('li', { class: own ? 'entry own' : 'entry' }, own ? null : avatar, bubble);
}

/** Puts the new drawing where the old one stands; who had the focus in it keeps it at the same button. */
export function redraw(old: HTMLElement, fresh: HTMLElement): void {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const at = focused instanceof HTMLElement ? focused.dataset['at'] : undefined;
  old.replaceWith(fresh);
  if (!focused) return;
  const again = at === undefined ? null : fresh.querySelector<HTMLElement>(`[data-at="${at}"]:not(:disabled)`);
  (again ?? fresh.querySelector<HTMLElement>('.card') ?? fresh).focus({ preventScroll: true });
}
