/** The one-time link of a new market's owner. Looking at it uses nothing up. */
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { html } from 'hono/html';
import { z } from 'zod';
import type { Words } from '../ports/words.ts';
import type { PayAssets } from './assets.ts';
import { shell } from './pay-page.ts';
import { sameOriginOnly } from './same-origin.ts';

const FORM_MAX = '4kb';
const NAME_MAX = 40;

const claimed = z.object({ name: z.string().max(NAME_MAX * 8) });

export type OwnOptions = {
  readonly publicUrl: string;
  readonly assets: PayAssets;
  readonly words: (locale: string, timeZone: string) => Words;
  readonly negotiate: (wish: string | undefined) => string;
  readonly open: (token: string) => Promise<boolean>;
  /** Where the new owner goes on; undefined when the link is over. */
  readonly claim: (
    token: string,
    who: { name: string; locale: string },
    request: Request,
    response: Response,
  ) => Promise<string | undefined>;
};

export function ownRoutes(options: OwnOptions): Router {
  const { publicUrl, open, claim } = options;
  const router = express.Router();
  const refuse: RequestHandler = (_request, response) => void response.sendStatus(403);
  const wordsOf = (request: Request) => options.words(options.negotiate(request.headers['accept-language']), 'UTC');
  const gone = async (request: Request, response: Response) =>
    send(response, 410, await gonePage(options, wordsOf(request)));

  router.get('/own/:token', async (request, response) => {
    if (!(await open(request.params.token))) return gone(request, response);
    send(response, 200, await ownPage(options, wordsOf(request), `/own/${request.params.token}`));
  });
  router.post(
    '/own/:token',
    sameOriginOnly(publicUrl, refuse),
    express.urlencoded({ extended: false, limit: FORM_MAX }),
    async (request, response) => {
      const form = claimed.safeParse(request.body);
      const who = { name: form.success ? form.data.name : '', locale: wordsOf(request).locale };
      const path = await claim(String(request.params['token']), who, request, response);
      if (path === undefined) return gone(request, response);
      response.redirect(303, path);
    },
  );
  return router;
}

function send(response: Response, status: number, page: string): void {
  response.status(status).set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' }).type('html').send(page);
}

function ownPage({ assets }: OwnOptions, words: Words, self: string): Promise<string> {
  const { t } = words;
  const body = html`<h1>${t('own.title')}</h1>
    <p>${t('own.intro')}</p>
    <form method="post" action="${self}">
      <label for="name">${t('web.name')}</label>
      <input id="name" name="name" dir="auto" required maxlength="${NAME_MAX}" autocomplete="nickname">
      <button class="button primary" type="submit">${t('own.submit')}</button>
    </form>`;
  return shell({ words, ...assets, title: t('own.title'), body });
}

function gonePage({ assets }: OwnOptions, words: Words): Promise<string> {
  const { t } = words;
  const body = html`<section class="told warning"><p>${t('own.gone')}</p></section>
    <a class="button primary" href="/">${t('pay.back')}</a>`;
  return shell({ words, ...assets, title: t('own.title'), body });
}
