/** The line to Telegram: the market opens whether Telegram answers or not, and what needs an answer is tried until it comes. */
import { GrammyError } from 'grammy';
import type { ChatPlatform, Sent } from '../../src/ports/chat.ts';
import type { Log } from '../../src/ports/runtime.ts';
import type { View } from '../../src/view/view.ts';
import { type TelegramApi, troubleOf } from './api.ts';
import { PLATFORM } from './options.ts';

/** A market waits so long at its start to hear that its token is good; whoever is slower is asked again while it runs. */
const FIRST_ANSWER_MS = 5_000;
const BACK_OFF_MS = [1_000, 2_000, 5_000, 15_000, 60_000] as const;
/** What is for Telegram meanwhile waits in the outbox. */
const SEND_LATER_MS = 5_000;

export type Me = { readonly id: number; readonly username: string };

/** Who the bot is; undefined when Telegram cannot be reached now. Throws when it answers that it knows no such bot. */
export async function introduce(api: TelegramApi, log: Log): Promise<Me | undefined> {
  try {
    return await api.getMe(signalFor(AbortSignal.timeout(FIRST_ANSWER_MS)));
  } catch (error) {
    if (isUnknownBot(error)) throw error;
    log.error({ err: error }, 'Telegram does not answer: the market is open without it, and keeps trying');
    return undefined;
  }
}

/** grammY's type of a signal is that of an old shim; Node's own is what it works with. */
export const signalFor = (signal: AbortSignal) => signal as Parameters<TelegramApi['getMe']>[0];

const isUnknownBot = (error: unknown): boolean =>
  error instanceof GrammyError && (error.error_code === 401 || error.error_code === 404);

type Trying = {
  /** Throws while it does not work. */
  readonly step: () => Promise<void>;
  readonly log: Log;
  readonly ending: AbortSignal;
};

/** Again and again, ever more slowly, until it works or we stop. */
export async function keepTrying({ step, log, ending }: Trying): Promise<void> {
  for (let attempt = 1; !ending.aborted; attempt++) {
    await pause(BACK_OFF_MS[Math.min(attempt, BACK_OFF_MS.length) - 1] ?? 0, ending);
    if (ending.aborted) return;
    try {
      await step();
      log.info({ attempt }, 'Telegram answers');
      return;
    } catch (error) {
      const said = isUnknownBot(error)
        ? 'Telegram does not know the bot of TELEGRAM_BOT_TOKEN: copy the token from @BotFather again'
        : 'Telegram does not answer yet';
      log.warn({ err: error, attempt }, said);
    }
  }
}

/** The platform, as soon as there is one; until then everything for it waits. */
export function waitingPlatform(platform: () => ChatPlatform<View> | undefined): ChatPlatform<View> {
  const later: Promise<Sent> = Promise.resolve({ outcome: 'later', afterMs: SEND_LATER_MS });
  return {
    platform: PLATFORM,
    can: { ephemeral: true, edit: true, forms: false, privateFirst: false },
    post: (to) => platform()?.post(to) ?? later,
    edit: (to) => platform()?.edit(to) ?? later,
    panel: (to) => platform()?.panel(to) ?? later,
    pin: async (to) => platform()?.pin?.(to),
  };
}

/** Throws what should be tried again. A refusal that stays one is told, and left as it is. */
export function throwUnlessRefused(error: unknown, log: Log, what: string): void {
  if (troubleOf(error, 'edit').kind === 'later') throw error;
  log.error({ err: error }, what);
}

export function pause(ms: number, until: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  until.addEventListener('abort', () => resolve(), { once: true });
  return promise.finally(() => clearTimeout(timer));
}
