/** The pages: the front door, and the seats behind it. */
import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import type { StoredIntent } from '../../src/ports/intents.ts';
import type { Words } from '../../src/ports/words.ts';
import { withHandles } from '../../src/view/handles.ts';
import type { View } from '../../src/view/view.ts';
import { readBoard } from './board.ts';
import type { WebAdapterOptions } from './options.ts';
import type { Parts } from './parts.ts';
import { DOCK_PLACES, type DockPlace, seatPage } from './seat-page.ts';
import type { Seat } from './sessions.ts';
import { NAME_MAX, noticePage, SEAT_ROLES, welcomePage } from './welcome-page.ts';

const FORM_BYTES_MAX = 8 * 1024;

const taken = z.object({
  name: z.string().max(NAME_MAX * 8),
  locale: z.string().max(40).default(''),
  role: z.enum(SEAT_ROLES).default('member'),
});

export function pageRoutes(options: WebAdapterOptions, parts: Parts): Router {
  const { sessions } = parts;
  const router = Router();
  const take = takeSeat(options, parts);

  router.get('/', async (request, response) => page(response, 200, await frontDoor(options, parts, request, response)));
  router.post('/seats', express.urlencoded({ extended: false, limit: FORM_BYTES_MAX }), take);
  router.get('/seat/:n', async (request, response) => {
    const seat = await sessions.find(request, response, Number(request.params.n));
    const drawn = seat && (await openSeat(options, parts, seat));
    if (drawn !== undefined) return page(response, 200, drawn);
    const words = await parts.speaker.wordsFor(localeOf(options, request));
    const { t } = words;
    const gone = {
      words,
      assets: parts.assets,
      title: t('web.take_seat'),
      text: t('web.session_over'),
      way: t('web.take_seat'),
    };
    return page(response, 401, await noticePage(gone));
  });
  router.post('/seat/:n/leave', async (request, response) => {
    const seat = await sessions.find(request, response, Number(request.params.n));
    if (seat) {
      await sessions.leave(request, response, seat);
      parts.feed.notify(seat.session.personId);
    }
    response.redirect(303, '/');
  });
  return router;
}

function page(response: Response, status: number, text: string): void {
  response.status(status).set('Cache-Control', 'no-store').type('html').send(text);
}

function localeOf({ negotiate }: WebAdapterOptions, request: Request): string {
  const { lang } = request.query;
  return negotiate(typeof lang === 'string' ? lang.slice(0, 40) : request.headers['accept-language']);
}

async function frontDoor(
  options: WebAdapterOptions,
  parts: Parts,
  request: Request,
  response: Response,
): Promise<string> {
  const { sessions, speaker, assets } = parts;
  const own = await sessions.all(request, response);
  const seats = await Promise.all(
    own.map(async (seat) => ({ n: seat.n, name: (await speaker.profileOf(seat))?.name ?? '' })),
  );
  const words = await speaker.wordsFor(localeOf(options, request));
  return welcomePage({ words, assets, community: (await speaker.community()).name, demo: options.demo, seats });
}

function takeSeat(options: WebAdapterOptions, { sessions, speaker, presses, assets, allow }: Parts): RequestHandler {
  const { core, communityId, demo, ids } = options;
  return async (request, response) => {
    const locale = localeOf(options, request);
    const form = taken.safeParse(request.body);
    const may = await allow('seats', request.ip ?? '');
    if (!form.success || !may) {
      const words = await speaker.wordsFor(locale);
      const { text } = speaker.fault({ code: may ? 'input_invalid' : 'too_fast' }, words);
      const way = words.t('web.take_seat');
      return page(response, may ? 400 : 429, await noticePage({ words, assets, title: way, text, way }));
    }
    const { name, role } = form.data;
    const own = options.negotiate(form.data.locale === '' ? request.headers['accept-language'] : form.data.locale);
    // A visitor of the web is whoever sits here: each new seat is a new person.
    const arrival = { platform: 'web', platformUserId: ids.token(), communityId, name, locale: own };
    const viewer = { communityId, personId: (await core.arrive(arrival)).personId };
    if (demo && role !== 'member') {
      const intent = { kind: 'choose_role', role } as const;
      await core.handle({ key: `web.seat:${viewer.personId}`, ...viewer, chatId: null, intent });
    }
    const seat = await sessions.open(request, response, viewer.personId);
    await presses.show(viewer, { name: 'home' });
    response.redirect(303, `/seat/${seat.n}`);
  };
}

/** Undefined when the person is no member any more. */
async function openSeat(
  options: WebAdapterOptions,
  { speaker, assets }: Parts,
  seat: Seat,
): Promise<string | undefined> {
  const { communityId, demo, store } = options;
  const profile = await speaker.profileOf(seat);
  if (!profile) return undefined;
  const viewer = { communityId, personId: profile.personId };
  const words = await speaker.wordsFor(profile.locale);
  const { community, chats, board, shops } = await store.read(async (reads) => {
    const here = await reads.people.community(communityId);
    const all = await reads.people.chats(communityId);
    // The chat that is called like the community is its market place; the others stand behind it.
    const found = all
      .filter((chat) => chat.platform === 'web')
      .toSorted((a, b) => Number(b.title === here?.name) - Number(a.title === here?.name));
    const chatIds = found.map((chat) => chat.id);
    return {
      community: here,
      chats: found.map(({ id, title }) => ({ id, title })),
      board: await readBoard(reads, viewer, chatIds),
      shops: await reads.people.shopRoles(communityId, profile.personId),
    };
  });
  const role = profile.role === 'member' ? (Object.values(shops)[0] ?? 'member') : profile.role;
  return seatPage({
    words,
    assets,
    community: community?.name ?? '',
    demo,
    role: words.t(`role.${role}`),
    dock: await drawDock(options, viewer.personId, words),
    boot: {
      seat: seat.n,
      me: { id: profile.personId, name: profile.name },
      locale: words.locale,
      timeZone: community?.timeZone ?? 'UTC',
      chats,
      ...board,
    },
  });
}

/** The buttons that are always at hand. */
async function drawDock({ core, handleKey }: WebAdapterOptions, personId: string, { t }: Words) {
  const button = (label: string, name: DockPlace) => {
    const show: StoredIntent = { kind: 'show', message: { name } };
    return { kind: 'press', label, do: show, answer: 'p' } as const;
  };
  const labels = { home: t('web.menu'), browse: t('web.browse'), basket: t('do.basket'), my_orders: t('web.orders') };
  const row = DOCK_PLACES.map((name) => button(labels[name], name));
  const view: View = { body: [], actions: [row], tone: 'plain' };
  const { view: handled, drawn } = withHandles(view, { chatId: null, personId, key: handleKey });
  await core.drawHandles(drawn);
  const presses = handled.actions.flat().filter((action) => action.kind !== 'link');
  return presses.map(({ handle, label }, at) => ({ handle, label, icon: DOCK_PLACES[at] ?? 'home' }));
}
