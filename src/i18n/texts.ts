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

function translator(language: string): Translate {
  // The engine's own key types recurse too deep for a large file; ours are in ports/words.ts.
  const fixed = engine.getFixedT(language) as unknown as (key: string, options: object) => string;
  const tag = about(language, 'format');
  const numbers = new Intl.NumberFormat(tag);
  const rtl = dirOf(tag) === 'rtl';
  const shown = (value: string | number) => (typeof value === 'number' ? numbers.format(value) : fenced(value, rtl));
  return (key, params) => fixed(key, optionsOf(params, shown));
}

/** Scripts written from right to left, of the languages that people chat in. */
const RTL_SCRIPTS: ReadonlySet<string> = new Set(['Arab', 'Hebr', 'Thaa', 'Syrc', 'Nkoo', 'Adlm', 'Rohg']);
const rtlLetters = /[\p{sc=Arab}\p{sc=Hebr}\p{sc=Thaa}\p{sc=Syrc}\p{sc=Nkoo}\p{sc=Adlm}\p{sc=Rohg}]/u;

export function dirOf(locale: string): 'ltr' | 'rtl' {
  const { script } = new Intl.Locale(locale).maximize();
  return script !== undefined && RTL_SCRIPTS.has(script) ? 'rtl' : 'ltr';
}

/** A name or an amount keeps its own direction inside a sentence of the other one. */
function fenced(value: string, rtl: boolean): string {
  return rtl || rtlLetters.test(value) ? `\u2068${value}\u2069` : value;
}

/** Params go in as replacements only: one named "lng" or "context" must not steer the engine, nor "$t(...)" in it call up a text. */
function optionsOf(params: TextParams | undefined, shown: (value: string | number) => string): object {
  if (params === undefined) return { nest: false };
  const replace = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, shown(value)]));
  const { count } = params;
  return typeof count === 'number' ? { nest: false, replace, count } : { nest: false, replace };
}
