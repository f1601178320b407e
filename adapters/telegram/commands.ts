/** Commands: one map from a name to what it does. */
import type { Message } from '../../src/ports/messages.ts';
import type { Store } from '../../src/ports/store.ts';
import type { TextKey } from '../../src/ports/words.ts';
import type { Forms } from './forms/forms.ts';
import type { createSell } from './forms/sell.ts';
import { readData } from './render/data.ts';
import { compose, drawScreen } from './render/screen.ts';
import { open, rows } from '../../src/view/parts.ts';
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

type Options = Pick<TelegramAdapterOptions, 'core' | 'store' | 'handleKey'> & {
  readonly verify: Command;
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
    ['connect', connect(options)],
    ['export', exporting(options)],
    ['index', placeIndex(options)],
    ['bill', createBillCommand({ ...options, shopOf: (met) => shopOf(options.store, met) })],
    ['help', showing({ name: 'help' })],
    ['language', showing({ name: 'profile' })],
    ['settings', showing({ name: 'admin' })],
    ['doctor', (met, origin) => setup.report(met, origin)],
    ['cancel', cancel(options)],
    ['verify', options.verify],
    ['paysupport', paySupport(options)],
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

/** What happened to a payment stands in the order: the way there is a button. */
function paySupport({ core, panels, handleKey }: Options): Command {
  return async (met, origin) => {
    const { words, personId } = met;
    const { t } = words;
    const actions = rows([open(t('do.my_orders'), { name: 'my_orders' }, { style: 'primary' })]);
    const view = { title: t('bot.command.paysupport'), body: [], actions, tone: 'plain' } as const;
    const place = { chatId: null, personId, key: handleKey, message: { name: 'my_orders' } } as const;
    const { screen, drawn } = drawScreen(view, { ...place, words, foot: t('bot.paysupport') });
    await core.drawHandles(drawn);
    await panels.say(met, screen, origin);
  };
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
    const unfinished = orders.find(
      ({ communityId, state }) => communityId === met.communityId && (state === 'pending_payment' || state === 'paid'),
    );
    await panels.show(met, unfinished ? { name: 'order', orderId: unfinished.id } : { name: 'home' }, origin);
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

/** The stall's own account at a payment channel. */
function connect({ panels, store }: Options): Command {
  return async (met, origin) => {
    const shopId = await shopOf(store, met);
    await panels.show(met, shopId === undefined ? { name: 'home' } : { name: 'connect', shopId }, origin);
  };
}

/** Said in a group by whoever runs the market: the list stands there. In private each chat has its button. */
function placeIndex({ core, panels }: Options): Command {
  return async (met, { group, ...origin }) => {
    const there = { ...origin, group };
    if (!group || !origin.update) return panels.show(met, { name: 'admin' }, there);
    const { personId, communityId } = met;
    const key = `telegram.index:${origin.update.name}:${personId}`;
    const { chatId } = group;
    const reply = await core.handle({ key, personId, communityId, chatId, intent: { kind: 'place_index', chatId } });
    if (!reply.ok) return panels.refuse(met, reply.fault, there);
    if (reply.show) await panels.show(met, reply.show, there);
  };
}

function exporting({ panels, store }: Options): Command {
  return async (met, origin) => {
    const shopId = await shopOf(store, met);
    await panels.show(met, shopId === undefined ? { name: 'home' } : { name: 'exports', shopId }, origin);
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

/** "/sell@our_bot Mango | 12.50": the name and the rest, or undefined for what is no command of ours. */
export function commandOf(text: string, username: string): { name: string; rest: string } | undefined {
  const [, name, to, rest = ''] = /^\/([a-z0-9_]{1,32})(?:@(\w+))?(?:\s+([\s\S]*))?$/i.exec(text) ?? [];
  if (name === undefined || (to !== undefined && to.toLowerCase() !== username.toLowerCase())) return undefined;
  return { name: name.toLowerCase(), rest };
}
