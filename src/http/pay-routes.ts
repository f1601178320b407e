/**
 * Our own pay link. Looking at it changes nothing (chat apps and scanners fetch links); only a post from our own page opens a way to
 * pay. The first browser that goes on is remembered by a cookie, and whoever sits in the buyer's own seat needs none; anybody else is
 * asked whether it is a gift.
 */
import { timingSafeEqual } from 'node:crypto';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { Bill, Core } from '../ports/core.ts';
import type { Clock, Vault } from '../ports/runtime.ts';
import type { Words } from '../ports/words.ts';
import { drawFault } from '../view/fault.ts';
import type { PayAssets } from './assets.ts';
import { type Around, endPage, payablePage, type PayLinks, sayPage, workingPage } from './pay-page.ts';
import { sameOriginOnly } from './same-origin.ts';
import { securityHeaders } from './security.ts';

const TOKEN = /^[\w-]{16,64}$/;
const COOKIE = 'pasar_pay';
const COOKIE_MS = 30 * 24 * 60 * 60 * 1000;
const FORM_MAX = '1kb';
/** A page that comes again asks the channel each time, but not more often than this for one bill. */
const ASKS: Allowance = { points: 1, windowMs: 1_500 };
/** Each going on may be a call to a channel. Nobody who means to pay presses so often. */
const OPENINGS: Allowance = { points: 20, windowMs: 60_000 };
const LINKS_REMEMBERED_MAX = 10_000;
const AGAIN_S = [1, 2, 2, 3, 5, 8, 13, 20, 30];
const AGAIN_MAX = 60;

export type PayOptions = {
  readonly core: Pick<Core, 'bill' | 'openCheckout' | 'returned'>;
  readonly clock: Clock;
  readonly vault: Pick<Vault, 'digest'>;
  readonly publicUrl: string;
  readonly assets: PayAssets;
  /** Where a channel's page may be: nobody is sent anywhere else. */
  readonly checkoutOrigins: readonly string[];
  readonly words: (locale: string, timeZone: string) => Words;
  readonly negotiate: (wish: string | undefined, fallback?: string) => string;
  /** Whose seats this browser has, and where they are. */
  readonly visitors: (
    request: Request,
    response: Response,
  ) => Promise<readonly { readonly personId: string; readonly path: string }[]>;
  readonly count: (result: string) => void;
};

type Who = 'buyer' | 'first' | 'stranger';
type Visit = {
  readonly token: string;
  readonly bill: Bill;
  readonly who: Who;
  /** Certainly not the buyer. */
  readonly another: boolean;
  readonly around: Around;
  readonly links: PayLinks;
};

export function payRoutes(options: PayOptions): Router {
  const router = express.Router();
  const refuse: RequestHandler = (_request, response) => void response.sendStatus(403);
  const headers = securityHeaders({ publicUrl: options.publicUrl, formTargets: options.checkoutOrigins });
  const mayAsk = allowance(options.clock, ASKS);
  const mayOpen = allowance(options.clock, OPENINGS);
  router.use('/pay', headers, (_request, response, next) => {
    response.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex, nofollow' });
    next();
  });
  router.get(
    '/pay/:token',
    visited(options, (visit, request, response) => show(options, visit, request, response)),
  );
  router.get(
    '/pay/:token/return',
    visited(options, async (visit, request, response) => {
      if (!mayAsk(visit.token)) return comeBack(options, visit, request, response);
      await options.core.returned(visit.token);
      const bill = await options.core.bill(visit.token);
      return comeBack(options, bill.ok ? { ...visit, bill: bill.value } : visit, request, response);
    }),
  );
  router.post(
    '/pay/:token',
    sameOriginOnly(options.publicUrl, refuse),
    express.urlencoded({ extended: false, limit: FORM_MAX }),
    visited(options, (visit, request, response) =>
      mayOpen(visit.token)
        ? goOn(options, visit, request, response)
        : sayNo(visit, { request, response, status: 429 }, [drawFault({ code: 'too_fast' }, visit.around.words)]),
    ),
  );
  return router;
}

function visited(
  options: PayOptions,
  work: (visit: Visit, request: Request, response: Response) => Promise<unknown>,
): RequestHandler {
  const { core, assets, words, negotiate } = options;
  return async (request, response) => {
    const token = String(request.params['token']);
    const bill = TOKEN.test(token) ? await core.bill(token) : undefined;
    const links = { self: `/pay/${token}`, chat: '/' };
    const wish = request.headers['accept-language'];
    if (!bill?.ok) {
      const around = { words: words(negotiate(wish), 'UTC'), ...assets };
      const { t } = around.words;
      if (wantsJson(request)) return void response.status(404).json({ ok: false, text: t('pay.not_found') });
      const texts = [t('pay.not_found'), t('pay.not_found_now')];
      return send(response, 404, await sayPage(around, texts, { ...links, self: '/' }, { tone: 'warning' }));
    }
    const seats = await options.visitors(request, response);
    const who = whoIs(options, { token, bill: bill.value, seats }, request);
    const own = seats.find((seat) => seat.personId === bill.value.buyerId) ?? seats[0];
    // Who pays a gift reads in a language of their own, and is not told of a receipt that is the buyer's.
    const another = who === 'stranger' || (seats.length > 0 && own?.personId !== bill.value.buyerId);
    const locale = another ? negotiate(wish, bill.value.locale) : bill.value.locale;
    const around = { words: words(locale, bill.value.timeZone), css: assets.css, script: assets.script };
    await work(
      { token, bill: bill.value, who, another, around, links: { ...links, chat: own?.path ?? '/' } },
      request,
      response,
    );
  };
}

type Seats = readonly { readonly personId: string }[];

function whoIs(options: PayOptions, at: { token: string; bill: Bill; seats: Seats }, request: Request): Who {
  const { token, bill, seats } = at;
  const isBuyer = seats.some((seat) => seat.personId === bill.buyerId);
  if (isBuyer || isEqual(cookieOf(request) ?? '', seal(options, token))) return 'buyer';
  // Somebody with a seat of their own is somebody else.
  return bill.opened || seats.length > 0 ? 'stranger' : 'first';
}

async function show(_options: PayOptions, visit: Visit, request: Request, response: Response): Promise<void> {
  const { bill, who, around, links } = visit;
  if (request.query['left'] === 'yes') {
    return send(response, 200, await sayPage(around, [around.words.t('pay.gift_left')], links, { tone: 'plain' }));
  }
  if (bill.state === 'working')
    return send(response, 200, await workingPage(around, bill, links, comesAgain(visit, request)));
  if (hasEnded(bill))
    return send(response, 200, await endPage(around, bill, links, { back: false, another: visit.another }));
  // After a refusal the buyer reads why, and goes on by a press.
  const mode = who === 'stranger' ? 'gift' : bill.declineCode === null ? 'go' : 'stay';
  send(response, 200, await payablePage(around, bill, links, mode));
}

async function comeBack(_options: PayOptions, visit: Visit, request: Request, response: Response): Promise<void> {
  const { bill, around, links, who } = visit;
  if (bill.state === 'working')
    return send(response, 200, await workingPage(around, bill, links, comesAgain(visit, request)));
  if (hasEnded(bill))
    return send(response, 200, await endPage(around, bill, links, { back: true, another: visit.another }));
  send(response, 200, await payablePage(around, bill, links, who === 'stranger' ? 'gift' : 'stay'));
}

async function goOn(options: PayOptions, visit: Visit, request: Request, response: Response): Promise<void> {
  const { core, publicUrl, count } = options;
  const { token, bill, who, around, links } = visit;
  const back = `${links.self}/return`;
  const form: unknown = request.body;
  const gift = typeof form === 'object' && form !== null && 'gift' in form && form.gift === 'yes';
  if (who === 'stranger' && !gift && bill.state === 'payable') {
    if (wantsJson(request)) return void response.json({ ok: true, url: links.self });
    return send(response, 409, await payablePage(around, bill, links, 'gift'));
  }
  if (bill.state !== 'payable') return leadTo(request, response, links.self);
  const opened = await core.openCheckout({ payToken: token, returnBase: publicUrl });
  if (opened.ok) {
    remember(options, token, response);
    const { value: next } = opened;
    count(next.kind);
    return leadTo(request, response, next.kind === 'redirect' ? allowed(options, next.url) : back);
  }
  const { fault } = opened;
  count(fault.code);
  if (fault.code === 'order_already_paid' || fault.code === 'payment_in_progress')
    return leadTo(request, response, back);
  const text = drawFault(fault, around.words);
  await sayNo(visit, { request, response, status: 200 }, [around.words.t('pay.failed'), text]);
}

async function sayNo(
  { around, links }: Visit,
  { request, response, status }: { request: Request; response: Response; status: number },
  texts: readonly string[],
): Promise<void> {
  if (wantsJson(request)) return void response.status(status).json({ ok: false, text: texts.join(' ') });
  send(response, status, await sayPage(around, texts, links, { tone: 'bad', retry: true }));
}

/** A bug of a channel must not make of us a door to anywhere. */
function allowed({ checkoutOrigins }: PayOptions, url: string): string {
  if (checkoutOrigins.includes(new URL(url).origin)) return url;
  throw new Error(`A payment channel leads to ${new URL(url).origin}, which is none of its checkout origins.`);
}

type Ended = Bill & { state: Exclude<Bill['state'], 'payable' | 'working'> };

const hasEnded = (bill: Bill): bill is Ended => bill.state !== 'payable' && bill.state !== 'working';

function leadTo(request: Request, response: Response, url: string): void {
  if (wantsJson(request)) response.json({ ok: true, url });
  else response.redirect(303, url);
}

function send(response: Response, status: number, page: string): void {
  response.status(status).type('html').send(page);
}

const wantsJson = (request: Request): boolean => request.headers.accept === 'application/json';

/** Later and later, and not for ever. */
function comesAgain({ links }: Visit, request: Request): { url: string; afterS: number } | undefined {
  const { n } = request.query;
  const times = typeof n === 'string' && /^\d{1,3}$/.test(n) ? Number(n) : 0;
  if (times >= AGAIN_MAX) return undefined;
  return { url: `${links.self}/return?n=${times + 1}`, afterS: AGAIN_S[times] ?? 30 };
}

const seal = ({ vault }: PayOptions, token: string): string => vault.digest('pay-cookie', token);

/** The cookie is this bill's own: its path is the link, its value says nothing to anybody else. */
function remember(options: PayOptions, token: string, response: Response): void {
  response.cookie(COOKIE, seal(options, token), {
    path: `/pay/${token}`,
    httpOnly: true,
    sameSite: 'lax',
    secure: options.publicUrl.startsWith('https:'),
    maxAge: COOKIE_MS,
  });
}

function cookieOf(request: Request): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === COOKIE)?.[1];
}

/** In a time that does not tell how much of it is right. */
function isEqual(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}

type Allowance = { readonly points: number; readonly windowMs: number };

/** Of one link so many in a window that begins with the first of them. */
function allowance(clock: Clock, { points, windowMs }: Allowance): (token: string) => boolean {
  const windows = new Map<string, { readonly since: number; used: number }>();
  return (token) => {
    const now = clock.now();
    const open = windows.get(token);
    if (open && now - open.since < windowMs) return ++open.used <= points;
    // A bound, not a policy.
    if (windows.size >= LINKS_REMEMBERED_MAX) windows.clear();
    windows.set(token, { since: now, used: 1 });
    return true;
  };
}
