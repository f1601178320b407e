/** Photos on their way are held in memory whole, for as long as their sender takes: so they are few at a time. */
import type { Request, RequestHandler } from 'express';

const AT_ONCE_MAX = 16;
const OF_ONE_SEAT_MAX = 2;

/** `seatOf`: the id of the session behind the request. `tooMany` answers whoever has to come again. */
export function createUploadGate(seatOf: (request: Request) => string, tooMany: RequestHandler): RequestHandler {
  const underWay = new Map<Request, string>();
  return (request, response, next) => {
    const seat = seatOf(request);
    const own = [...underWay.values()].filter((one) => one === seat).length;
    if (underWay.size >= AT_ONCE_MAX || own >= OF_ONE_SEAT_MAX) return void tooMany(request, response, next);
    underWay.set(request, seat);
    response.once('close', () => underWay.delete(request));
    next();
  };
}
