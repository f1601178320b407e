/** The line to Discord: the market opens whether Discord answers or not, and the connection is tried until it stands. */
import { DiscordAPIError, HTTPError, type REST, Routes } from 'discord.js';
import type { Log } from '../../src/ports/runtime.ts';

const BACK_OFF_MS = [1_000, 2_000, 5_000, 15_000, 60_000] as const;

/** Discord answers, and knows no such bot: no repetition would change it. */
const isUnknownBot = (error: unknown): boolean =>
  (error instanceof DiscordAPIError || error instanceof HTTPError) && error.status === 401;

type Line = {
  readonly rest: REST;
  /** Connects; called when Discord answers. */
  readonly connect: () => Promise<void>;
  readonly log: Log;
  readonly ending: AbortSignal;
};

/** Resolves when we are connected, or when Discord cannot be reached now: it is tried again by itself. Throws for a wrong token. */
export async function openLine(line: Line): Promise<void> {
  const { rest, connect, log } = line;
  const attempt = async () => {
    await rest.get(Routes.gatewayBot());
    await connect();
  };
  try {
    await attempt();
  } catch (error) {
    if (isUnknownBot(error)) throw error;
    log.error({ err: error }, 'Discord does not answer: the market is open without it, and keeps trying');
    void keepTrying(attempt, line);
  }
}

async function keepTrying(attempt: () => Promise<void>, { log, ending }: Line): Promise<void> {
  for (let tries = 1; !ending.aborted; tries++) {
    await pause(BACK_OFF_MS[Math.min(tries, BACK_OFF_MS.length) - 1] ?? 0, ending);
    if (ending.aborted) return;
    try {
      await attempt();
      return;
    } catch (error) {
      log.warn(
        { err: error, tries },
        isUnknownBot(error) ? 'Discord does not know the token of DISCORD_TOKEN' : 'Discord does not answer yet',
      );
    }
  }
}

function pause(ms: number, ending: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      ending.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    ending.addEventListener('abort', done);
  });
}
