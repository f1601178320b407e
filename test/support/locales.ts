/** The locale files as a test reads them: flat, with their plural forms told apart. */
import { readdirSync, readFileSync } from 'node:fs';

type Texts = { readonly [key: string]: string | Texts };

const folder = new URL('../../locales/', import.meta.url);

const flat = (texts: Texts, path = ''): [string, string][] =>
  Object.entries(texts).flatMap(([key, text]) =>
    typeof text === 'string' ? [[path + key, text] as [string, string]] : flat(text, `${path}${key}.`),
  );

/** Path to text, by locale. */
export const FILES: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  readdirSync(folder).map((file) => [
    file.replace('.json', ''),
    new Map(flat(JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Texts)),
  ]),
);

const english = FILES.get('en') ?? new Map<string, string>();

const form = /^(.*)_(zero|one|two|few|many|other)$/;

/** "left_one" is a form of "left" when "left_other" stands beside it. */
export function formOf(path: string): { key: string; category: string | undefined } {
  const [, key, category] = form.exec(path) ?? [];
  return key !== undefined && english.has(`${key}_other`) ? { key, category } : { key: path, category: undefined };
}

export const placeholdersIn = (text: string): string[] =>
  [...new Set(Array.from(text.matchAll(/\{\{(.*?)\}\}/g), ([, name = '']) => name))].toSorted();

/** What the English text of a key, in all its forms, asks for. */
export function placeholdersOf(key: string): string[] {
  const texts = [...english].filter(([path]) => formOf(path).key === key).map(([, text]) => text);
  return placeholdersIn(texts.join(' '));
}
