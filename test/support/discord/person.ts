// A person on Discord, played by a test: commands, buttons, selects, forms; and what they see.
import type { APIMessage } from 'discord.js';
import { everyComponent, EPHEMERAL } from './limits.ts';
import {
  type ChannelState,
  channelJson,
  type InteractionState,
  type MessageState,
  memberJson,
  type ModalField,
  type ModalState,
  type StoredFile,
  type UserState,
  userJson,
} from './model.ts';
import type { Gateway } from './gateway.ts';
import type { World } from './world.ts';

export type Words = string | RegExp;
const matches = (text: string, words: Words): boolean =>
  typeof words === 'string' ? text.includes(words) : words.test(text);

export type SeenButton = {
  readonly label: string;
  readonly customId: string | undefined;
  readonly url: string | undefined;
  readonly style: number;
  readonly disabled: boolean;
};
export type SeenSelect = {
  readonly customId: string;
  readonly placeholder: string;
  readonly options: readonly { readonly label: string; readonly value: string }[];
};

/** A message as it stood on a person's screen when they looked. */
export type Seen = {
  readonly id: string;
  readonly channelId: string;
  readonly isFromBot: boolean;
  readonly isEphemeral: boolean;
  readonly isPinned: boolean;
  readonly isEdited: boolean;
  /** All words of it: content, embeds, text components, in their order. */
  readonly text: string;
  readonly images: readonly string[];
  readonly files: readonly StoredFile[];
  readonly buttons: readonly SeenButton[];
  readonly selects: readonly SeenSelect[];
  readonly labels: readonly string[];
  readonly json: APIMessage;
};

/** An interaction under way; its answers are waited for. */
export type Asked = {
  readonly state: InteractionState;
  /** Its first answer came, of whatever kind. */
  answered(): Promise<void>;
  /** The message that answers it, once there is one. */
  reply(): Promise<Seen>;
  /** The form that it opened. */
  form(): Promise<ModalState>;
  choices(): Promise<readonly { readonly name: string; readonly value: string | number }[]>;
};

type Where = FakeChannel | 'private';
type Parts = { readonly world: World; readonly gateway: Gateway };

export type FormValues = Readonly<
  Record<string, string | readonly string[] | boolean | readonly { name: string; mime: string; bytes: Buffer }[]>
>;

export class FakeChannel {
  readonly state: ChannelState;
  constructor(state: ChannelState) {
    this.state = state;
  }
  get id(): string {
    return this.state.id;
  }
}

export class FakeUser {
  readonly state: UserState;
  readonly #parts: Parts;

  constructor(state: UserState, parts: Parts) {
    this.state = state;
    this.#parts = parts;
  }

  get id(): string {
    return this.state.id;
  }

  /** Oldest first. */
  sees(where: Where): readonly Seen[] {
    const { world } = this.#parts;
    const channelId = this.#channel(where).id;
    return world.messages
      .filter((one) => one.channelId === channelId && !one.deleted)
      .filter(({ ephemeralFor }) => ephemeralFor === undefined || ephemeralFor === this.id)
      .map((message) => look(world, message));
  }

  finds(where: Where, words: Words): Seen | undefined {
    return this.sees(where).findLast(({ text }) => matches(text, words));
  }

  /** `/name option:value`, in a channel or in the bot's private chat. */
  slash(
    where: Where,
    name: string,
    options: Readonly<Record<string, string | number | boolean | FakeUser>> = {},
  ): Asked {
    const { world } = this.#parts;
    const known = world.commands.find((one) => one['name'] === name);
    if (!known) throw new Error(`there is no command /${name}`);
    return this.#interact(where, 2, { data: this.#commandData(known, name, options) });
  }

  /** Types into an option; answers what is offered. */
  types(where: Where, name: string, focused: { readonly option: string; readonly text: string }): Asked {
    const { world } = this.#parts;
    const known = world.commands.find((one) => one['name'] === name);
    const data = this.#commandData(known ?? {}, name, { [focused.option]: focused.text });
    data.options = data.options.map((one) => ({ ...one, focused: true }));
    return this.#interact(where, 4, { data });
  }

  presses(seen: Seen, label: Words): Asked {
    const button = seen.buttons.find((one) => matches(one.label, label));
    if (!button) throw new Error(`no button ${String(label)} among ${seen.labels.join(' | ')}`);
    if (button.disabled) throw new Error(`the button ${button.label} is disabled`);
    if (button.customId === undefined) throw new Error(`the button ${button.label} opens ${button.url ?? 'nothing'}`);
    return this.#component(seen, { component_type: 2, custom_id: button.customId });
  }

  /** Any data on any message: anybody can send it. */
  forges(seen: Seen, customId: string): Asked {
    return this.#component(seen, { component_type: 2, custom_id: customId });
  }

  picks(seen: Seen, placeholder: Words, ...labels: readonly string[]): Asked {
    const select = seen.selects.find((one) => matches(one.placeholder, placeholder));
    if (!select) throw new Error(`no select ${String(placeholder)}`);
    const values = labels.map((label) => {
      const option = select.options.find((one) => one.label === label);
      if (!option) throw new Error(`no option ${label} among ${select.options.map((one) => one.label).join(', ')}`);
      return option.value;
    });
    return this.#component(seen, { component_type: 3, custom_id: select.customId, values });
  }

  /** Sends an open form: values by the labels of its fields; what is not given stays as it was prefilled. */
  fills({ state }: Asked, values: FormValues): Asked {
    if (!state.modal) throw new Error('no form is open');
    const uploads: Record<string, object> = {};
    const components = state.modal.fields.map((field) => ({
      type: 18,
      id: 1,
      component: this.#fieldValue(field, values, uploads),
    }));
    const unknown = Object.keys(values).filter((label) => !state.modal?.fields.some((field) => field.label === label));
    if (unknown.length > 0)
      throw new Error(
        `the form has no field ${unknown.join(', ')}, but ${state.modal.fields.map(({ label }) => label).join(', ')}`,
      );
    const data = {
      custom_id: state.modal.customId,
      components,
      ...(Object.keys(uploads).length > 0 ? { resolved: { attachments: uploads } } : {}),
    };
    const channel = this.#parts.world.channel(state.channelId);
    return this.#send(channel, 5, { data, source: state.sourceId, fromModalOf: state.sourceId });
  }

  #fieldValue(field: ModalField, values: FormValues, uploads: Record<string, object>): object {
    const { world } = this.#parts;
    const { customId: custom_id, type, label, value: prefilled = '', options, required } = field;
    const given = values[label];
    const common = { type, custom_id, id: 2 };
    if (type === 4) {
      const value = typeof given === 'string' ? given : prefilled;
      if (required && value === '') throw new Error(`${label} must be filled in`);
      return { ...common, value };
    }
    if (type === 23) return { ...common, value: given === undefined ? prefilled === 'true' : given === true };
    if (type === 19) {
      const files = (given ?? []) as readonly { name: string; mime: string; bytes: Buffer }[];
      const ids = files.map((file) => {
        const stored: StoredFile = { id: world.ids.next(), ...file };
        world.files.set(stored.id, stored);
        const { id, name: filename, mime: content_type } = stored;
        const url = world.urlOf(stored);
        uploads[id] = { id, filename, content_type, size: file.bytes.length, url, proxy_url: url, ephemeral: true };
        return id;
      });
      return { ...common, values: ids };
    }
    const wanted =
      given === undefined
        ? options.filter((one) => one.isDefault).map((one) => one.label)
        : [given as string | readonly string[]].flat();
    const picked = wanted.map((one) => options.find((option) => option.label === one)?.value ?? one);
    return type === 21 ? { ...common, value: picked[0] ?? null } : { ...common, values: picked };
  }

  #commandData(
    known: Record<string, unknown>,
    name: string,
    options: Readonly<Record<string, string | number | boolean | FakeUser>>,
  ) {
    const declared = (known['options'] ?? []) as { name: string; type: number }[];
    const users: Record<string, object> = {};
    const given = Object.entries(options).map(([option, value]) => {
      const type = declared.find((one) => one.name === option)?.type;
      if (type === undefined) throw new Error(`/${name} has no option ${option}`);
      if (!(value instanceof FakeUser)) return { name: option, type, value };
      users[value.id] = userJson(value.state);
      return { name: option, type, value: value.id };
    });
    return {
      id: typeof known['id'] === 'string' ? known['id'] : '1',
      name,
      type: 1,
      options: given as object[],
      ...(Object.keys(users).length > 0 ? { resolved: { users } } : {}),
    };
  }

  #component(seen: Seen, data: object): Asked {
    const { world } = this.#parts;
    return this.#send(world.channel(seen.channelId), 3, { data: { id: 1, ...data }, source: seen.id });
  }

  #channel(where: Where): ChannelState {
    return where === 'private' ? this.#parts.world.dmWith(this.id) : where.state;
  }

  #interact(where: Where, type: number, given: { data: object }): Asked {
    return this.#send(this.#channel(where), type, given);
  }

  #send(
    channel: ChannelState,
    type: number,
    given: { data: object; source?: string | undefined; fromModalOf?: string | undefined },
  ): Asked {
    const { world, gateway } = this.#parts;
    const id = world.ids.next();
    const state: InteractionState = {
      ...{ id, token: `token-${id}`, type, userId: this.id, channelId: channel.id, at: world.clock.now() },
      sourceId: given.source,
      fromModalOf: given.fromModalOf,
      answered: undefined,
      ephemeral: false,
      originalId: null,
      modal: undefined,
      choices: undefined,
    };
    world.interactions.push(state);
    gateway.dispatch('INTERACTION_CREATE', this.#interactionJson(channel, state, given.data));
    return follow(world, state);
  }

  #interactionJson(channel: ChannelState, state: InteractionState, data: object): object {
    const { world } = this.#parts;
    const guild = channel.guildId === undefined ? undefined : world.guilds.get(channel.guildId);
    const source = world.messages.find((one) => one.id === state.sourceId);
    const permissions = guild ? String(world.permissions(guild, this.id, channel)) : '0';
    const owners = guild ? { '0': guild.id } : { '0': '0' };
    return {
      version: 1,
      id: state.id,
      token: state.token,
      type: state.type,
      application_id: world.bot.id,
      data,
      channel_id: channel.id,
      channel: channelJson(channel, world.users),
      ...(guild
        ? {
            guild_id: guild.id,
            guild: { id: guild.id, locale: guild.locale, features: [] },
            guild_locale: guild.locale,
            member: { ...memberJson(guild, this.state), permissions },
          }
        : { user: userJson(this.state) }),
      ...(source ? { message: { ...world.messageJson(source) } } : {}),
      locale: this.state.locale,
      context: guild ? 0 : 1,
      entitlements: [],
      entitlement_sku_ids: [],
      authorizing_integration_owners: owners,
      app_permissions: guild ? String(world.permissions(guild, world.bot.id, channel)) : '0',
      attachment_size_limit: 10_485_760,
    };
  }
}

function follow(world: World, state: InteractionState): Asked {
  const what = (thing: string) => ({
    what: `${thing} of interaction ${state.id} (type ${state.type}, answered with ${state.answered ?? 'nothing'})`,
  });
  const { waiting } = world;
  return {
    state,
    answered: async () => {
      await waiting.until(() => state.answered !== undefined, what('the first answer'));
    },
    reply: () =>
      waiting.until(() => {
        const message =
          state.originalId === null
            ? undefined
            : world.messages.find((one) => one.id === state.originalId && !one.deleted);
        return message && look(world, message);
      }, what('the reply')),
    form: () => waiting.until(() => state.modal, what('the form')),
    choices: () => waiting.until(() => state.choices, what('the choices')),
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function look(world: World, message: MessageState): Seen {
  const json = world.messageJson(message);
  const components = everyComponent(json.components ?? []);
  const buttons = components.flatMap((one): SeenButton[] =>
    one.type === 2
      ? [
          {
            label: textOf(one['label']),
            customId: one['custom_id'] as string | undefined,
            url: one['url'] as string | undefined,
            style: Number(one['style']),
            disabled: one['disabled'] === true,
          },
        ]
      : [],
  );
  const embeds = json.embeds.flatMap(({ title, description, fields = [], footer }) => [
    ...[title, description, ...fields.flatMap(({ name, value }) => [name, value]), footer?.text].filter(
      (one) => one !== undefined,
    ),
  ]);
  const texts = components.flatMap((one) => (one.type === 10 ? [String(one['content'])] : []));
  const images = components.flatMap((one) => {
    if (one.type === 11) return [(one['media'] as { url: string }).url];
    return one.type === 12 ? (one['items'] as { media: { url: string } }[]).map(({ media }) => media.url) : [];
  });
  return {
    id: message.id,
    channelId: message.channelId,
    isFromBot: message.authorId === world.bot.id,
    isEphemeral: ((json.flags ?? 0) & EPHEMERAL) !== 0,
    isPinned: message.pinned,
    isEdited: message.editedAt !== undefined,
    text: [json.content, ...embeds, ...texts].filter((one) => one !== '').join('\n'),
    images: [
      ...images,
      ...json.embeds.flatMap(({ image, thumbnail }) => [image?.url, thumbnail?.url].filter((one) => one !== undefined)),
    ],
    files: message.files,
    buttons,
    labels: buttons.map(({ label }) => label),
    selects: components.flatMap((one): SeenSelect[] =>
      one.type === 3
        ? [
            {
              customId: String(one['custom_id']),
              placeholder: textOf(one['placeholder']),
              options: one['options'] as SeenSelect['options'],
            },
          ]
        : [],
    ),
    json,
  };
}
