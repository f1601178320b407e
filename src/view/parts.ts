/** Small pieces that several views share. */
import type { Money } from '../domain/money.ts';
import type { Quote } from '../domain/pricing/quote-shape.ts';
import type { StoredIntent } from '../ports/intents.ts';
import type { Message } from '../ports/messages.ts';
import type { OrderSummary, ProductData, VariantData } from '../ports/shown.ts';
import type { Translate, Words } from '../ports/words.ts';
import type { Action, ActionStyle, Field, Form, Text } from './view.ts';

type PressOptions = {
  readonly style?: ActionStyle;
  readonly confirm?: string;
  readonly disabled?: boolean;
  /** `p` opens a panel of its own; `u`, the usual, changes the one it stands on. */
  readonly answer?: 'u' | 'p';
};

export function press(label: string, intent: StoredIntent, options: PressOptions = {}): Action {
  const { answer = 'u', ...rest } = options;
  return { kind: 'press', label, do: intent, answer, ...rest };
}

/** Opens a panel. */
export function open(label: string, message: Message, options: Omit<PressOptions, 'answer'> = {}): Action {
  return press(label, { kind: 'show', message }, { ...options, answer: 'p' });
}

export function form(label: string, intent: StoredIntent, asked: Form, style?: ActionStyle): Action {
  return { kind: 'form', label, do: intent, form: asked, ...(style ? { style } : {}) };
}

type TextField = Extract<Field, { maxLength: number }>;

/** A field of text; `lines` is several, `amount` and `number` are typed as text too. */
export function field(
  kind: TextField['kind'],
  name: string,
  label: string,
  options: { hint?: string; required?: boolean; value?: string; maxLength?: number } = {},
): Field {
  const { maxLength = kind === 'lines' ? 2000 : kind === 'text' ? 120 : 24, ...rest } = options;
  return { kind, name, label, maxLength, ...rest };
}

export const menu = (t: Translate): Action => open(t('do.back'), { name: 'home' });

/** What the bill asks for. */
export const dueOf = ({ due, currency }: Quote): Money => ({ amount: due, currency });

/** Rows of buttons without the empty ones. */
export function rows(...all: readonly (readonly (Action | undefined | false | null)[])[]): Action[][] {
  return all.map((row) => row.filter((action): action is Action => Boolean(action))).filter((row) => row.length > 0);
}

export function fact(label: string, value: string | Text): { label: string; value: Text } {
  return { label, value: typeof value === 'string' ? [value] : value };
}

/** "Mango box (S / red)". */
export function named(line: { readonly title: string; readonly choices: readonly string[] }): string {
  return line.choices.length === 0 ? line.title : `${line.title} (${line.choices.join(' / ')})`;
}

export const joined = (parts: readonly (string | null | undefined | false)[]): string =>
  parts.filter((part): part is string => Boolean(part)).join(' · ');

export function price(money: Money, { t, fmt }: Words): string {
  return money.amount === 0 ? t('card.price_free') : fmt.money(money);
}

/** How many are left, in words. */
export function stockText(left: number | null, { t }: Words): string {
  if (left === null) return t('card.stock_plenty');
  return left <= 0 ? t('card.sold_out') : t('card.stock_left', { count: left });
}

/** Units over all variants; null when one of them never runs out. */
export function available(product: ProductData): number | null {
  return product.variants.reduce<number | null>(
    (sum, variant) => (sum === null || variant.available === null ? null : sum + variant.available),
    0,
  );
}

export const isChoice = (product: ProductData): boolean => product.variants.length > 1;

export function variantName(product: ProductData, variant: VariantData): string {
  return variant.choices.length === 0 ? product.title : variant.choices.join(' / ');
}

/** What a person calls a channel; a provider's name is the same in every language. */
export function channelName(code: string, t: Translate): string {
  switch (code) {
    case 'cash':
      return t('channel.cash');
    case 'sandbox':
      return t('channel.sandbox');
    case 'telegram_stars':
      return 'Telegram Stars';
    case 'telegram_payments':
      return t('channel.telegram_payments');
    default:
      return code;
  }
}

/** The state in a word; what was sent by post is "sent", everything else "handed over". */
export function stateName(order: Pick<OrderSummary, 'state' | 'delivery'>, t: Translate): string {
  return order.state === 'fulfilled' && order.delivery.method === 'ship'
    ? t('order_state.sent')
    : t(`order_state.${order.state}`);
}
