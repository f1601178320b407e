/** Which of our languages a person gets. */
import { match } from '@formatjs/intl-localematcher';
import Negotiator from 'negotiator';
import { DEFAULT_LOCALE, locales } from './texts.ts';

/** What one person asks for, at most; more is somebody's experiment. */
const WISHES_MAX = 20;

/**
 * The best of our languages for an `Accept-Language` header or a list of tags, by distance of languages: `zh-HK` reads Traditional
 * Chinese, `pt` our Portuguese. `fallback` when nothing was asked for or nothing is near.
 */
export function negotiate(wishes: string | readonly string[] | undefined, fallback: string = DEFAULT_LOCALE): string {
  const home = locales.includes(fallback) ? fallback : DEFAULT_LOCALE;
  const tags = wishesOf(wishes).slice(0, WISHES_MAX).flatMap(canonical);
  return tags.length === 0 ? home : match(tags, locales, home);
}

function wishesOf(wishes: string | readonly string[] | undefined): readonly string[] {
  if (wishes === undefined) return [];
  if (typeof wishes !== 'string') return wishes;
  return new Negotiator({ headers: { 'accept-language': wishes } }).languages();
}

/** A browser's header is anybody's text: what is no language tag (`*`, `x$`) asks for nothing. */
function canonical(tag: string): string[] {
  try {
    return Intl.getCanonicalLocales(tag.replaceAll('_', '-'));
  } catch {
    return [];
  }
}
