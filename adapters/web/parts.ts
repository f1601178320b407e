/** What the routes share. */
import type { Viewer } from '../../src/ports/core.ts';
import type { Words } from '../../src/ports/words.ts';
import type { Assets } from './assets.ts';
import type { Feed } from './feed.ts';
import type { Limiter } from './limiter.ts';
import type { Presses } from './presses.ts';
import type { Sessions } from './sessions.ts';
import type { Speaker } from './speak.ts';

export type Parts = {
  readonly feed: Feed;
  readonly sessions: Sessions;
  readonly speaker: Speaker;
  readonly presses: Presses;
  readonly assets: Assets;
  readonly allow: Limiter;
  readonly wordsOf: (viewer: Viewer) => Promise<Words>;
};
