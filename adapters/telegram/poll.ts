/** The long poll: what was got is durable before the next question, which is what makes Telegram forget it. */
import { GrammyError } from 'grammy';
import type { Update } from 'grammy/types';
import type { Log } from '../../src/ports/runtime.ts';
import type { TelegramApi } from './api.ts';

const POLL_S = 50;
const BATCH = 100;
const TROUBLE_MS = 3_000;
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
  readonly take: (updates: readonly Update[]) => Promise<void>;
};

export function startPolling({ polling, log, take }: Options): Polling {
  const ending = new AbortController();
  const loop = async () => {
    let offset: number | undefined;
    while (!ending.signal.aborted) {
      try {
        const updates = await polling.getUpdates(
          {
            ...(offset === undefined ? {} : { offset }),
            limit: BATCH,
            timeout: POLL_S,
            allowed_updates: ALLOWED_UPDATES,
          },
          // grammY's type of a signal is that of an old shim; Node's own is what it works with.
          ending.signal as Parameters<typeof polling.getUpdates>[1],
        );
        if (updates.length > 0) await take(updates);
        offset = updates.reduce((next, { update_id: id }) => Math.max(next, id + 1), offset ?? 0) || undefined;
      } catch (error) {
        if (ending.signal.aborted) return;
        const conflict = error instanceof GrammyError && error.error_code === 409;
        const said = conflict ? 'another process polls for this bot: stop it' : 'updates could not be got';
        log.error({ err: error }, `${said}; trying again`);
        await pause(conflict ? CONFLICT_MS : afterMs(error), ending.signal);
      }
    }
  };
  const ended = loop();
  return {
    async stop() {
      ending.abort();
      await ended;
    },
  };
}

function afterMs(error: unknown): number {
  const seconds = error instanceof GrammyError ? error.parameters.retry_after : undefined;
  return seconds === undefined ? TROUBLE_MS : seconds * 1_000;
}

function pause(ms: number, until: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  until.addEventListener('abort', () => resolve(), { once: true });
  return promise.finally(() => clearTimeout(timer));
}
