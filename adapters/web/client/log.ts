/** A conversation: oldest first, follows the newest while the reader is at the end, keeps still while they read above. */
import { drawEntry, redraw } from './entry.ts';
import { el } from './dom.ts';
import type { Page } from './page.ts';
import type { Act } from './view.ts';
import type { WireMessage } from './wire.ts';

const NEAR_END_PX = 120;
const SAME_BREATH_MS = 5 * 60_000;
const ENTRIES_MAX = 400;

export type Log = {
  readonly node: HTMLElement;
  /** Answers whether it is new here (an edit is not). */
  readonly put: (message: WireMessage) => boolean;
  readonly toEnd: () => void;
  readonly atEnd: () => boolean;
};

type Entry = { message: WireMessage; node: HTMLElement };

export function createLog(page: Page, options: { label: string; act: Act; onEnd: () => void }): Log {
  const list = el('ol', {});
  const node = el('div', { class: 'log', role: 'log', 'aria-label': options.label, tabindex: 0 }, list);
  const empty = el('li', { class: 'empty' }, page.word('chat_empty'));
  list.append(empty);
  const entries = new Map<string, Entry>();
  let last: Entry | undefined;
  let lastDay = '';

  const atEnd = () => node.scrollHeight - node.scrollTop - node.clientHeight < NEAR_END_PX;
  const toEnd = () => node.scrollTo({ top: node.scrollHeight });
  const edit = (entry: Entry, message: WireMessage) => {
    if (message.seq <= entry.message.seq) return;
    const fresh = drawEntry(message, page, options.act);
    fresh.classList.add('changed');
    if (entry.node.classList.contains('follows')) fresh.classList.add('follows');
    redraw(entry.node, fresh);
    entry.node = fresh;
    entry.message = message;
  };
  const append = (message: WireMessage) => {
    empty.remove();
    const day = page.day(message.at);
    if (day !== lastDay) list.append(el('li', { class: 'day' }, el('span', {}, day)));
    const entry = { message, node: drawEntry(message, page, options.act) };
    const sameAuthor = last?.message.author?.id === message.author?.id && day === lastDay;
    if (last && sameAuthor && message.text !== null && last.message.text !== null) {
      if (message.at - last.message.at < SAME_BREATH_MS) entry.node.classList.add('follows');
    }
    list.append(entry.node);
    entries.set(message.id, entry);
    last = entry;
    lastDay = day;
    if (entries.size > ENTRIES_MAX) forgetOldest();
  };
  const forgetOldest = () => {
    const oldest = entries.entries().next().value;
    if (!oldest) return;
    oldest[1].node.remove();
    entries.delete(oldest[0]);
  };
  node.addEventListener('scroll', () => atEnd() && options.onEnd(), { passive: true });
  return {
    node,
    atEnd,
    toEnd,
    put: (message) => {
      const known = entries.get(message.id);
      if (known) {
        edit(known, message);
        return false;
      }
      const follow = atEnd() || message.author?.id === page.boot.me.id;
      append(message);
      if (follow) toEnd();
      return true;
    },
  };
}
