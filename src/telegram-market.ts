/** The market's bot on Telegram, when it has one. */
import { outsideAdapters } from '../adapters/registry.ts';
import type { TelegramAdapter } from '../adapters/telegram/index.ts';
import type { TelegramAdapterOptions, TelegramSettings } from '../adapters/telegram/options.ts';
import type { Config } from './config.ts';
import { negotiate } from './i18n/negotiate.ts';
import { locales } from './i18n/texts.ts';
import { wordsFor } from './i18n/words.ts';
import { StartFault } from './start-fault.ts';

type Given = Omit<TelegramAdapterOptions, keyof TelegramSettings | 'usual' | 'words' | 'negotiate' | 'locales'>;

/** Throws a `StartFault` when Telegram refuses the token. While it cannot be reached the market is open without it. */
export async function openTelegram(config: Config, given: Given): Promise<TelegramAdapter | undefined> {
  if (!config.telegram) return undefined;
  const { defaultCurrency: currency, defaultTimeZone: timeZone, defaultLocale: locale } = config;
  try {
    return await outsideAdapters.telegram({
      ...config.telegram,
      ...given,
      locales,
      usual: { currency, timeZone, locale },
      words: wordsFor,
      negotiate: (wish) => negotiate(wish, locale),
    });
  } catch (error) {
    if (!isUnknownBot(error)) throw error;
    throw new StartFault(
      'Telegram does not know the bot of TELEGRAM_BOT_TOKEN: copy the token from @BotFather again.',
      error,
    );
  }
}

const isUnknownBot = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'error_code' in error &&
  (error.error_code === 401 || error.error_code === 404);
