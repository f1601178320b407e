/** Commands: one map from a name to what it does, and their list in every language that Telegram knows of. */
import type { LanguageCode } from 'grammy/types';
import type { Message } from '../../src/ports/messages.ts';
import type { Store } from '../../src/ports/store.ts';
import type { TextKey, Words } from '../../src/ports/words.ts';
import type { Forms } from './forms/forms.ts';
import type { createSell } from './forms/sell.ts';
import { readData } from './render/data.ts';
import { compose } from './render/screen.ts';
import { plain } from '../../src/view/runs.ts';
import type { TelegramApi } from './api.ts';
import { cardOf } from './inline.ts';
import { productIn } from './product-link.ts';
import { createBillCommand } from './bill.ts';
import type { Messenger } from './messenger.ts';
import { PLATFORM, type TelegramAdapterOptions } from './options.ts';
import type { Keys } from './keys.ts';
import type { Origin } from './origin.ts';
import type { PanelRefs } from './panel-refs.ts';
import type { Panels } from './panels.ts';
import type { Met } from './people.ts';
import type { Setup } from './setup.ts';

/** `rest`: what was typed after the command. */
export type Command = (met: Met, origin: Origin, rest: string) => Promise<void>;

type Options = Pick<TelegramAdapterOptions, 'core' | 'store' | 'publicUrl' | 'handleKey'> & {
  readonly messenger: Messenger;
  readonly panels: Panels;
  readonly setup: Setup;
  readonly username: string;
  readonly forms: Pick<Forms, 'resume'>;
  readonly sell: ReturnType<typeof createSell>;
  readonly keys: Pick<Keys, 'lay'>;
  readonly refs: Pick<PanelRefs, 'led'>;
};

export function createCommands(options: Options): ReadonlyMap<string, Command> {
  const { panels, setup } = options;
  const showing =
    (message: Message): Command =>
    (met, origin) =>
      panels.show(met, message, origin);
  const saying =
    (...keys: TextKey[]): Command =>
    (met, origin) =>
      sayText(options, { met, origin, text: keys.map((key) => met.words.t(key)).join('\n\n') });
  return new Map<string, Command>([
    ['start', start(options)],
    ['continue', carryOn(options)],
    ['shop', showing({ name: 'browse' })],
    ['menu', showing({ name: 'home' })],
    ['orders', showing({ name: 'my_orders' })],
    ['basket', showing({ name: 'basket' })],
    ['sell', sell(options)],
    ['packing', packing(options)],
    ['bill', createBillCommand({ ...options, shopOf: (met) => shopOf(options.store, met) })],
    ['help', showing({ name: 'help' })],
    ['language', showing({ name: 'profile' })],
    ['settings', showing({ name: 'admin' })],
    ['doctor', (met, origin) => setup.report(met, origin)],
    ['cancel', cancel(options)],
    ['verify', verify(options)],
    ['paysupport', saying('bot.paysupport')],
    ['terms', saying('bot.terms')],
    ['privacy', showing({ name: 'privacy' })],
  ]);
}

/** `text` is ours, commands and links of ours included; what others typed in it was made harmless before. */
type Said = { readonly met: Met; readonly origin: Origin; readonly text: string };

async function sayText({ panels }: Pick<Options, 'panels'>, { met, origin, text }: Said): Promise<void> {
  const { dir } = met.words.fmt;
  const screen = compose([{ text }], { photo: null, keyboard: [], dir });
  await panels.say(met, screen, origin);
}

/** `?start=`: where a link of ours leads. Anybody can type anything there. */
function start({ core, store, panels, setup, forms, keys }: Options): Command {
  return async (met, origin, rest) => {
    if (!origin.group) await keys.lay(met);
    const productId = productIn(rest);
    if (productId !== undefined) return showProduct({ store, panels }, { met, origin, productId });
    if (rest === 'setup') return setup.report(met, origin);
    if (rest === 'form' && (await forms.resume(met.personId))) return;
    const tap = readData(`a:${rest}`);
    if (tap?.step !== 'again') return panels.show(met, { name: 'home' }, origin);
    const stored = await core.readHandle({ handle: tap.source, personId: met.personId, chatId: null });
    if (!stored.ok) return panels.refuse(met, stored.fault, origin);
    const { kind, message } = stored.value;
    // A row of ours: nobody else writes handles.
    const shown = kind === 'show' && typeof message === 'object' && message !== null ? (message as Message) : undefined;
    await panels.show(met, shown ?? { name: 'home' }, origin);
  };
}

const OPEN_MAX = 20;

/** Whatever was begun last: a form, where a link led, the newest order that is not over, and else the menu. */
function carryOn({ panels, forms, refs, store }: Options): Command {
  return async (met, origin) => {
    if (!origin.group && (await forms.resume(met.personId))) return;
    const led = await refs.led(met.personId);
    if (led && led.name !== 'home') return panels.show(met, led, origin);
    const orders = await store.read((reads) => reads.orders.ordersOf(met.personId, OPEN_MAX));
    const open = orders.find(
      ({ communityId, state }) => communityId === met.communityId && (state === 'pending_payment' || state === 'paid'),
    );
    await panels.show(met, open ? { name: 'order', orderId: open.id } : { name: 'home' }, origin);
  };
}

/** What a product's link opens: its choices, bought from a card that stands here. */
async function showProduct(
  { store, panels }: Pick<Options, 'store' | 'panels'>,
  { met, origin, productId }: { met: Met; origin: Origin; productId: string },
): Promise<void> {
  const listingId = await store.read((reads) => cardOf(reads, productId));
  if (listingId === undefined) return panels.refuse(met, { code: 'product_gone' }, origin);
  await panels.show(met, { name: 'choose', listingId }, origin);
}

function sell(options: Options): Command {
  const { panels, store } = options;
  return async (met, origin, rest) => {
    const shopId = await shopOf(store, met);
    // Without a stall of their own there is a button for one in the menu.
    if (shopId === undefined) return panels.show(met, { name: 'home' }, origin);
    const { personId, communityId } = met;
    const chatId = origin.group?.chatId ?? null;
    const { name = '', fileId = null } = origin.update ?? {};
    if (rest.trim() === '' && fileId === null) {
      return panels.show(met, { name: 'new_product', shopId, productKind: 'physical', chatId }, origin);
    }
    const line = { shopId, chatId, args: rest, fileId, updateName: name };
    const sold = await options.sell({ viewer: { personId, communityId }, ...line });
    if (!sold.ok) return panels.refuse(met, sold.fault, origin);
    if (origin.group && sold.value !== 'sent') {
      await panels.lead(met, origin, { start: 'form', asked: sold.value === 'asked' });
    }
  };
}

/** For whoever works at a stall here, helpers included. */
function packing({ panels, store }: Options): Command {
  return async (met, origin) => {
    const shopId = await store.read(async (reads) => {
      const roles = await reads.people.shopRoles(met.communityId, met.personId);
      return (await reads.people.shops(met.communityId, 'approved')).find(({ id }) => roles[id] !== undefined)?.id;
    });
    await panels.show(met, shopId === undefined ? { name: 'home' } : { name: 'packing', shopId, page: 0 }, origin);
  };
}

/** The first stall that this person sells at here. */
async function shopOf(store: Store, { communityId, personId }: Met): Promise<string | undefined> {
  return store.read(async (reads) => {
    const roles = await reads.people.shopRoles(communityId, personId);
    const shops = await reads.people.shops(communityId, 'approved');
    return shops.find(({ id }) => roles[id] === 'seller')?.id;
  });
}

function cancel(options: Options): Command {
  return async (met, origin) => {
    const dropped = await options.store.transact(null, (tx) => tx.platforms.dropDraft(PLATFORM, met.personId));
    await sayText(options, { met, origin, text: met.words.t(dropped ? 'bot.cancelled' : 'bot.nothing_to_cancel') });
  };
}

/** Is this link ours? Is this the bot? */
function verify(options: Options): Command {
  const { publicUrl, username, store } = options;
  return async (met, origin, rest) => {
    const { t } = met.words;
    const community = await store.read((reads) => reads.people.community(met.communityId));
    const name = plain(community?.name ?? '', met.words.fmt.dir);
    const about = t('bot.verify.about', { bot: `@${username}`, community: name, url: publicUrl });
    const link = URL.parse(rest.trim());
    const judged = link ? [t(link.origin === publicUrl ? 'bot.verify.ours' : 'bot.verify.foreign')] : [];
    await sayText(options, { met, origin, text: [...judged, about].join('\n\n') });
  };
}

/** In the menu of a private chat; in groups only what is of use there. */
const LISTED = [
  'continue',
  'shop',
  'orders',
  'basket',
  'sell',
  'packing',
  'bill',
  'menu',
  'language',
  'verify',
  'paysupport',
  'privacy',
  'terms',
  'help',
] as const;
const IN_GROUPS = ['shop', 'orders', 'basket', 'sell', 'bill', 'help'] as const;

/** Telegram knows languages of two letters only: the first of ours that begins so speaks for all. */
export async function announceCommands(
  api: TelegramApi,
  { locales, words }: { locales: readonly string[]; words: (locale: string) => Words },
): Promise<void> {
  const spoken = new Map<string, string>();
  for (const locale of locales) {
    const [language = locale] = locale.split('-');
    if (!spoken.has(language)) spoken.set(language, locale);
  }
  const listOf = (locale: string, names: readonly (typeof LISTED)[number][], aside: boolean) =>
    names.map((command) => ({
      command,
      description: words(locale).t(`bot.command.${command}`),
      ...(aside ? { is_ephemeral: true } : {}),
    }));
  const announce = async (locale: string, code: { language_code?: LanguageCode }) => {
    await api.setMyCommands(listOf(locale, LISTED, false), { scope: { type: 'all_private_chats' }, ...code });
    await api.setMyCommands(listOf(locale, IN_GROUPS, true), { scope: { type: 'all_group_chats' }, ...code });
  };
  await announce('en', {});
  for (const [language, locale] of spoken) {
    if (language !== 'en') await announce(locale, { language_code: language as LanguageCode });
  }
}

/** "/sell@our_bot Mango | 12.50": the name and the rest, or undefined for what is no command of ours. */
export function commandOf(text: string, username: string): { name: string; rest: string } | undefined {
  const [, name, to, rest = ''] = /^\/([a-z0-9_]{1,32})(?:@(\w+))?(?:\s+([\s\S]*))?$/i.exec(text) ?? [];
  if (name === undefined || (to !== undefined && to.toLowerCase() !== username.toLowerCase())) return undefined;
  return { name: name.toLowerCase(), rest };
}
