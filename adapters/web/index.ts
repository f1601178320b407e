/** The built-in web chat: a platform for the outbox, and the pages, streams and posts of its visitors. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Router } from 'express';
import type { ChatPlatform } from '../../src/ports/chat.ts';
import type { Viewer } from '../../src/ports/core.ts';
import type { View } from '../../src/view/view.ts';
import { createAssets } from './assets.ts';
import { createFeed } from './feed.ts';
import { createLimiter } from './limiter.ts';
import type { WebAdapterOptions } from './options.ts';
import { createPlatform } from './platform.ts';
import { createPresses } from './presses.ts';
import { createRouter } from './routes.ts';
import { createSessions } from './sessions.ts';
import { createSpeaker } from './speak.ts';

export type WebAdapter = {
  readonly platform: ChatPlatform<View>;
  /** Mounted at "/". The security headers are the application's. */
  readonly router: Router;
  /** Rows were committed by another process: the live streams look. */
  readonly notify: (personId?: string) => void;
  /** Everybody who has a valid seat in this browser: whose bills it may pay. */
  readonly visitors: (
    request: IncomingMessage,
    response: ServerResponse,
  ) => Promise<readonly (Viewer & { readonly path: string })[]>;
  /** A seat in this browser for somebody who came in by another door; answers its path. */
  readonly seat: (request: IncomingMessage, response: ServerResponse, personId: string) => Promise<string>;
  /** Ends the live streams, so that the server can be closed. */
  readonly close: () => void;
};

export function createWebAdapter(options: WebAdapterOptions): WebAdapter {
  const { core, communityId } = options;
  const feed = createFeed(options);
  const platform = createPlatform({ ...options, notify: feed.notify });
  const sessions = createSessions(options);
  const speaker = createSpeaker(options);
  const wordsOf = async ({ personId }: Viewer) => {
    const profile = await core.profile({ communityId, personId });
    return speaker.wordsFor(profile?.locale ?? (await speaker.community()).locale);
  };
  const presses = createPresses({ core, platform, wordsOf, notify: () => feed.notify() });
  const parts = {
    feed,
    sessions,
    speaker,
    presses,
    assets: createAssets(),
    allow: createLimiter(options.limit, options.limits),
    wordsOf,
  };
  return {
    platform,
    router: createRouter(options, parts),
    notify: feed.notify,
    visitors: async (request, response) => {
      const seats = await sessions.all(request, response);
      return seats.map(({ n, session: { communityId: of, personId } }) => ({
        communityId: of,
        personId,
        path: `/seat/${n}`,
      }));
    },
    seat: async (request, response, personId) => {
      const seat = await sessions.open(request, response, personId);
      await presses.show({ communityId, personId }, { name: 'home' });
      return `/seat/${seat.n}`;
    },
    close: feed.close,
  };
}
