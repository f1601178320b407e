import { assert, constantFrom, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exponentOf } from '../../../src/domain/currency.ts';
import { type Money, money, toDecimal } from '../../../src/domain/money.ts';
import { formats } from '../../../src/i18n/formats.ts';
import { negotiate } from '../../../src/i18n/negotiate.ts';
import { dirOf, getT, locales } from '../../../src/i18n/texts.ts';
import { wordsFor } from '../../../src/i18n/words.ts';

const ZONE = 'Asia/Kuala_Lumpur';
/** Intl's spaces do not break, and Arabic amounts carry a mark of direction. */
const seen = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ').replaceAll(/[\u200e\u200f\u061c]/g, '');
const shown = (locale: string, m: Money) => seen(formats(locale, ZONE).money(m));

describe('money is shown with the decimals of its own currency', () => {
  test.each([
    ['en', money(1500, 'JPY'), '¥1,500'],
    ['ms', money(1500, 'JPY'), 'JP¥1,500'],
    ['pt-BR', money(1500, 'JPY'), 'JP¥ 1.500'],
    ['en', money(1234, 'KWD'), 'KWD 1.234'],
    ['es', money(1234, 'KWD'), 'KWD 1.234'],
    ['pt-BR', money(1234, 'KWD'), 'KWD 1,234'],
    ['ar', money(1500, 'KWD'), '1.500 د.ك.'],
    ['zh-CN', money(50, 'XTR'), '⭐ 50'],
    ['pt-BR', money(12_345, 'XTR'), '⭐ 12.345'],
    ['en', money(12_345, 'BTC'), '₿ 0.00012345'],
    ['pt-BR', money(100_000_000, 'BTC'), '₿ 1,00000000'],
    ['en', money(1250, 'MYR'), 'RM 12.50'],
    ['ms', money(1250, 'MYR'), 'RM 12.50'],
    ['pt-BR', money(123_450, 'BRL'), 'R$ 1.234,50'],
    ['en', money(-5, 'USD'), '-$0.05'],
    // Intl thinks that these have no decimals; ISO 4217 and the payment rails know better.
    ['en', money(12_550, 'IDR'), 'Rp 125.50'],
    ['es', money(12_550, 'COP'), 'COP 125.50'],
  ])('%s: %o is %s', (locale, m, expected) => {
    expect(shown(locale, m)).toBe(expected);
  });

  test('dollars, yen and pounds of different countries are told apart', () => {
    const amounts = ['USD', 'SGD', 'HKD', 'AUD', 'JPY', 'CNY', 'GBP', 'EGP'].map((code) => money(100, code));
    for (const locale of locales) {
      expect(new Set(amounts.map((m) => shown(locale, m).replaceAll(/[\d.,\s]/g, ''))).size).toBe(amounts.length);
    }
  });

  test('every digit of every amount is there, up to the largest', () => {
    const amount = integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
    const currency = constantFrom('JPY', 'MYR', 'KWD', 'XTR', 'BTC');
    assert(
      property(amount, currency, constantFrom(...locales), (minor, code, locale) => {
        const m = money(minor, code);
        expect(formats(locale, ZONE).money(m).replaceAll(/\D/g, '')).toBe(toDecimal(m).replace('.', ''));
      }),
    );
    expect(shown('en', money(Number.MAX_SAFE_INTEGER, 'BTC'))).toBe('₿ 90,071,992.54740991');
  });

  test('what a form holds is the plain amount', () => {
    expect(formats('pt-BR', ZONE).plain(money(123_450, 'BRL'))).toBe('1234.50');
    expect(exponentOf('KWD')).toBe(3);
  });
});

test('a rate is shown to six digits of its decimal string', () => {
  expect(formats('en', ZONE).rate('0.211937281928373')).toBe('0.211937');
  expect(formats('pt-BR', ZONE).rate('16250.5')).toBe('16.250,5');
});

test("instants are shown in the community's zone, in the viewer's way", () => {
  const at = Date.UTC(2026, 10, 20, 17, 5);
  expect(seen(formats('en', ZONE).dateTime(at))).toBe('Nov 21, 2026, 1:05 AM');
  expect(seen(formats('pt-BR', 'America/Sao_Paulo').time(at))).toBe('14:05');
  expect(() => formats('en', 'Moon/Base')).toThrow(RangeError);
});

test('lists, currencies and directions follow the language', () => {
  expect(formats('es', ZONE).list(['a', 'b'], 'or')).toBe('a o b');
  expect(formats('en', ZONE).currencyName('MYR')).toBe('Malaysian Ringgit');
  expect(formats('en', ZONE).currencyName('XTR')).toBe('XTR');
  expect(locales.filter((locale) => dirOf(locale) === 'rtl')).toEqual(['ar']);
});

describe('texts', () => {
  test('a count chooses the plural form of the language and is written its way', () => {
    const t = getT('en');
    expect([1, 2, 1200].map((count) => t('units', { count }))).toEqual(['1 item', '2 items', '1,200 items']);
    const forms = [0, 1, 2, 3, 11, 100].map((count) => getT('ar')('units', { count }));
    expect(new Set(forms.map((text) => text.replaceAll(/[\d\s]/g, ''))).size).toBeGreaterThan(3);
  });

  test('what people typed is never read as a text, a placeholder or markup', () => {
    const title = '$t(card.buy) {{count}} $& <b>&amp;</b> lng';
    expect(getT('en')('card.ask_title', { title })).toBe(`Ask about ${title}`);
  });

  test('a name keeps its direction in a sentence of the other one', () => {
    expect(getT('en')('web.who', { name: 'Mei' })).toBe('You are Mei');
    expect(getT('en')('web.who', { name: 'ليلى' })).toBe('You are \u2068ليلى\u2069');
    expect(getT('ar')('web.who', { name: 'Mei' })).toContain('\u2068Mei\u2069');
  });

  test('an unknown language speaks English', () => {
    const words = wordsFor('xx', ZONE);
    expect([words.locale, words.t('card.buy')]).toEqual(['en', 'Buy']);
  });
});

describe('negotiation', () => {
  test.each([
    ['zh-HK,zh;q=0.5', 'zh-TW'],
    ['zh-Hant', 'zh-TW'],
    ['zh-SG', 'zh-CN'],
    ['zh', 'zh-CN'],
    ['pt', 'pt-BR'],
    ['pt-PT,en;q=0.5', 'pt-BR'],
    ['es-MX', 'es'],
    ['ar-EG', 'ar'],
    ['ms-MY, en;q=0.8', 'ms'],
    ['fr;q=0.4, es;q=0.9', 'es'],
    ['xx-y$$,*', 'en'],
    ['', 'en'],
  ])('%s reads %s', (header, expected) => {
    expect(negotiate(header)).toBe(expected);
  });

  test("a platform's list works as well, and nothing near falls back to the community's language", () => {
    expect(negotiate(['zh_TW'])).toBe('zh-TW');
    expect(negotiate(['fi'], 'ms')).toBe('ms');
    expect(negotiate(undefined, 'nope')).toBe('en');
  });
});
