import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { languages, locales } from '../../../src/i18n/texts.ts';
import { FILES, formOf, placeholdersIn, placeholdersOf } from '../../support/locales.ts';

const english = FILES.get('en') ?? new Map<string, string>();
const keys = new Set([...english.keys()].map((path) => formOf(path).key));
const plurals = new Set([...english.keys()].filter((path) => formOf(path).category).map((path) => formOf(path).key));

test('the seven languages of the first release are there, each under its own name', () => {
  expect(locales).toEqual(expect.arrayContaining(['ar', 'en', 'es', 'ms', 'pt-BR', 'zh-CN', 'zh-TW']));
  expect(new Set(languages.map((language) => language.name)).size).toBe(locales.length);
});

describe.each([...FILES])('%s', (locale, texts) => {
  const categories = new Intl.PluralRules(texts.get('language.format')).resolvedOptions().pluralCategories;

  test('has every key, each plural in the forms of its language, and nothing else', () => {
    const expected = [...keys].flatMap((key) =>
      plurals.has(key) ? categories.map((category) => `${key}_${category}`) : [key],
    );
    expect([...texts.keys()].toSorted()).toEqual(expected.toSorted());
  });

  test('leaves no text empty', () => {
    expect([...texts].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  test('asks for the same placeholders as English', () => {
    const wrong = [...texts].filter(([path, text]) => {
      const { key, category } = formOf(path);
      const asked = placeholdersOf(key);
      const given = placeholdersIn(text);
      // "One left" may go without its number; a form that stands for many numbers may not.
      const bare = category === 'zero' || category === 'one' || category === 'two';
      const optional = bare ? ['count'] : [];
      return (
        [
          ...asked.filter((name) => !optional.includes(name) && !given.includes(name)),
          ...given.filter((name) => !asked.includes(name)),
        ].length > 0
      );
    });
    expect(wrong).toEqual([]);
  });

  test('is written in its own words', () => {
    if (locale === 'en') return;
    const letters = (text: string) => text.replaceAll(/\{\{.*?\}\}|\P{L}/gu, '').length;
    const long = [...texts].filter(([path, text]) => letters(text) > 15 && english.get(path) === text);
    expect(long).toEqual([]);
  });
});

const root = new URL('../../../', import.meta.url).pathname;

/** Keys as the code writes them: whole ("card.buy"), or with a hole (`fault.${code}`) that the compiler checks to be filled. */
function keysInCode(): { whole: Set<string>; patterns: RegExp[] } {
  const sources = ['src', 'adapters'].flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }));
  const code = sources.map((file) => readFileSync(root + file, 'utf8')).join('\n');
  const whole = new Set(Array.from(code.matchAll(/'([a-z0-9_.]+)'/g), ([, key = '']) => key));
  const patterns = Array.from(code.matchAll(/\(\s*`([a-z0-9_.]*\$\{[^`]*)`/g), ([, template = '']) => {
    return new RegExp(`^${template.replaceAll('.', '\\.').replace(/\$\{[^}]*\}/g, '[a-z0-9_]+')}$`);
  });
  return { whole, patterns };
}

test('no key is without use', () => {
  const { whole, patterns } = keysInCode();
  const unused = [...keys].filter((key) => {
    // A language's own name and tag are read from its file.
    if (key.startsWith('language.')) return false;
    return !whole.has(key) && !patterns.some((pattern) => pattern.test(key));
  });
  expect(unused).toEqual([]);
});
