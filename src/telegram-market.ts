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

/** Throws a `StartFault` when Telegram refuses the token or cannot be reached. */
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
    throw new StartFault(whyNot(error), error);
  }
}

function whyNot(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'error_code' in error ? error.error_code : undefined;
  return code === 401 || code === 404
    ? 'Telegram does not know the bot of TELEGRAM_BOT_TOKEN: copy the token from @BotFather again.'
    : 'Telegram did not answer: check the connection of this machine, or leave TELEGRAM_BOT_TOKEN out to start without it.';
}
