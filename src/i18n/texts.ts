/** The texts of every language, from `locales/`: a language is added by adding its file. */
import { readdirSync, readFileSync } from 'node:fs';
import { createInstance } from 'i18next';
import type { Language, TextParams, Translate } from '../ports/words.ts';

export const DEFAULT_LOCALE = 'en';

type Texts = { readonly [key: string]: string | Texts };

const folder = new URL('../../locales/', import.meta.url);

function readTexts(file: string): Texts {
  const texts: unknown = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
  if (typeof texts !== 'object' || texts === null || Array.isArray(texts)) {
    throw new TypeError(`locales/${file} holds no texts: write one JSON object, as in locales/en.json.`);
  }
  return texts as Texts;
}

const resources: ReadonlyMap<string, Texts> = new Map(
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => [file.slice(0, -'.json'.length), readTexts(file)]),
);

export const locales: readonly string[] = [...resources.keys()];

const engine = createInstance();
await engine.init({
  lng: DEFAULT_LOCALE,
  fallbackLng: DEFAULT_LOCALE,
  supportedLngs: locales,
  // Everything is in memory; with this the first text can be asked for at once.
  initAsync: false,
  resources: Object.fromEntries([...resources].map(([locale, texts]) => [locale, { translation: texts }])),
  // Views are data: only a renderer knows what its platform must escape.
  interpolation: { escapeValue: false },
  returnNull: false,
});

/** A text of one language that stands for the whole of it: its own name, or the tag that numbers and dates go by. */
function about(locale: string, what: 'name' | 'format'): string {
  const text: unknown = engine.getResource(locale, 'translation', `language.${what}`);
  return typeof text === 'string' && text !== '' ? text : locale;
}

export const languages: readonly Language[] = locales.map((locale) => ({ locale, name: about(locale, 'name') }));

/** The tag that Intl gets: our Spanish, for example, is written for Latin America. */
export const formatTag = (locale: string): string => about(locale, 'format');

const translators = new Map<string, Translate>();

/** The texts of a language; an unknown one gets the default. A missing text falls back to English, never to its key. */
export function getT(locale: string): Translate {
  const language = resources.has(locale) ? locale : DEFAULT_LOCALE;
  const known = translators.get(language);
  if (known) return known;
  const made = translator(language);
  translators.set(language, made);
  return made;
}

/** A section of the texts as it stands, for a page that draws itself ("web"). Plural forms keep their endings. */
export function section(locale: string, name: string): Readonly<Record<string, string>> {
  const own = resources.get(locale)?.[name];
  const fallback = resources.get(DEFAULT_LOCALE)?.[name];
  return Object.fromEntries([...leaves(fallback), ...leaves(own)]);
}

function leaves(texts: string | Texts | undefined): [string, string][] {
  if (texts === undefined || typeof texts === 'string') return [];
  return Object.entries(texts).flatMap(([key, text]) =>
    typeof text === 'string' ? [[key, text] as [string, string]] : [],
  );
}

function translator(language: string): Translate {
  // The engine's own key types recurse too deep for a large file; ours are in ports/words.ts.
  const fixed = engine.getFixedT(language) as unknown as (key: string, options: object) => string;
  const numbers = new Intl.NumberFormat(about(language, 'format'));
  return (key, params) => fixed(key, optionsOf(params, numbers));
}

/** Params go in as replacements only: one named "lng" or "context" must not steer the engine, nor "$t(...)" in it call up a text. */
function optionsOf(params: TextParams | undefined, numbers: Intl.NumberFormat): object {
  if (params === undefined) return { nest: false };
  const replace = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === 'number' ? numbers.format(value) : value]),
  );
  const { count } = params;
  return typeof count === 'number' ? { nest: false, replace, count } : { nest: false, replace };
}
