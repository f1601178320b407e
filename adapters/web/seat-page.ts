/** A seat: the group on one side, what only this visitor sees on the other. The browser's script fills both. */
import { html } from 'hono/html';
import type { Words } from '../../src/ports/words.ts';
import type { Assets } from './assets.ts';
import type { WireBoot, WireWords } from './client/wire.ts';
import { avatarOf, dataIsland, shell, type Html } from './shell.ts';

export const DOCK_PLACES = ['home', 'browse', 'basket', 'my_orders'] as const;
export type DockPlace = (typeof DOCK_PLACES)[number];

export type SeatPageOptions = {
  readonly words: Words;
  readonly assets: Assets;
  readonly community: string;
  readonly demo: boolean;
  /** What the visitor is here: their role in the community. */
  readonly role: string;
  readonly dock: readonly { readonly handle: string; readonly label: string; readonly icon: DockPlace }[];
  readonly boot: Omit<WireBoot, 'words'>;
};

const SAY_MAX = 1000;

export function seatPage(options: SeatPageOptions): Promise<string> {
  const { words, assets, community, boot } = options;
  const { t } = words;
  const body = html`<body class="seat">
    <a class="skip" href="#say">${t('web.skip')}</a>
    <div id="app" data-side="group">
      ${topBar(options)}
      <p id="connection" class="connection" role="status" hidden></p>
      <main>
        <section id="group" aria-labelledby="group-title">
          <h2 id="group-title" class="unseen">${t('web.group')}</h2>
          <div id="tabs" role="tablist" aria-label="${t('web.group')}"></div>
          <div id="logs"></div>
          <button id="more" type="button" class="button primary more" hidden>${t('web.to_newest')}</button>
          ${composer(words)}
        </section>
        <section id="you" aria-labelledby="you-title">
          <header class="you-head">
            <h2 id="you-title">${pathIcon(LOCK)} ${t('web.private')}</h2>
            <p>${t('web.private_hint')}</p>
          </header>
          <ol id="panels"></ol>
          ${dock(options)}
        </section>
      </main>
      <div id="toasts" class="toasts"></div>
      <p id="status" class="unseen" role="status"></p>
    </div>
    <noscript><p class="no-script">${t('web.no_script')}</p></noscript>
    ${dataIsland('boot', { ...boot, words: wordsOf(words) } satisfies WireBoot)}
  </body>`;
  const styles = ['base.css', 'chat.css', 'card.css', 'dialog.css'];
  return shell({ words, assets, title: t('web.title', { community }), styles, scripts: true, body });
}

function topBar({ words, assets, community, role, boot, demo }: SeatPageOptions): Html {
  const { t } = words;
  const { name } = boot.me;
  return html`<header class="top">
    <img class="mark" src="${assets.url('mark.svg')}" alt="" width="32" height="32" />
    <h1 dir="auto">${community}</h1>
    <div class="switch" role="group" aria-label="${t('web.menu')}">
      <button id="to-group" type="button" aria-pressed="true">
        <span>${t('web.group')}</span><span class="unread" hidden></span>
      </button>
      <button id="to-you" type="button" aria-pressed="false">
        <span>${t('web.private')}</span><span class="unread" hidden></span>
      </button>
    </div>
    <button class="me" type="button" popovertarget="me">
      <span class="avatar" aria-hidden="true">${avatarOf(name)}</span>
      <span class="me-name" dir="auto">${name}<small>${role}</small></span>
    </button>
    <div id="me" class="me-menu" popover>
      <p><strong dir="auto">${t('web.who', { name })}</strong><br />${role} · ${t('web.seat', { n: boot.seat })}</p>
      ${demo ? html`<p class="hint">${t('web.demo')}</p>` : ''}
      <a class="button primary" href="/" target="_blank" rel="noopener"><span class="label">${t('web.seat_new')}</span></a>
      <p class="hint">${t('web.seat_new_hint')}</p>
      <form method="post" action="/seat/${boot.seat}/leave">
        <button class="button plain" type="submit">${t('web.leave')}</button>
      </form>
    </div>
  </header>`;
}

function composer({ t }: Words): Html {
  return html`<form id="composer" class="composer">
    <label class="unseen" for="say">${t('web.message')}</label>
    <textarea id="say" rows="1" dir="auto" maxlength="${SAY_MAX}" placeholder="${t('web.message')}" enterkeyhint="send"></textarea>
    <button id="send" class="send" type="submit" aria-label="${t('web.send')}">
      <svg class="icon turns" viewBox="0 0 24 24" aria-hidden="true"><path d="M4 12l16-8-5 16-4-6z" /></svg>
    </button>
  </form>`;
}

function dock({ words, dock: buttons }: SeatPageOptions): Html {
  return html`<nav id="dock" class="dock" aria-label="${words.t('web.menu')}">
    ${buttons.map(
      ({ handle, label, icon }) =>
        html`<button type="button" data-handle="${handle}" data-label="${label}">
          ${pathIcon(DOCK_ICONS[icon])}<span class="label">${label}</span>
        </button>`,
    )}
  </nav>`;
}

const DOCK_ICONS: Readonly<Record<DockPlace, string>> = {
  home: 'M4 7h16M4 12h16M4 17h10',
  browse: 'M4 10l2-6h12l2 6M4 10a2.700 2.700 0 005.300 0 2.700 2.700 0 005.400 0 2.700 2.700 0 005.300 0M6 13v7h12v-7',
  basket: 'M3 10h18l-2 10H5zM8 10l3-6M16 10l-3-6',
  my_orders: 'M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6',
};
const LOCK = 'M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 017 0v3';

const pathIcon = (path: string): Html =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="${path}" /></svg>`;

/** The browser fills in the number itself. */
const NUMBER = '{n}';

function wordsOf({ t }: Words): WireWords {
  return {
    cancel: t('web.cancel'),
    chat_empty: t('web.chat_empty'),
    close: t('web.close'),
    connection_back: t('web.connection_back'),
    connection_lost: t('web.connection_lost'),
    copied: t('web.copied'),
    copy: t('web.copy'),
    field_missing: t('web.field_missing'),
    no: t('web.no'),
    no_answer: t('web.no_answer'),
    opens_new: t('web.opens_new'),
    optional: t('web.optional'),
    photo_choose: t('web.photo_choose'),
    photo_done: t('web.photo_done'),
    photo_failed: t('web.photo_failed'),
    photo_remove: t('web.photo_remove'),
    photo_uploading: t('web.photo_uploading'),
    private_empty: t('web.private_empty'),
    today: t('web.today'),
    unread: t('web.unread', { n: NUMBER }),
    yesterday: t('web.yesterday'),
  };
}
