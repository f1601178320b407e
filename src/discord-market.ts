/** The market's bot on Discord, when it has one. */
import type { DiscordAdapter } from '../adapters/discord/index.ts';
import type { DiscordAdapterOptions, DiscordSettings } from '../adapters/discord/options.ts';
import { outsideAdapters } from '../adapters/registry.ts';
import type { Config } from './config.ts';
import { negotiate } from './i18n/negotiate.ts';
import { locales } from './i18n/texts.ts';
import { wordsFor } from './i18n/words.ts';
import { StartFault } from './start-fault.ts';

type Given = Omit<DiscordAdapterOptions, keyof DiscordSettings | 'usual' | 'words' | 'negotiate' | 'locales'>;

/** Its start throws a `StartFault` when Discord refuses the token. While it cannot be reached the market is open without it. */
export async function openDiscord(config: Config, given: Given): Promise<DiscordAdapter | undefined> {
  if (!config.discord) return undefined;
  const { defaultCurrency: currency, defaultTimeZone: timeZone, defaultLocale: locale } = config;
  const adapter = await outsideAdapters.discord({
    ...config.discord,
    ...given,
    locales,
    usual: { currency, timeZone, locale },
    words: wordsFor,
    negotiate: (wish) => negotiate(wish, locale),
  });
  const start = async () => {
    try {
      await adapter.start();
    } catch (error) {
      if (!isUnknownBot(error)) throw error;
      throw new StartFault(
        'Discord does not know the bot of DISCORD_TOKEN: copy the token from the developer portal again.',
        error,
      );
    }
  };
  return { ...adapter, start };
}

const isUnknownBot = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'status' in error && error.status === 401;
