/** What Telegram shows of the bot before anybody writes to it: its commands and who it is, in every language that Telegram knows of. */
import type { LanguageCode } from 'grammy/types';
import type { Log } from '../../src/ports/runtime.ts';
import type { Words } from '../../src/ports/words.ts';
import type { TelegramApi } from './api.ts';
import { keepTrying } from './line.ts';

/** In the menu of a private chat; in groups only what is of use there. */
const LISTED = [
  'continue',
  'shop',
  'orders',
  'basket',
  'sell',
  'packing',
  'bill',
  'connect',
  'export',
  'index',
  'menu',
  'language',
  'verify',
  'paysupport',
  'privacy',
  'terms',
  'help',
] as const;
const IN_GROUPS = ['shop', 'orders', 'basket', 'sell', 'bill', 'index', 'help'] as const;

type Code = { readonly language_code?: LanguageCode };
type Told = { readonly locale: string; readonly code: Code };
type Options = {
  readonly api: TelegramApi;
  readonly locales: readonly string[];
  readonly words: (locale: string, timeZone: string) => Words;
};

/** `first`: when the first try is over, well or not. */
export type Announcing = { readonly first: Promise<void> };

/** People buy without it: it is tried beside everything else until Telegram takes it, each time from where it stopped. */
export function startAnnouncing(options: Options & { readonly log: Log; readonly ending: AbortSignal }): Announcing {
  const { log, ending } = options;
  const left = spokenOf(options.locales).flatMap((told) => [
    () => announceCommands(options, told),
    () => describe(options, told),
  ]);
  const step = async () => {
    for (let next = left[0]; next && !ending.aborted; next = left[0]) {
      await next();
      left.shift();
    }
  };
  const begin = async () => {
    try {
      await step();
    } catch (error) {
      log.warn({ err: error }, 'commands and description could not be announced; it is tried again');
      void keepTrying({ step, log, ending });
    }
  };
  return { first: begin() };
}

/** Telegram knows languages of two letters only: the first of ours that begins so speaks for all. English is for everybody else. */
function spokenOf(locales: readonly string[]): readonly Told[] {
  const spoken = new Map<string, string>();
  for (const locale of locales) {
    const [language = locale] = locale.split('-');
    if (language !== 'en' && !spoken.has(language)) spoken.set(language, locale);
  }
  const others = [...spoken].map(([language, locale]) => ({
    locale,
    code: { language_code: language as LanguageCode },
  }));
  return [{ locale: 'en', code: {} }, ...others];
}

async function announceCommands({ api, words }: Options, { locale, code }: Told): Promise<void> {
  const listOf = (names: readonly (typeof LISTED)[number][], aside: boolean) =>
    names.map((command) => ({
      command,
      description: words(locale, 'UTC').t(`bot.command.${command}`),
      ...(aside ? { is_ephemeral: true } : {}),
    }));
  await api.setMyCommands(listOf(LISTED, false), { scope: { type: 'all_private_chats' }, ...code });
  await api.setMyCommands(listOf(IN_GROUPS, true), { scope: { type: 'all_group_chats' }, ...code });
}

/**
 * The bot's name stays what its owner chose, and so do words of theirs about it: only nothing, and what we said ourselves, is replaced.
 * A language without words of its own is answered with those for everybody.
 */
async function describe({ api, locales, words }: Options, { locale, code }: Told): Promise<void> {
  const isWanted = (standing: string, key: 'bot.welcome.text' | 'bot.welcome.title') =>
    standing !== words(locale, 'UTC').t(key) &&
    ['', ...locales.map((one) => words(one, 'UTC').t(key))].includes(standing);
  const { t } = words(locale, 'UTC');
  const { description } = await api.getMyDescription(code);
  if (isWanted(description, 'bot.welcome.text')) await api.setMyDescription(t('bot.welcome.text'), code);
  const { short_description: short } = await api.getMyShortDescription(code);
  if (isWanted(short, 'bot.welcome.title')) await api.setMyShortDescription(t('bot.welcome.title'), code);
}
