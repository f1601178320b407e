/** The private side: panels that only this visitor sees, the newest on top. */
import { redraw } from './entry.ts';
import { byId, el, icon } from './dom.ts';
import type { Page } from './page.ts';
import { drawView, type Act } from './view.ts';
import type { WireMessage } from './wire.ts';

const PANELS_MAX = 40;
/** What stays when something else is opened: bills, receipts, sales, news. The other panels are places one walks through. */
const STAYS = /^(order|sale|notice|answer):/;
const CLOSED_MAX = 200;

type Panel = { message: WireMessage; node: HTMLElement };

export type You = {
  /** `answer`: the visitor has just asked for it. Answers whether it shows something new. */
  readonly put: (message: WireMessage, answer?: boolean) => boolean;
  readonly reveal: (key: string) => void;
};

export function createYou(page: Page, act: Act): You {
  const list = byId('panels');
  const panels = new Map<string, Panel>();
  const closed = rememberClosed(page.boot.me.id);
  const empty = el('li', { class: 'empty' }, page.word('private_empty'));
  list.append(empty);

  const shut = (key: string) => {
    const panel = panels.get(key);
    if (!panel) return;
    closed.add(key, panel.message.seq);
    panel.node.remove();
    panels.delete(key);
    if (panels.size === 0) list.append(empty);
  };
  const draw = (message: WireMessage): HTMLElement => {
    const leave = () => {
      shut(message.key);
      list.querySelector<HTMLElement>('.card')?.focus();
    };
    return drawPanel(message, page, { act, leave });
  };
  const edit = (panel: Panel, message: WireMessage, answer: boolean) => {
    const fresh = draw(message);
    redraw(panel.node, fresh);
    panel.node = fresh;
    panel.message = message;
    // News rises to the top; a panel under the visitor's own hand stays where it is.
    if (!answer && !fresh.contains(document.activeElement) && list.firstElementChild !== fresh) list.prepend(fresh);
    if (!answer) fresh.classList.add('changed');
  };

  return {
    put: (message, answer = false) => {
      const known = panels.get(message.key);
      if (known && message.seq <= known.message.seq) return false;
      // A place that was left is not walked into again by itself.
      if (!answer && closed.has(message.key, STAYS.test(message.key) ? message.seq : 0)) return false;
      empty.remove();
      if (known) edit(known, message, answer);
      else {
        const node = draw(message);
        panels.set(message.key, { message, node });
        list.prepend(node);
      }
      if (panels.size > PANELS_MAX) drop(list, panels);
      if (!answer) page.announce(message.view?.title ?? message.text ?? '');
      return true;
    },
    reveal: (key) => {
      const panel = panels.get(key);
      if (!panel) return;
      if (!panel.node.contains(document.activeElement)) {
        list.prepend(panel.node);
        panel.node.querySelector<HTMLElement>('.card')?.focus({ preventScroll: true });
        list.scrollTo({ top: 0 });
      }
      panel.node.classList.remove('changed');
      for (const other of [...panels.keys()]) if (other !== key && !STAYS.test(other)) shut(other);
    },
  };
}

function drawPanel(message: WireMessage, page: Page, { act, leave }: { act: Act; leave: () => void }): HTMLElement {
  const at = message.editedAt ?? message.at;
  const time = el('time', { datetime: new Date(at).toISOString() }, page.time(at));
  const view = message.view ? drawView(message.view, page, act) : el('p', { dir: 'auto' }, message.text ?? '');
  const label = page.word('close');
  const cross = el(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': label, onclick: leave },
    icon('close'),
  );
  const kind = message.key.startsWith('notice:') ? 'panel notice' : 'panel';
  return el('li', { class: kind, 'data-key': message.key }, view, el('div', { class: 'panel-bar' }, time, cross));
}

/** What stands last is the oldest. */
function drop(list: HTMLElement, panels: Map<string, Panel>): void {
  const last = list.lastElementChild;
  const key = last instanceof HTMLElement ? last.dataset['key'] : undefined;
  if (key !== undefined) panels.delete(key);
  last?.remove();
}

/** Closed panels stay closed over a reload, in this browser. */
function rememberClosed(personId: string) {
  const place = `pasar:closed:${personId}`;
  let known: [string, number][] = [];
  try {
    known = JSON.parse(localStorage.getItem(place) ?? '[]') as [string, number][];
  } catch {
    // A browser that keeps nothing shows them again.
  }
  return {
    has: (key: string, seq: number) => known.some(([each, upTo]) => each === key && seq <= upTo),
    add: (key: string, seq: number) => {
      known = [...known.filter(([each]) => each !== key), [key, seq] as [string, number]].slice(-CLOSED_MAX);
      try {
        localStorage.setItem(place, JSON.stringify(known));
      } catch {
        // Full or forbidden: they are closed until the next reload.
      }
    },
  };
}
