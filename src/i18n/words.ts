/** Everything a view needs to speak to one viewer. */
import type { Words } from '../ports/words.ts';
import { formats } from './formats.ts';
import { DEFAULT_LOCALE, getT, locales } from './texts.ts';

/** `locale` is one of ours (see negotiate); an unknown one speaks English. `timeZone` is the community's. */
export function wordsFor(locale: string, timeZone: string): Words {
  const language = locales.includes(locale) ? locale : DEFAULT_LOCALE;
  return { t: getT(language), fmt: formats(language, timeZone), locale: language };
}
