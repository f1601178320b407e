/** What a seat can do: listen, say, press, send a photo. */
import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import { fail } from '../../src/domain/faults.ts';
import { IMAGE_BYTES_MAX } from '../../src/domain/image.ts';
import type { Viewer } from '../../src/ports/core.ts';
import { reencode } from '../../src/runtime/picture.ts';
import { documentBehind, sendDocument } from './document-routes.ts';
import { toWire } from './board.ts';
import type { WirePhotoReply, WireReply } from './client/wire.ts';
import type { WebAdapterOptions, WebLimits } from './options.ts';
import type { Parts } from './parts.ts';
import type { Refusals } from './refusals.ts';
import type { Seat } from './sessions.ts';
import { createUploadGate } from './upload-gate.ts';

const JSON_BYTES_MAX = 128 * 1024;

type SeatHandler = (request: Request, response: Response, seat: Seat) => Promise<void>;

const viewerOf = ({ session }: Seat): Viewer => ({ communityId: session.communityId, personId: session.personId });

export function seatRoutes(options: WebAdapterOptions, parts: Parts, { refuse }: Refusals): Router {
  const { feed, presses, sessions, allow } = parts;
  const seats = new WeakMap<Request, Seat>();
  const router = Router();

  // Before a byte of the body is read.
  const guard =
    (what: keyof WebLimits): RequestHandler =>
    async (request, response, next) => {
      const seat = await sessions.find(request, response, Number(request.params['n']));
      if (!seat) return refuse(request, response, fail('session_missing').fault);
      if (!(await allow(what, seat.session.id))) return refuse(request, response, fail('too_fast').fault, seat);
      seats.set(request, seat);
      next();
    };
  const seatOf = (request: Request): Seat => {
    const seat = seats.get(request);
    if (!seat) throw new Error('A route of a seat runs behind its guard.');
    return seat;
  };
  const seated =
    (work: SeatHandler): RequestHandler =>
    (request, response) =>
      work(request, response, seatOf(request));
  /** Photos are of goods, and kept: nobody but sellers fills the disk. */
  const sellers: RequestHandler = async (request, response, next) => {
    const { communityId, personId } = viewerOf(seatOf(request));
    const shops = await options.store.read((reads) => reads.people.shopRoles(communityId, personId));
    if (Object.values(shops).includes('seller')) next();
    else await refuse(request, response, fail('not_allowed').fault, seatOf(request));
  };
  const few = createUploadGate(
    (request) => seatOf(request).session.id,
    (request, response) => refuse(request, response, fail('too_fast').fault, seatOf(request)),
  );
  const json = express.json({ limit: JSON_BYTES_MAX, type: 'application/json' });
  const bytes = express.raw({ limit: IMAGE_BYTES_MAX, type: () => true, inflate: false });

  const say: SeatHandler = async (request, response, seat) => {
    const done = await presses.say(viewerOf(seat), request.body);
    if (!done.ok) return refuse(request, response, done.fault, seat);
    response.status(202).json({ ok: true, message: null, reload: false } satisfies WireReply);
  };
  const press: SeatHandler = async (request, response, seat) => {
    const done = await presses.press(viewerOf(seat), request.body);
    if (!done.ok) return refuse(request, response, done.fault, seat);
    const { panel, reload } = done.value;
    const [message = null] = panel ? await options.store.read((reads) => toWire(reads, [panel])) : [];
    response.json({ ok: true, message, reload } satisfies WireReply);
  };
  const photo: SeatHandler = async (request, response, seat) => {
    const body: unknown = request.body;
    const image = body instanceof Uint8Array ? await reencode(body) : fail('image_not_supported');
    if (!image.ok) return refuse(request, response, image.fault, seat);
    const { digest, width, height } = image.value;
    await options.core.saveImage(image.value);
    response.json({ ok: true, digest, width, height } satisfies WirePhotoReply);
  };

  const take: SeatHandler = async (request, response, seat) => {
    const found = await documentBehind({ core: options.core, wordsOf: parts.wordsOf }, viewerOf(seat), request);
    if (!found.ok) return refuse(request, response, found.fault, seat);
    sendDocument(response, found.value);
  };

  router.get('/seat/:n/documents/:handle', guard('press'), seated(take));
  router.get('/seat/:n/events', guard('streams'), seated(feed.open));
  router.post('/seat/:n/say', guard('say'), json, seated(say));
  router.post('/seat/:n/press', guard('press'), json, seated(press));
  router.post('/seat/:n/photos', guard('photo'), sellers, few, bytes, seated(photo));
  return router;
}
