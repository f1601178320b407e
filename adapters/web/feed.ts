/**
 * The live streams. A stream is always fed from the database; being told that something is new only makes it look. So it loses and
 * repeats nothing, whoever wrote the rows and however often it was told.
 */
import type { Request, Response } from 'express';
import { createSession, type Session } from 'better-sse';
import type { Log } from '../../src/ports/runtime.ts';
import type { Store } from '../../src/ports/store.ts';
import { toWire, type BoardViewer } from './board.ts';
import type { Seat } from './sessions.ts';

const BATCH = 100;
const KEEP_ALIVE_MS = 15_000;
/** A reader this far behind is cut off; it comes back with its last seq and starts from there. */
const BACKLOG_BYTES_MAX = 1024 * 1024;
const STREAMS_PER_SEAT_MAX = 4;

type Stream = {
  readonly viewer: BoardViewer;
  readonly sessionId: string;
  readonly response: Response;
  readonly wake: () => void;
};

export type Feed = {
  readonly open: (request: Request, response: Response, seat: Seat) => Promise<void>;
  /** Something was committed: for one person, or (without) for everybody. */
  readonly notify: (personId?: string) => void;
  readonly end: (sessionId: string) => void;
  readonly close: () => void;
};

export function createFeed({ store, log }: { store: Store; log: Log }): Feed {
  const streams = new Set<Stream>();
  const endAll = (which: Iterable<Stream>) => {
    for (const stream of which) stream.response.end();
  };
  const ofSession = (sessionId: string) => [...streams].filter((stream) => stream.sessionId === sessionId);

  return {
    open: async (request, response, seat) => {
      const { id: sessionId, personId, communityId } = seat.session;
      const session = await createSession(request, response, { keepAlive: KEEP_ALIVE_MS, retry: null });
      const after = seqOf(session.lastId) ?? seqOf(request.query['after']) ?? 0;
      const pump = createPump({ store, log, session, response, viewer: { personId, communityId }, sessionId, after });
      const stream = { viewer: { personId, communityId }, sessionId, response, wake: pump };
      const surplus = ofSession(sessionId).slice(0, -STREAMS_PER_SEAT_MAX + 1 || undefined);
      if (ofSession(sessionId).length >= STREAMS_PER_SEAT_MAX) endAll(surplus);
      streams.add(stream);
      response.once('close', () => streams.delete(stream));
      session.push(null, 'ready', String(after));
      pump();
    },
    notify: (personId) => {
      for (const { viewer, wake } of streams) if (personId === undefined || viewer.personId === personId) wake();
    },
    end: (sessionId) => endAll(ofSession(sessionId)),
    close: () => endAll(streams),
  };
}

/** A seq as a browser gives it back; anything else starts from the beginning of what is stored. */
function seqOf(text: unknown): number | undefined {
  return typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

type PumpOptions = {
  readonly store: Store;
  readonly log: Log;
  readonly session: Session;
  readonly response: Response;
  readonly viewer: BoardViewer;
  readonly sessionId: string;
  readonly after: number;
};

/** One reader at a time for a stream; told again meanwhile, it looks once more. */
function createPump(options: PumpOptions): () => void {
  const { store, log, session, response, viewer, sessionId } = options;
  let { after } = options;
  let running = false;
  let again = false;

  const batch = async (): Promise<boolean> => {
    const { open, messages } = await store.read(async (reads) => {
      const row = await reads.web.session(sessionId);
      if (!row || row.revokedAt !== null) return { open: false, messages: [] };
      return { open: true, messages: await toWire(reads, await reads.web.messagesAfter(viewer, after, BATCH)) };
    });
    if (!session.isConnected) return false;
    if (!open) {
      session.push(null, 'over', String(after));
      response.end();
      return false;
    }
    for (const message of messages) {
      session.push(message, 'message', String(message.seq));
      after = message.seq;
    }
    if (response.writableLength > BACKLOG_BYTES_MAX) {
      response.destroy();
      return false;
    }
    return messages.length === BATCH;
  };
  const run = async () => {
    running = true;
    try {
      do {
        again = false;
        while (await batch());
      } while (again && session.isConnected);
    } catch (error) {
      // The browser comes back with the seq it has.
      log.warn({ error }, 'a live stream could not be read and was closed');
      response.destroy();
    } finally {
      running = false;
    }
  };
  return () => {
    if (running) again = true;
    else if (session.isConnected) void run();
  };
}
