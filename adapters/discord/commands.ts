/** Slash commands: one map from a name to what it does, and their list with descriptions in every language that Discord has. */
import {
  type APIApplicationCommandAutocompleteInteraction,
  type APIApplicationCommandInteractionDataOption,
  type APIChatInputApplicationCommandInteraction,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  type RESTPutAPIApplicationCommandsJSONBody,
} from 'discord.js';
import { PRODUCT_KINDS, type ProductKind } from '../../src/domain/product.ts';
import type { Core } from '../../src/ports/core.ts';
import type { Message } from '../../src/ports/messages.ts';
import type { Store } from '../../src/ports/store.ts';
import type { TextKey, Words } from '../../src/ports/words.ts';
import { productFields } from '../../src/view/product-form.ts';
import { para } from '../../src/view/view.ts';
import { acknowledge } from './acknowledge.ts';
import type { Choice, DiscordApi } from './api.ts';
import type { Forms } from './forms.ts';
import type { Incoming, Meet, Meeting } from './incoming.ts';
import type { DiscordAdapterOptions } from './options.ts';
import type { Origin, Panels } from './panels.ts';
import type { Met } from './people.ts';
import { plainScreen, strangerScreen } from './render/words.ts';
import type { Setup } from './setup.ts';

type Called = Incoming<APIChatInputApplicationCommandInteraction>;
type Typed = Incoming<APIApplicationCommandAutocompleteInteraction>;
type At = Meeting & { readonly origin: Origin };
type Run = (at: At, called: Called) => Promise<void>;

export type Commands = {
  run(called: Called, meet: Meet): Promise<void>;
  /** What may be meant by what was typed so far. */
  offer(typed: Typed, meet: Meet): Promise<void>;
};

type Options = Pick<DiscordAdapterOptions, 'publicUrl' | 'usual'> & {
  readonly core: Core;
  readonly store: Store;
  readonly api: DiscordApi;
  readonly panels: Panels;
  readonly forms: Forms;
  readonly setup: Setup;
};

/** Minutes that stock is kept at checkout unless the seller says otherwise. */
const HOLD_MINUTES = '15';
const OFFERED_MAX = 25;
const NAME_MAX = 100;

export function createCommands(options: Options): Commands {
  const { api, panels } = options;
  const showing =
    (message: Message): Run =>
    ({ met, origin }) =>
      panels.show(met, message, origin);
  const saying =
    (...keys: TextKey[]): Run =>
    ({ met, origin }) =>
      say(
        options,
        met,
        origin,
        keys.map((key) => met.words.t(key)),
      );
  const runs = new Map<string, Run>([
    ['shop', showing({ name: 'browse' })],
    ['menu', showing({ name: 'home' })],
    ['orders', showing({ name: 'my_orders' })],
    ['basket', showing({ name: 'basket' })],
    ['help', showing({ name: 'help' })],
    ['language', showing({ name: 'profile' })],
    ['settings', showing({ name: 'admin' })],
    ['product', product(options)],
    ['doctor', ({ met, origin }, called) => options.setup.report(met, origin, called)],
    ['verify', verify(options)],
    ['terms', saying('discord.terms')],
    ['privacy', saying('discord.privacy')],
  ]);
  const offer = createOffers(options);
  return {
    async run(called, meet) {
      const { interaction } = called;
      if (interaction.data.name === 'sell') return sell(options, called, meet);
      const run = runs.get(interaction.data.name);
      if (!run) return;
      const origin = await acknowledge(api, called);
      const meeting = await meet(called);
      if (!meeting) return void (await api.answer(interaction.token, strangerScreen(called)));
      await run({ ...meeting, origin: { ...origin, chatId: meeting.chatId } }, called);
    },
    async offer(typed, meet) {
      const meeting = await meet(typed);
      await api.offer(typed.interaction, meeting ? await offer(meeting.met, textOf(typed)) : []);
    },
  };
}

async function say(
  { panels }: Pick<Options, 'panels'>,
  met: Met,
  origin: Origin,
  lines: readonly string[],
): Promise<void> {
  const view = { body: lines.map((line) => para(line)), actions: [], tone: 'plain' } as const;
  await panels.say(met, plainScreen(view, met.words), origin);
}

/**
 * Opens the form at once, from what was typed beside the command: nothing is read before it, and who may sell what where is judged
 * when it is sent.
 */
async function sell({ forms, usual }: Options, called: Called, meet: Meet): Promise<void> {
  const { interaction, words } = called;
  const given = new Map(optionsOf(interaction.data.options).map(({ name, value }) => [name, value]));
  const kind = PRODUCT_KINDS.find((one) => one === given.get('kind')) ?? 'physical';
  const filled = {
    'form.holdMinutes': HOLD_MINUTES,
    'form.title': given.get('title') ?? '',
    'form.price': given.get('price') ?? '',
    'form.stock': given.get('stock') ?? '',
  };
  const { t } = words;
  const form = {
    title: t('discord.sell'),
    submit: t('product.post'),
    fields: productFields({ kind, currency: usual.currency, isNew: true, quickPay: false, filled: {} }, t),
  };
  const draft = forms.begin(called.someone.user.id, { kind: 'sell', productKind: kind }, form, filled);
  await forms.openPage(interaction, draft, 0);
  const meeting = await meet(called);
  if (meeting) await forms.keep(meeting.met.personId, draft);
}

/** `/product`: what was picked while typing is its id; anything else shows the stall. */
function product({ store, panels }: Options): Run {
  return async ({ met, origin }, called) => {
    const wanted = optionsOf(called.interaction.data.options).find(({ name }) => name === 'product')?.value ?? '';
    const { shopId, productId } = await store.read(async (reads) => {
      const roles = await reads.people.shopRoles(met.communityId, met.personId);
      const shops = await reads.people.shops(met.communityId, 'approved');
      const found = await reads.catalog.product(wanted);
      return { shopId: shops.find(({ id }) => roles[id] !== undefined)?.id, productId: found?.id };
    });
    if (productId !== undefined) return panels.show(met, { name: 'edit_product', productId }, origin);
    await panels.show(met, shopId === undefined ? { name: 'home' } : { name: 'shop', shopId }, origin);
  };
}

/** The products of this person's stalls whose name holds what was typed. */
function createOffers({ core, store }: Options): (met: Met, text: string) => Promise<readonly Choice[]> {
  return async (met, text) => {
    const shopIds = await store.read(async (reads) => {
      const roles = await reads.people.shopRoles(met.communityId, met.personId);
      return Object.keys(roles);
    });
    const choices: Choice[] = [];
    const wanted = text.trim().toLocaleLowerCase();
    for (const shopId of shopIds) {
      const loaded = await core.load({ name: 'shop', shopId }, met);
      if (!loaded.ok) continue;
      for (const { id, title } of loaded.value.products) {
        if (title.toLocaleLowerCase().includes(wanted)) choices.push({ name: title.slice(0, NAME_MAX), value: id });
      }
    }
    return choices.slice(0, OFFERED_MAX);
  };
}

/** Is this link ours? Is this the bot? */
function verify(options: Options): Run {
  const { publicUrl, store } = options;
  return async ({ met, origin }, called) => {
    const { t } = met.words;
    const community = await store.read((reads) => reads.people.community(met.communityId));
    const about = t('discord.verify', { community: community?.name ?? '', url: publicUrl });
    const typed = optionsOf(called.interaction.data.options).find(({ name }) => name === 'link')?.value ?? '';
    const link = URL.parse(typed.trim());
    const judged = link ? [t(link.origin === publicUrl ? 'verified.page' : 'verified.foreign')] : [];
    await say(options, met, origin, [...judged, about]);
  };
}

const textOf = ({ interaction }: Typed): string =>
  optionsOf(interaction.data.options).find(({ focused }) => focused)?.value ?? '';

type Option = { readonly name: string; readonly value: string; readonly focused: boolean };

/** All our options are text. */
function optionsOf(options: readonly APIApplicationCommandInteractionDataOption[] = []): Option[] {
  return options.flatMap((option) =>
    option.type === ApplicationCommandOptionType.String
      ? [{ name: option.name, value: option.value, focused: 'focused' in option && option.focused }]
      : [],
  );
}

/** Ours, and what Discord calls them; it has neither Arabic nor Malay. */
const DISCORD_LOCALES: Readonly<Record<string, readonly string[]>> = {
  'zh-CN': ['zh-CN'],
  'zh-TW': ['zh-TW'],
  es: ['es-ES', 'es-419'],
  'pt-BR': ['pt-BR'],
};

const DESCRIPTION_MAX = 100;

type Listed = readonly [name: string, described: TextKey, options?: readonly object[]];

export function commandList(words: (locale: string) => Words): RESTPutAPIApplicationCommandsJSONBody {
  const described = (key: TextKey) => {
    const localized = Object.entries(DISCORD_LOCALES).flatMap(([ours, theirs]) =>
      theirs.map((locale) => [locale, words(ours).t(key).slice(0, DESCRIPTION_MAX)] as const),
    );
    return {
      description: words('en').t(key).slice(0, DESCRIPTION_MAX),
      description_localizations: Object.fromEntries(localized),
    };
  };
  const text = (name: string, key: TextKey, more: object = {}) => ({
    type: ApplicationCommandOptionType.String as const,
    name,
    ...described(key),
    ...more,
  });
  const kinds = PRODUCT_KINDS.map((kind: ProductKind) => ({ name: words('en').t(`kind.${kind}`), value: kind }));
  const lists: readonly Listed[] = [
    ['shop', 'bot.command.shop'],
    [
      'sell',
      'bot.command.sell',
      [
        text('title', 'product.title', { max_length: 100 }),
        text('price', 'discord.option.price', { max_length: 24 }),
        text('stock', 'product.stock', { max_length: 24 }),
        text('kind', 'discord.option.kind', { choices: kinds }),
      ],
    ],
    ['product', 'discord.command.product', [text('product', 'discord.option.product', { autocomplete: true })]],
    ['orders', 'bot.command.orders'],
    ['basket', 'bot.command.basket'],
    ['menu', 'bot.command.menu'],
    ['language', 'bot.command.language'],
    ['settings', 'discord.command.settings'],
    ['doctor', 'discord.command.doctor'],
    ['verify', 'bot.command.verify', [text('link', 'discord.option.link', { max_length: 500 })]],
    ['privacy', 'bot.command.privacy'],
    ['terms', 'bot.command.terms'],
    ['help', 'bot.command.help'],
  ];
  return lists.map(([name, key, options = []]) => ({
    type: ApplicationCommandType.ChatInput as const,
    name,
    ...described(key),
    options: [...options],
    integration_types: [ApplicationIntegrationType.GuildInstall],
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM],
  })) as RESTPutAPIApplicationCommandsJSONBody;
}
