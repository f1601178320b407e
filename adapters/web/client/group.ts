/** The group side: the community's chats as tabs, one composer. */
import { Lost, newKey, type Api } from './api.ts';
import { byId, el } from './dom.ts';
import { createLog, type Log } from './log.ts';
import type { Page } from './page.ts';
import type { Act } from './view.ts';
import type { WireMessage } from './wire.ts';

const COMPOSER_LINES_PX = 160;

type Chat = {
  readonly id: string;
  readonly log: Log;
  readonly tab: HTMLElement;
  readonly panel: HTMLElement;
  readonly badge: HTMLElement;
  unread: number;
};

export type Group = {
  /** `old`: it was there when the page was opened, and is not news. */
  readonly put: (message: WireMessage, old?: boolean) => void;
  readonly shown: () => string | null;
  /** The side is in front again: what is shown is read. */
  readonly seen: () => void;
};

export type GroupOptions = {
  readonly api: Api;
  readonly act: Act;
  readonly inFront: () => boolean;
  readonly onUnread: (total: number) => void;
};

export function createGroup(page: Page, options: GroupOptions): Group {
  const tabs = byId('tabs');
  const logs = byId('logs');
  const more = byId('more');
  let current: Chat | undefined;

  const seenAt = (id: string) => current?.id === id && seen();
  const chats = page.boot.chats.map((chat) => drawChat(chat, page, { act: options.act, onEnd: () => seenAt(chat.id) }));
  tabs.append(...chats.map((chat) => chat.tab));
  logs.append(...chats.map((chat) => chat.panel));

  const count = (chat: Chat, unread: number) => {
    chat.unread = unread;
    showUnread(chat.badge, unread, page);
    options.onUnread(chats.reduce((sum, each) => sum + each.unread, 0));
  };
  const seen = () => {
    if (!current || !options.inFront()) return;
    if (!current.log.atEnd()) return;
    if (current.unread > 0) count(current, 0);
    more.hidden = true;
  };
  const select = (chosen: Chat, focus = false) => {
    current = chosen;
    for (const chat of chats) {
      const on = chat === chosen;
      chat.tab.setAttribute('aria-selected', `${on}`);
      chat.tab.tabIndex = on ? 0 : -1;
      chat.panel.hidden = !on;
    }
    if (focus) chosen.tab.focus();
    chosen.log.toEnd();
    seen();
  };
  for (const chat of chats) chat.tab.addEventListener('click', () => select(chat));
  tabs.addEventListener('keydown', (event) => {
    const next = neighbour(event, chats, current);
    if (!next) return;
    event.preventDefault();
    select(next, true);
  });
  more.addEventListener('click', () => {
    current?.log.toEnd();
    seen();
  });
  if (chats[0]) select(chats[0]);
  wireComposer(page, options.api, () => current?.id ?? null);
  // Pictures and the keyboard of a phone change the height; the end stays the end.
  new ResizeObserver(() => current?.log.atEnd() && current.log.toEnd()).observe(logs);

  return {
    shown: () => current?.id ?? null,
    seen,
    put: (message, old = false) => {
      const chat = chats.find((each) => each.id === message.chatId);
      if (!chat) return;
      const isNew = chat.log.put(message);
      if (!isNew || old || message.author?.id === page.boot.me.id) return;
      if (message.view?.title && chat === current) page.announce(message.view.title);
      if (chat === current && options.inFront() && chat.log.atEnd()) return;
      count(chat, chat.unread + 1);
      if (chat === current) more.hidden = chat.log.atEnd();
    },
  };
}

function drawChat({ id, title }: { id: string; title: string }, page: Page, on: { act: Act; onEnd: () => void }): Chat {
  const log = createLog(page, { label: title, act: on.act, onEnd: on.onEnd });
  const badge = el('span', { class: 'unread', hidden: true });
  const name = el('span', { dir: 'auto' }, title);
  const tab = el(
    'button',
    { type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': `panel-${id}` },
    name,
    badge,
  );
  const attributes = { role: 'tabpanel', id: `panel-${id}`, 'aria-labelledby': tab.id, class: 'log-panel' };
  return { id, log, tab, panel: el('div', attributes, log.node), badge, unread: 0 };
}

function showUnread(badge: HTMLElement, unread: number, page: Page): void {
  badge.hidden = unread === 0;
  badge.replaceChildren(
    el('span', { 'aria-hidden': 'true' }, `${unread}`),
    el('span', { class: 'unseen' }, page.word('unread', unread)),
  );
}

function neighbour(event: KeyboardEvent, chats: readonly Chat[], current: Chat | undefined): Chat | undefined {
  const rtl = document.documentElement.dir === 'rtl';
  const step = { ArrowRight: rtl ? -1 : 1, ArrowLeft: rtl ? 1 : -1 }[event.key];
  if (event.key === 'Home') return chats[0];
  if (event.key === 'End') return chats.at(-1);
  if (step === undefined || !current) return undefined;
  return chats[(chats.indexOf(current) + step + chats.length) % chats.length];
}

function wireComposer(page: Page, api: Api, chatId: () => string | null): void {
  const form = byId('composer');
  const input = byId('say') as HTMLTextAreaElement;
  const send = byId('send');
  // A text whose fate is unknown keeps its key: sending it again cannot say it twice.
  let key = newKey();
  const fit = () => {
    input.style.setProperty('height', 'auto');
    input.style.setProperty('height', `${Math.min(input.scrollHeight, COMPOSER_LINES_PX)}px`);
  };
  const submit = async () => {
    const chat = chatId();
    const text = input.value;
    if (chat === null || text.trim() === '' || send.hasAttribute('aria-busy')) return;
    send.setAttribute('aria-busy', 'true');
    input.readOnly = true;
    try {
      const reply = await api.say({ chatId: chat, text, key });
      key = newKey();
      input.value = '';
      if (reply.ok) page.hush();
      else page.complain(reply.fault.text);
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      page.complain(page.word('no_answer'));
    } finally {
      send.removeAttribute('aria-busy');
      input.readOnly = false;
      fit();
      input.focus();
    }
  };
  input.addEventListener('input', () => {
    if (!input.readOnly) key = newKey();
    fit();
  });
  input.addEventListener('keydown', (event) => {
    // Enter that ends an input method's word is not the end of the message.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void submit();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit();
  });
}
