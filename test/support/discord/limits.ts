// Discord's published limits of messages, components, forms and commands, as strict zod shapes: an unknown field is an invalid request.
import { z } from 'zod';

const SUPPRESS_EMBEDS = 4;
export const EPHEMERAL = 64;
const SUPPRESS_NOTIFICATIONS = 4096;
export const COMPONENTS_V2 = 32_768;

const COMPONENTS_MAX = 40;
const V2_TEXT_MAX = 4_000;
const EMBED_TEXT_MAX = 6_000;

/** Discord counts characters as UTF-16 units here, which is the stricter reading. */
const words = (max: number, min = 0) => z.string().min(min).max(max);
const snowflake = z.string().regex(/^\d{1,20}$/, 'not a snowflake');
const customId = words(100, 1);
const httpUrl = z
  .string()
  .refine((url) => /^https?:\/\/[^/\s]+\.[^/\s]+/.test(url) || /^https?:\/\/127\.0\.0\.1/.test(url), {
    message: 'Scheme must be http(s) and the host must be well formed',
  });
const linkUrl = z.union([httpUrl.max(512), z.string().max(512).startsWith('discord://')]);
const mediaUrl = z.union([httpUrl, z.string().startsWith('attachment://')]);
const emoji = z.strictObject({ id: snowflake.nullish(), name: z.string().nullish(), animated: z.boolean().optional() });
const numericId = z.int().min(0).optional();

const button = z
  .strictObject({
    type: z.literal(2),
    id: numericId,
    style: z.int().min(1).max(6),
    label: words(80, 1).optional(),
    emoji: emoji.optional(),
    custom_id: customId.optional(),
    url: linkUrl.optional(),
    sku_id: snowflake.optional(),
    disabled: z.boolean().optional(),
  })
  .refine(
    (one) => one.style <= 4 === (one.custom_id !== undefined),
    'a custom_id is required for styles 1 to 4, and only there',
  )
  .refine((one) => (one.style === 5) === (one.url !== undefined), 'a url is required for a link button, and only there')
  .refine(
    (one) => (one.style === 6) === (one.sku_id !== undefined),
    'a sku_id is required for a premium button, and only there',
  )
  .refine(
    (one) => one.style === 6 || one.label !== undefined || one.emoji !== undefined,
    'a button needs a label or an emoji',
  );

const option = z.strictObject({
  label: words(100, 1),
  value: words(100, 1),
  description: words(100).optional(),
  emoji: emoji.optional(),
  default: z.boolean().optional(),
});
const selectCommon = {
  id: numericId,
  custom_id: customId,
  placeholder: words(150).optional(),
  min_values: z.int().min(0).max(25).optional(),
  max_values: z.int().min(1).max(25).optional(),
  disabled: z.boolean().optional(),
  required: z.boolean().optional(),
};
const unlike = (values: readonly string[]) => new Set(values).size === values.length;
const stringSelect = z
  .strictObject({ type: z.literal(3), ...selectCommon, options: z.array(option).min(1).max(25) })
  .refine(({ options }) => unlike(options.map(({ value }) => value)), 'option values must be unique')
  .refine(
    ({ options, max_values: max = 1 }) => options.filter((one) => one.default).length <= max,
    'more defaults than max_values',
  );
const entitySelect = z.strictObject({
  type: z.union([z.literal(5), z.literal(6), z.literal(7), z.literal(8)]),
  ...selectCommon,
  channel_types: z.array(z.int()).optional(),
  default_values: z.array(z.strictObject({ id: snowflake, type: z.enum(['user', 'role', 'channel']) })).optional(),
});
const select = z.union([stringSelect, entitySelect]);

const actionRow = z.strictObject({
  type: z.literal(1),
  id: numericId,
  components: z.union([z.array(button).min(1).max(5), z.array(select).length(1)]),
});
const textDisplay = z.strictObject({ type: z.literal(10), id: numericId, content: words(4_000, 1) });
const media = z.strictObject({ url: mediaUrl });
const thumbnail = z.strictObject({
  type: z.literal(11),
  id: numericId,
  media,
  description: words(1024).nullish(),
  spoiler: z.boolean().optional(),
});
const section = z.strictObject({
  type: z.literal(9),
  id: numericId,
  components: z.array(textDisplay).min(1).max(3),
  accessory: z.union([button, thumbnail]),
});
const gallery = z.strictObject({
  type: z.literal(12),
  id: numericId,
  items: z
    .array(z.strictObject({ media, description: words(1024).nullish(), spoiler: z.boolean().optional() }))
    .min(1)
    .max(10),
});
const file = z.strictObject({
  type: z.literal(13),
  id: numericId,
  file: z.strictObject({ url: z.string().startsWith('attachment://') }),
  spoiler: z.boolean().optional(),
});
const separator = z.strictObject({
  type: z.literal(14),
  id: numericId,
  divider: z.boolean().optional(),
  spacing: z.int().min(1).max(2).optional(),
});
const inContainer = z.union([actionRow, textDisplay, section, gallery, file, separator]);
const container = z.strictObject({
  type: z.literal(17),
  id: numericId,
  accent_color: z.int().min(0).max(0xffffff).nullish(),
  spoiler: z.boolean().optional(),
  components: z.array(inContainer).min(1),
});
const v2Component = z.union([container, inContainer]);

const embed = z.strictObject({
  title: words(256).optional(),
  description: words(4_096).optional(),
  url: httpUrl.optional(),
  color: z.int().min(0).max(0xffffff).optional(),
  timestamp: z.iso.datetime().optional(),
  footer: z.strictObject({ text: words(2_048), icon_url: mediaUrl.optional() }).optional(),
  image: media.optional(),
  thumbnail: media.optional(),
  author: z.strictObject({ name: words(256), url: httpUrl.optional(), icon_url: mediaUrl.optional() }).optional(),
  fields: z
    .array(z.strictObject({ name: words(256, 1), value: words(1_024, 1), inline: z.boolean().optional() }))
    .max(25)
    .optional(),
});

const allowedMentions = z.strictObject({
  parse: z.array(z.enum(['users', 'roles', 'everyone'])).optional(),
  users: z.array(snowflake).max(100).optional(),
  roles: z.array(snowflake).max(100).optional(),
  replied_user: z.boolean().optional(),
});
const attachment = z.strictObject({
  id: z.union([z.int(), z.string()]),
  filename: words(1_024).optional(),
  description: words(1_024).optional(),
});

const messageFields = {
  content: words(2_000).nullish(),
  tts: z.literal(false).optional(),
  embeds: z.array(embed).max(10).nullish(),
  allowed_mentions: allowedMentions.nullish(),
  components: z.array(z.union([actionRow, v2Component])).nullish(),
  attachments: z.array(attachment).max(10).nullish(),
  flags: z.int().nullish(),
  nonce: z.union([z.int(), words(25)]).optional(),
  // The library says so itself wherever it sends a message.
  enforce_nonce: z.boolean().optional(),
};

type AnyComponent = { readonly type: number; readonly [field: string]: unknown };

/** Every component of a message or form, the nested ones too. */
export function everyComponent(components: readonly unknown[]): AnyComponent[] {
  return components.flatMap((one) => {
    const component = one as AnyComponent;
    const inner = [component['components'], component['accessory'], component['component']]
      .flat()
      .filter((part) => part !== undefined);
    return [component, ...everyComponent(inner)];
  });
}

type MessageBody = z.output<z.ZodObject<typeof messageFields>>;

function messageProblem(body: MessageBody, { files, edit }: { files: number; edit: boolean }): string | undefined {
  const components = body.components ?? [];
  const all = everyComponent(components);
  const ids = all.flatMap(({ custom_id: id }) => (typeof id === 'string' ? [id] : []));
  if (!unlike(ids)) return 'components: Component custom id cannot be duplicated';
  const isV2 = ((body.flags ?? 0) & COMPONENTS_V2) !== 0;
  if (isV2) {
    if (body.content || (body.embeds?.length ?? 0) > 0)
      return 'flags: IS_COMPONENTS_V2 cannot go with content or embeds';
    if (components.length === 0 && !edit) return 'components: Cannot send an empty message';
    if (all.length > COMPONENTS_MAX) return `components: ${all.length} of at most ${COMPONENTS_MAX}`;
    const texts = all.flatMap(({ type, content }) =>
      type === 10 && typeof content === 'string' ? [content.length] : [],
    );
    const length = texts.reduce((sum, one) => sum + one, 0);
    if (length > V2_TEXT_MAX) return `components: ${length} characters of at most ${V2_TEXT_MAX}`;
    return undefined;
  }
  if (components.some((one) => one.type !== 1) && !edit) return 'components: only action rows without IS_COMPONENTS_V2';
  if (components.length > 5 && components.every((one) => one.type === 1)) return 'components: at most 5 action rows';
  const embedText = (body.embeds ?? []).reduce((sum, one) => {
    const parts = [
      one.title,
      one.description,
      one.footer?.text,
      one.author?.name,
      ...(one.fields ?? []).flatMap((f) => [f.name, f.value]),
    ];
    return sum + parts.reduce((length, part) => length + (part?.length ?? 0), 0);
  }, 0);
  if (embedText > EMBED_TEXT_MAX) return `embeds: ${embedText} characters of at most ${EMBED_TEXT_MAX}`;
  const isEmpty = !body.content && (body.embeds?.length ?? 0) === 0 && components.length === 0 && files === 0;
  return isEmpty && !edit ? 'Cannot send an empty message' : undefined;
}

const onlyFlags = (allowed: number) => (flags: number | null | undefined) => ((flags ?? 0) & ~allowed) === 0;

export const channelMessage = z
  .strictObject({
    ...messageFields,
    message_reference: z
      .strictObject({
        type: z.literal(0).optional(),
        message_id: snowflake,
        channel_id: snowflake.optional(),
        guild_id: snowflake.optional(),
        fail_if_not_exists: z.boolean().optional(),
      })
      .optional(),
  })
  .refine(
    ({ flags }) => onlyFlags(SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2)(flags),
    'flags: not allowed here',
  );

export const messageEdit = z
  .strictObject(messageFields)
  .refine(({ flags }) => onlyFlags(SUPPRESS_EMBEDS | COMPONENTS_V2)(flags), 'flags: not allowed in an edit');

export const interactionMessage = z
  .strictObject(messageFields)
  .refine(
    ({ flags }) => onlyFlags(SUPPRESS_EMBEDS | EPHEMERAL | COMPONENTS_V2 | SUPPRESS_NOTIFICATIONS)(flags),
    'flags: not allowed here',
  );

export const checkMessage = messageProblem;

const textInput = z.strictObject({
  type: z.literal(4),
  id: numericId,
  custom_id: customId,
  style: z.union([z.literal(1), z.literal(2)]),
  label: z.undefined().optional(),
  min_length: z.int().min(0).max(4_000).optional(),
  max_length: z.int().min(1).max(4_000).optional(),
  required: z.boolean().optional(),
  value: words(4_000).optional(),
  placeholder: words(100).optional(),
});
const choice = z.strictObject({
  value: words(100, 1),
  label: words(100, 1),
  description: words(100).optional(),
  default: z.boolean().optional(),
});
const fileUpload = z.strictObject({
  type: z.literal(19),
  id: numericId,
  custom_id: customId,
  min_values: z.int().min(0).max(10).optional(),
  max_values: z.int().min(1).max(10).optional(),
  required: z.boolean().optional(),
  file_types: z.array(z.string()).optional(),
});
const radioGroup = z.strictObject({
  type: z.literal(21),
  id: numericId,
  custom_id: customId,
  options: z.array(choice).min(2).max(10),
  required: z.boolean().optional(),
});
const checkboxGroup = z.strictObject({
  type: z.literal(22),
  id: numericId,
  custom_id: customId,
  options: z.array(choice).min(1).max(10),
  min_values: z.int().min(0).max(10).optional(),
  max_values: z.int().min(1).max(10).optional(),
  required: z.boolean().optional(),
});
const checkbox = z.strictObject({
  type: z.literal(23),
  id: numericId,
  custom_id: customId,
  default: z.boolean().optional(),
});
const label = z.strictObject({
  type: z.literal(18),
  id: numericId,
  label: words(45, 1),
  description: words(100).optional(),
  component: z.union([textInput, stringSelect, entitySelect, fileUpload, radioGroup, checkboxGroup, checkbox]),
});

/** Action rows in a form are deprecated: ours has labels. */
export const modal = z
  .strictObject({
    custom_id: customId,
    title: words(45, 1),
    components: z
      .array(z.union([label, textDisplay]))
      .min(1)
      .max(5),
  })
  .refine(({ components }) => {
    const ids = everyComponent(components).flatMap(({ custom_id: id }) => (typeof id === 'string' ? [id] : []));
    return unlike(ids);
  }, 'components: Component custom id cannot be duplicated');

export const choices = z.strictObject({
  choices: z
    .array(
      z.strictObject({
        name: words(100, 1),
        name_localizations: z.record(z.string(), words(100, 1)).nullish(),
        value: z.union([words(100), z.number()]),
      }),
    )
    .max(25),
});

/** Locales that Discord has; neither Arabic nor Malay is one of them. */
const LOCALES = new Set([
  ...[
    'id',
    'da',
    'de',
    'en-GB',
    'en-US',
    'es-ES',
    'es-419',
    'fr',
    'hr',
    'it',
    'lt',
    'hu',
    'nl',
    'no',
    'pl',
    'pt-BR',
    'ro',
    'fi',
  ],
  ...['sv-SE', 'vi', 'tr', 'cs', 'el', 'bg', 'ru', 'uk', 'hi', 'th', 'zh-CN', 'ja', 'zh-TW', 'ko'],
]);
const localized = (text: z.ZodString) =>
  z
    .record(
      z.string().refine((locale) => LOCALES.has(locale), 'unknown locale'),
      text,
    )
    .nullish();
const commandName = z
  .string()
  .regex(/^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u, 'command name is invalid')
  .refine((name) => name === name.toLowerCase(), 'command name must be lower case');
const commandOption = z
  .strictObject({
    type: z.int().min(3).max(11),
    name: commandName,
    name_localizations: localized(commandName),
    description: words(100, 1),
    description_localizations: localized(words(100, 1)),
    required: z.boolean().optional(),
    autocomplete: z.boolean().optional(),
    choices: z
      .array(
        z.strictObject({
          name: words(100, 1),
          name_localizations: localized(words(100, 1)),
          value: z.union([words(100), z.number()]),
        }),
      )
      .max(25)
      .optional(),
    min_value: z.number().optional(),
    max_value: z.number().optional(),
    min_length: z.int().min(0).max(6_000).optional(),
    max_length: z.int().min(1).max(6_000).optional(),
    channel_types: z.array(z.int()).optional(),
  })
  .refine((one) => !one.autocomplete || one.choices === undefined, 'autocomplete and choices exclude each other');

const command = z
  .strictObject({
    type: z.int().min(1).max(3).optional(),
    name: words(32, 1),
    name_localizations: localized(words(32, 1)),
    description: words(100).optional(),
    description_localizations: localized(words(100, 1)),
    options: z.array(commandOption).max(25).optional(),
    default_member_permissions: z.string().regex(/^\d+$/).nullish(),
    dm_permission: z.boolean().optional(),
    nsfw: z.boolean().optional(),
    integration_types: z.array(z.int().min(0).max(1)).min(1).optional(),
    contexts: z.array(z.int().min(0).max(2)).min(1).nullish(),
  })
  .refine((one) => (one.type ?? 1) !== 1 || (one.description ?? '').length > 0, 'a slash command needs a description')
  .refine((one) => (one.type ?? 1) !== 1 || commandName.safeParse(one.name).success, 'command name is invalid')
  .refine(({ options = [] }) => {
    const firstOptional = options.findIndex((one) => !one.required);
    return firstOptional < 0 || options.slice(firstOptional).every((one) => !one.required);
  }, 'required options must come first')
  .refine(({ options = [] }) => unlike(options.map(({ name }) => name)), 'option names must be unique');

export const commands = z
  .array(command)
  .refine((all) => all.filter((one) => (one.type ?? 1) === 1).length <= 100, 'more than 100 slash commands')
  .refine((all) => unlike(all.map((one) => `${one.type ?? 1}:${one.name}`)), 'command names must be unique');
