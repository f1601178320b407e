/** The market's bot on Discord, when it has one. */
import type { DiscordAdapter } from '../adapters/discord/index.ts';
import type { DiscordAdapterOptions, DiscordSettings } from '../adapters/discord/options.ts';
import { outsideAdapters } from '../adapters/registry.ts';
import type { Config } from './config.ts';
import { negotiate } from './i18n/negotiate.ts';
import { locales } from './i18n/texts.ts';
import { wordsFor } from './i18n/words.ts';

type Given = Omit<DiscordAdapterOptions, keyof DiscordSettings | 'usual' | 'words' | 'negotiate' | 'locales'>;

export async function openDiscord(config: Config, given: Given): Promise<DiscordAdapter | undefined> {
  if (!config.discord) return undefined;
  const { defaultCurrency: currency, defaultTimeZone: timeZone, defaultLocale: locale } = config;
  return outsideAdapters.discord({
    ...config.discord,
    ...given,
    locales,
    usual: { currency, timeZone, locale },
    words: wordsFor,
    negotiate: (wish) => negotiate(wish, locale),
  });
}
