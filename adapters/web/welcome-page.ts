/** The front door: who would you like to be? */
import { html } from 'hono/html';
import type { Words } from '../../src/ports/words.ts';
import type { Assets } from './assets.ts';
import { avatarOf, shell, type Html } from './shell.ts';

export const SEAT_ROLES = ['member', 'seller', 'helper', 'admin', 'owner'] as const;

export const NAME_MAX = 40;

/** So that one press is enough to go in. */
const NAMES = ['Mei', 'Arif', 'Sofía', 'João', 'Layla', 'Wei', 'Priya', 'Tomás', 'Hana', 'Omar', 'Lina', 'Kofi'];

export type WelcomeOptions = {
  readonly words: Words;
  readonly assets: Assets;
  readonly community: string;
  readonly demo: boolean;
  readonly seats: readonly { readonly n: number; readonly name: string }[];
};

export function welcomePage(options: WelcomeOptions): Promise<string> {
  const { words, assets, community, demo, seats } = options;
  const { t } = words;
  const body = html`<body class="welcome">
    <main>
      <header class="hero">
        <img src="${assets.url('mark.svg')}" alt="" width="72" height="72" />
        <h1 dir="auto">${community}</h1>
        <p class="lead">${t('web.lead')}</p>
        <ol class="steps">
          <li>${t('web.step_post')}</li>
          <li>${t('web.step_buy')}</li>
          <li>${t('web.step_paid')}</li>
        </ol>
        ${demo ? html`<p class="demo-note">${t('web.demo')}</p>` : ''}
      </header>
      <div class="door">${ownSeats(seats, words)} ${seatForm(options)}</div>
    </main>
  </body>`;
  return shell({ words, assets, title: t('web.title', { community }), styles: ['base.css', 'welcome.css'], body });
}

function ownSeats(seats: WelcomeOptions['seats'], { t }: Words): Html | '' {
  if (seats.length === 0) return '';
  const links = seats.map(
    ({ n, name }) =>
      html`<li>
        <a class="button plain" href="/seat/${n}">
          <span class="avatar hue-${n % 8}" aria-hidden="true">${avatarOf(name)}</span>
          <span class="label" dir="auto">${t('web.go_on', { name })}</span>
        </a>
      </li>`,
  );
  return html`<section class="sheet" aria-labelledby="own">
    <h2 id="own">${t('web.your_seats')}</h2>
    <ul class="own-seats">${links}</ul>
  </section>`;
}

function seatForm({ words, demo, seats }: WelcomeOptions): Html {
  const { t, fmt, locale } = words;
  const languages = fmt.languages.map(
    (language) =>
      html`<a
        class="pill-link"
        href="/?lang=${language.locale}"
        lang="${language.locale}"
        hreflang="${language.locale}"
        ${language.locale === locale ? html`aria-current="true"` : ''}
        >${language.name}</a
      >`,
  );
  return html`<section class="sheet" aria-labelledby="take">
    <h2 id="take">${t('web.take_seat')}</h2>
    ${demo ? html`<p class="hint">${t('web.take_seat_hint')}</p>` : ''}
    <nav class="languages" aria-label="${t('web.language')}">${languages}</nav>
    <form method="post" action="/seats">
      <input type="hidden" name="locale" value="${locale}" />
      <div class="field">
        <label for="name">${t('web.name')}</label>
        <input id="name" name="name" dir="auto" required maxlength="${NAME_MAX}" autocomplete="nickname" value="${NAMES[seats.length % NAMES.length]}" />
      </div>
      ${demo ? roleField(words) : ''}
      <button class="button primary wide" type="submit">${t('web.go_in')}</button>
    </form>
  </section>`;
}

function roleField({ t }: Words): Html {
  const hints = {
    member: t('web.role_member_hint'),
    seller: t('web.role_seller_hint'),
    helper: t('web.role_helper_hint'),
    admin: t('web.role_admin_hint'),
    owner: t('web.role_owner_hint'),
  };
  const roles = SEAT_ROLES.map(
    (role, at) =>
      html`<label class="role">
        <input type="radio" name="role" value="${role}" ${at === 0 ? html`checked` : ''} />
        <span class="role-name">${t(`role.${role}`)}</span>
        <span class="hint">${hints[role]}</span>
      </label>`,
  );
  return html`<fieldset class="field roles">
    <legend>${t('web.role')}</legend>
    <div class="role-grid">${roles}</div>
  </fieldset>`;
}

/** A seat that is not known: what happened, and the one way on. */
export function noticePage(options: {
  words: Words;
  assets: Assets;
  title: string;
  text: string;
  way: string;
}): Promise<string> {
  const { words, assets, title, text, way } = options;
  const body = html`<body class="welcome">
    <main class="single">
      <section class="sheet">
        <img src="${assets.url('mark.svg')}" alt="" width="56" height="56" />
        <p>${text}</p>
        <a class="button primary wide" href="/">${way}</a>
      </section>
    </main>
  </body>`;
  return shell({ words, assets, title, styles: ['base.css', 'welcome.css'], body });
}
