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
  'inline_query',
  'chosen_inline_result',
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
    await intake.settled();
  };
  const ended = loop();
  return {
    async stop() {
      ending.abort();
      await ended;
    },
  };
}

/**
 * What was got and is not durable yet. Telegram shows no more than a hundred updates that are not confirmed, so what came is handed over at
 * once and not when the commit before it is done: a slow disk then carries as many as it can in one commit.
 */
function createIntake({ hurry, take, log }: Options) {
  const seen = new Set<number>();
  const open = new Map<Promise<void>, readonly number[]>();
  let next: number | undefined;

  const keep = (updates: readonly Update[]) => {
    const ids = updates.map(({ update_id: id }) => id);
    const keeping = take(updates)
      .catch(async (error: unknown) => {
        log.error({ err: error }, 'updates could not be kept; they are asked for again');
        await pause(TROUBLE_MS, new AbortController().signal);
        for (const id of ids) seen.delete(id);
        next = Math.min(next ?? Infinity, ...ids);
      })
      .finally(() => open.delete(keeping));
    open.set(keeping, ids);
  };
  return {
    /** Everything before it is durable. */
    offset: (): number | undefined => {
      const held = [...open.values()].flat();
      return held.length > 0 ? Math.min(...held, next ?? Infinity) : next;
    },
    isBusy: () => open.size > 0,
    /** When something more is durable. */
    committed: () => Promise.race(open.keys()),
    settled: () => Promise.all(open.keys()),
    add(updates: readonly Update[]): void {
      const fresh = updates.filter(({ update_id: id }) => !seen.has(id));
      for (const { update_id: id } of fresh) seen.add(id);
      const left = hurry(fresh);
      next = updates.reduce((most, { update_id: id }) => Math.max(most, id + 1), next ?? 0) || undefined;
      for (const oldest of seen.keys().take(Math.max(0, seen.size - SEEN_MAX))) seen.delete(oldest);
      if (left.length > 0) keep(left);
    },
  };
}

function afterMs(error: unknown): number {
  const seconds = error instanceof GrammyError ? error.parameters.retry_after : undefined;
  return seconds === undefined ? TROUBLE_MS : seconds * 1_000;
}
