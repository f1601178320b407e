/** The long poll: what was got is durable before the next question, which is what makes Telegram forget it. */
import { GrammyError } from 'grammy';
import type { Update } from 'grammy/types';
import type { Log } from '../../src/ports/runtime.ts';
import type { TelegramApi } from './api.ts';
import { pause, signalFor } from './line.ts';

const POLL_S = 50;
const BATCH = 100;
const TROUBLE_MS = 3_000;
/** How often we look for taps while a commit takes long. */
const LOOK_MS = 250;
/** More than Telegram ever gives at once. */
const SEEN_MAX = 10_000;
/** Another process polls for the same bot: two markets would take the updates from each other. */
const CONFLICT_MS = 10_000;

/** Everything that we understand; kinds that are left out never come. */
export const ALLOWED_UPDATES = [
  'message',
  'callback_query',
  'pre_checkout_query',
  'shipping_query',
  'my_chat_member',
] as const satisfies readonly (keyof Update)[];

export type Polling = { stop(): Promise<void> };

type Options = {
  readonly polling: TelegramApi;
  readonly log: Log;
  /** What cannot wait for a commit is done at once; answers what is left to be kept. */
  readonly hurry: (updates: readonly Update[]) => readonly Update[];
  /** Resolves when they are durable. */
  readonly take: (updates: readonly Update[]) => Promise<void>;
};

export function startPolling(options: Options): Polling {
  const { polling, log } = options;
  const ending = new AbortController();
  const loop = async () => {
    const intake = createIntake(options);
    while (!ending.signal.aborted) {
      try {
        // While a commit is under way we only look: what is not durable is not confirmed, and taps are answered all the same.
        const waits = intake.isBusy();
        const offset = intake.offset();
        const asked = { limit: BATCH, timeout: waits ? 0 : POLL_S, allowed_updates: ALLOWED_UPDATES };
        const updates = await polling.getUpdates(
          offset === undefined ? asked : { ...asked, offset },
          signalFor(ending.signal),
        );
        intake.add(updates);
        if (intake.isBusy()) await Promise.race([intake.committed(), pause(LOOK_MS, ending.signal)]);
      } catch (error) {
        if (ending.signal.aborted) break;
        const conflict = error instanceof GrammyError && error.error_code === 409;
        const said = conflict ? 'another process polls for this bot: stop it' : 'updates could not be got';
        log.error({ err: error }, `${said}; trying again`);
        await pause(conflict ? CONFLICT_MS : afterMs(error), ending.signal);
      }
    }
    await intake.committed();
  };
  const ended = loop();
  return {
    async stop() {
      ending.abort();
      await ended;
    },
  };
}

/** What was got and is not durable yet: one commit at a time, and everything that came meanwhile in the next. */
function createIntake({ hurry, take, log }: Options) {
  const seen = new Set<number>();
  let next: number | undefined;
  let waiting: Update[] = [];
  let open: readonly Update[] = [];
  let committing: Promise<void> | undefined;

  const commit = () => {
    if (committing || waiting.length === 0) return;
    open = waiting;
    waiting = [];
    committing = take(open)
      .catch(async (error: unknown) => {
        log.error({ err: error }, 'updates could not be kept; they are asked for again');
        const lost = [...open, ...waiting].map(({ update_id: id }) => id);
        for (const id of lost) seen.delete(id);
        next = Math.min(...lost);
        waiting = [];
        await pause(TROUBLE_MS, new AbortController().signal);
      })
      .finally(() => {
        open = [];
        committing = undefined;
        commit();
      });
  };
  return {
    /** Everything before it is durable. */
    offset: (): number | undefined => {
      const held = [...open, ...waiting].map(({ update_id: id }) => id);
      return held.length > 0 ? Math.min(...held) : next;
    },
    isBusy: () => committing !== undefined,
    committed: async () => committing,
    add(updates: readonly Update[]): void {
      const fresh = updates.filter(({ update_id: id }) => !seen.has(id));
      for (const { update_id: id } of fresh) seen.add(id);
      waiting.push(...hurry(fresh));
      next = updates.reduce((most, { update_id: id }) => Math.max(most, id + 1), next ?? 0) || undefined;
      const [oldest] = seen;
      if (seen.size > SEEN_MAX && oldest !== undefined) seen.delete(oldest);
      commit();
    },
  };
}

function afterMs(error: unknown): number {
  const seconds = error instanceof GrammyError ? error.parameters.retry_after : undefined;
  return seconds === undefined ? TROUBLE_MS : seconds * 1_000;
}
