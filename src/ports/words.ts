/** The words of one viewer: what a view may know of language. Made by i18n; `locales/en.json` is the source of the keys. */
import type { Money } from '../domain/money.ts';
import type en from '../../locales/en.json';

type PluralCategory = 'zero' | 'one' | 'two' | 'few' | 'many' | 'other';

/** `left_one` and `left_other` are the key `left`; `too_many` without `too_other` beside it is a key of its own. */
type NameOf<K extends string, Siblings> = K extends `${infer Base}_${PluralCategory}`
  ? `${Base}_other` extends Siblings
    ? Base
    : K
  : K;

type KeysOf<T, Path extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${Path}${NameOf<K, keyof T>}` : KeysOf<T[K], `${Path}${K}.`>;
}[keyof T & string];

/** Every text of the product, by its path ("card.sold_out"). */
export type TextKey = KeysOf<typeof en>;

/** Numbers are written the viewer's way; `count` also chooses the plural form. */
export type TextParams = Readonly<Record<string, string | number>>;
export type Translate = (key: TextKey, params?: TextParams) => string;

export type Language = { readonly locale: string; readonly name: string };

export interface Formats {
  readonly dir: 'ltr' | 'rtl';
  /** With exactly the currency's own decimals, whatever Intl thinks of them. */
  money(money: Money): string;
  /** The bare amount as its owner would type it into a form: "12.50". */
  plain(money: Money): string;
  number(value: number): string;
  /** A rate from its decimal string, to six significant digits. */
  rate(value: string): string;
  /** Instants are ms since 1970 and shown in the community's time zone. */
  date(at: number): string;
  time(at: number): string;
  dateTime(at: number): string;
  list(items: readonly string[], join: 'and' | 'or'): string;
  currencyName(code: string): string;
  /** What one may choose from, each by its own name. */
  readonly languages: readonly Language[];
}

export type Words = { readonly t: Translate; readonly fmt: Formats; readonly locale: string };
