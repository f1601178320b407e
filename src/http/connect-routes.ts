/**
 * Our own link to a shop's account at a payment channel. Looking at it changes nothing; only a post from our own page opens an account,
 * and asks for the channel's link, which is good once and for minutes.
 */
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { html } from 'hono/html';
import type { Core, Onboarding } from '../ports/core.ts';
import type { Words } from '../ports/words.ts';
import { drawFault } from '../view/fault.ts';
import type { PayAssets } from './assets.ts';
import { shell } from './pay-page.ts';
import { sameOriginOnly } from './same-origin.ts';
import { securityHeaders } from './security.ts';

export type ConnectOptions = {
  readonly core: Pick<Core, 'onboarding' | 'openOnboarding' | 'onboarded'>;
  readonly publicUrl: string;
  readonly assets: PayAssets;
  readonly words: (locale: string, timeZone: string) => Words;
  readonly negotiate: (wish: string | undefined, fallback?: string) => string;
  /** Where a channel's own page may be: nobody is sent anywhere else. */
  readonly origins: readonly string[];
};

export function connectRoutes(options: ConnectOptions): Router {
  const { core, publicUrl, origins } = options;
  const router = express.Router();
  const refuse: RequestHandler = (_request, response) => void response.sendStatus(403);
  router.use('/connect', securityHeaders({ publicUrl, formTargets: origins }));
  router.get('/connect/:token', (request, response) => show(options, request, response));
  router.get('/connect/:token/return', async (request, response) => {
    await core.onboarded(request.params.token);
    // The address of the way back asks again each time it is loaded; the page itself does not.
    response.redirect(303, `/connect/${encodeURIComponent(request.params.token)}`);
  });
  router.post('/connect/:token', sameOriginOnly(publicUrl, refuse), async (request, response) => {
    const token = String(request.params['token']);
    const opened = await core.openOnboarding({ token, returnBase: publicUrl });
    if (!opened.ok) return show(options, request, response, drawFault(opened.fault, wordsOf(options, request)));
    if (!origins.includes(new URL(opened.value).origin))
      throw new Error('A channel leads to a page that is not its own.');
    response.redirect(303, opened.value);
  });
  return router;
}

const wordsOf = ({ words, negotiate }: ConnectOptions, request: Request, locale?: string): Words =>
  words(negotiate(request.headers['accept-language'], locale), 'UTC');

async function show(options: ConnectOptions, request: Request, response: Response, trouble?: string): Promise<void> {
  const token = String(request.params['token']);
  const found = await options.core.onboarding(token);
  const words = wordsOf(options, request, found.ok ? found.value.locale : undefined);
  const page = found.ok ? accountPage(options, words, found.value, { token, trouble }) : overPage(options, words);
  response
    .status(found.ok ? (trouble === undefined ? 200 : 503) : 410)
    .set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex, nofollow' })
    .type('html')
    .send(await page);
}

function accountPage(
  { assets }: ConnectOptions,
  words: Words,
  { shopName, state, wants }: Onboarding,
  { token, trouble }: { token: string; trouble: string | undefined },
): Promise<string> {
  const { t } = words;
  const label = t(state === 'none' ? 'connect.open' : state === 'active' ? 'connect.change' : 'connect.go_on');
  const body = html`<h1><bdi>${shopName}</bdi></h1>
    ${trouble === undefined ? '' : html`<section class="told warning"><p>${trouble}</p></section>`}
    <p>${t(`connect.state.${state}`)}</p>
    ${
      wants.length === 0
        ? ''
        : html`<p><strong>${t('connect.wanted')}</strong></p><ul>${wants.map((want) => html`<li>${t(`connect.want.${want}`)}</li>`)}</ul>`
    }
    <form method="post" action="/connect/${token}">
      <button class="button primary" type="submit">${label}</button>
    </form>
    <p><a href="/">${t('pay.back')}</a></p>`;
  return shell({ words, ...assets, title: t('connect.title'), body });
}

function overPage({ assets }: ConnectOptions, words: Words): Promise<string> {
  const { t } = words;
  const body = html`<section class="told warning"><p>${t('connect.over')}</p></section>
    <a class="button primary" href="/">${t('pay.back')}</a>`;
  return shell({ words, ...assets, title: t('connect.title'), body });
}
