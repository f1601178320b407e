/** The seat's page: reads what the server put into it, draws both sides, listens. */
import { createActs } from './acts.ts';
import { createApi } from './api.ts';
import { byId } from './dom.ts';
import { createGroup } from './group.ts';
import { createPage } from './page.ts';
import { createSides } from './sides.ts';
import { openStream } from './stream.ts';
import type { WireAction, WireBoot, WireMessage } from './wire.ts';
import { createYou } from './you.ts';

const boot = JSON.parse(byId('boot').textContent) as WireBoot;
const page = createPage(boot);
const api = createApi(boot.seat);
let news = 0;

const sides = createSides();
const act = createActs(page, {
  api,
  chatOf: (button) => (button.closest('#group') ? group.shown() : null),
  onAnswer: (message) => {
    if (message.chatId !== null) return receive(message);
    you.put(message, true);
    sides.show('you');
    you.reveal(message.key);
  },
});
const you = createYou(page, act);
const group = createGroup(page, {
  api,
  act,
  inFront: () => sides.isShown('group') && !document.hidden,
  onUnread: (total) => sides.count('group', total),
});

sides.listen((side) => {
  if (side === 'you') countNews(0);
  else group.seen();
});

function countNews(n: number): void {
  news = n;
  sides.count('you', n);
}

function receive(message: WireMessage): void {
  if (message.chatId !== null) return group.put(message);
  if (you.put(message) && !sides.isShown('you')) countNews(news + 1);
}

for (const button of document.querySelectorAll<HTMLButtonElement>('#dock button')) {
  const { handle = '', label = '' } = button.dataset;
  const action: WireAction = {
    kind: 'press',
    label,
    style: 'plain',
    handle,

    disabled: false,
    confirm: null,
  };
  button.addEventListener('click', () => act(action, button));
}

for (const message of boot.messages) {
  if (message.chatId === null) you.put(message);
  else group.put(message, true);
}
countNews(0);

const banner = byId('connection');
openStream({
  seat: boot.seat,
  after: boot.after,
  onMessage: receive,
  onState: (state) => {
    const wasLost = !banner.hidden;
    banner.hidden = state === 'live';
    banner.textContent = state === 'live' ? '' : page.word('connection_lost');
    if (state === 'live' && wasLost) page.announce(page.word('connection_back'));
  },
  onOver: () => location.assign('/'),
});
