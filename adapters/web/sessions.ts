/** Who sits in which seat of this browser. The cookie holds only the id of a row, sealed; the row can be revoked. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { getIronSession, type IronSession } from 'iron-session';
import type { WebSession } from '../../src/ports/store/web.ts';
import type { WebAdapterOptions } from './options.ts';

/** Each seat is a cookie of some 300 bytes; servers and proxies bound the whole header. */
const SEATS_MAX = 12;
/** A seat that nobody used for so long is over. */
const TTL_S = 30 * 24 * 60 * 60;
/** When a seat was last used decides how long it lasts; it need not be exact. */
const TOUCH_EVERY_MS = 10 * 60_000;

export type Seat = { readonly n: number; readonly session: WebSession };
type Sealed = { id?: string; seat?: number };

export type Sessions = {
  readonly find: (request: IncomingMessage, response: ServerResponse, n: number) => Promise<Seat | undefined>;
  readonly all: (request: IncomingMessage, response: ServerResponse) => Promise<readonly Seat[]>;
  /** A new seat for this person, in the first free place of this browser. */
  readonly open: (request: IncomingMessage, response: ServerResponse, personId: string) => Promise<Seat>;
  readonly leave: (request: IncomingMessage, response: ServerResponse, seat: Seat) => Promise<void>;
};

export function createSessions(
  options: Pick<WebAdapterOptions, 'store' | 'clock' | 'ids' | 'communityId' | 'publicUrl' | 'cookiePasswords'>,
): Sessions {
  const { store, clock, ids, communityId } = options;
  const secure = options.publicUrl.startsWith('https:');
  // By https a browser takes a cookie of this beginning from this very host alone: no sister site can seat a visitor elsewhere.
  const nameOf = (n: number) => `${secure ? '__Host-' : ''}pasar_seat_${n}`;
  const password =
    typeof options.cookiePasswords === 'string' ? options.cookiePasswords : { ...options.cookiePasswords };

  const unseal = (request: IncomingMessage, response: ServerResponse, n: number): Promise<IronSession<Sealed>> =>
    getIronSession<Sealed>(request, response, {
      cookieName: nameOf(n),
      password,
      ttl: TTL_S,
      cookieOptions: { httpOnly: true, sameSite: 'lax', secure, path: '/' },
    });
  const find: Sessions['find'] = async (request, response, n) => {
    if (!Number.isInteger(n) || n < 1 || n > SEATS_MAX) return undefined;
    // Without this look every stranger's request would cost a key derivation.
    if (!request.headers.cookie?.includes(`${nameOf(n)}=`)) return undefined;
    const sealed = await unseal(request, response, n);
    const { id, seat } = sealed;
    if (typeof id !== 'string' || seat !== n) return undefined;
    const session = await store.read((reads) => reads.web.session(id));
    if (!session || session.revokedAt !== null || session.communityId !== communityId) return undefined;
    const now = clock.now();
    if (now - session.seenAt > TTL_S * 1000) return undefined;
    if (now - session.seenAt > TOUCH_EVERY_MS) {
      await store.transact(null, async (tx) => (await tx.web.touchSession(id, now), null));
      // Nobody signs in here: whoever comes back in time keeps the seat, or an owner would lose the market for good.
      await sealed.save();
    }
    return { n, session };
  };
  const all: Sessions['all'] = async (request, response) => {
    const found = await Promise.all(
      Array.from({ length: SEATS_MAX }, (_, index) => find(request, response, index + 1)),
    );
    return found.filter((seat) => seat !== undefined);
  };
  return {
    find,
    all,
    open: async (request, response, personId) => {
      const taken = new Set((await all(request, response)).map((seat) => seat.n));
      let n = 1;
      while (taken.has(n) && n < SEATS_MAX) n += 1;
      const now = clock.now();
      const session: WebSession = {
        id: ids.token(),
        personId,
        communityId,
        createdAt: now,
        seenAt: now,
        revokedAt: null,
      };
      await store.transact(null, (tx) => tx.web.insertSession(session));
      const sealed = await unseal(request, response, n);
      sealed.id = session.id;
      sealed.seat = n;
      await sealed.save();
      return { n, session };
    },
    leave: async (request, response, seat) => {
      await store.transact(null, (tx) => tx.web.revokeSession(seat.session.id, clock.now()));
      const sealed = await unseal(request, response, seat.n);
      sealed.destroy();
    },
  };
}
