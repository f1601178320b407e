// How an interaction is answered: one first answer within three seconds, edits and follow-ups for fifteen minutes.
import { type Call, parseWith } from './call.ts';
import { COMPONENTS_V2, EPHEMERAL, checkMessage, choices, interactionMessage, messageEdit, modal } from './limits.ts';
import type { InteractionState, MessageBody, MessageState, ModalField, ModalState } from './model.ts';
import {
  answeredAlready,
  invalidForm,
  tokenOver,
  unknownInteraction,
  unknownMessage,
  unknownWebhook,
} from './refusal.ts';
import type { World } from './world.ts';

const FIRST_MS = 3_000;
const TOKEN_MS = 15 * 60_000;

const TYPE = { command: 2, component: 3, autocomplete: 4, modal: 5 } as const;
const ANSWER = { message: 4, deferred: 5, deferredUpdate: 6, update: 7, choices: 8, modal: 9 } as const;

export function callback(world: World, id: string, token: string, call: Call): object | undefined {
  const interaction = world.interactions.find((one) => one.id === id && one.token === token);
  if (!interaction || world.clock.now() - interaction.at > FIRST_MS) throw unknownInteraction();
  if (interaction.answered !== undefined) throw answeredAlready();
  const { type, data = {} } = call.body as { type?: unknown; data?: Record<string, unknown> };
  const extra = Object.keys(call.body).filter((key) => !['type', 'data'].includes(key));
  if (extra.length > 0) throw invalidForm(`unknown fields ${extra.join(', ')}`);
  answer(world, interaction, Number(type), { ...call, body: data });
  interaction.answered = Number(type);
  world.waiting.changed();
  return undefined;
}

function answer(world: World, interaction: InteractionState, type: number, call: Call): void {
  const onMessage = interaction.type === TYPE.component || interaction.fromModalOf !== undefined;
  if (type === ANSWER.message) {
    const { flags } = checkedMessage(call);
    interaction.ephemeral = ((flags ?? 0) & EPHEMERAL) !== 0;
    interaction.originalId = sayFor(world, interaction, call, interaction.ephemeral).id;
  } else if (type === ANSWER.deferred) {
    const flags = Number(call.body['flags'] ?? 0);
    const others = Object.keys(call.body).filter((key) => key !== 'flags');
    if (others.length > 0 || (flags & ~EPHEMERAL) !== 0)
      throw invalidForm('a deferred answer carries the EPHEMERAL flag alone');
    interaction.ephemeral = flags === EPHEMERAL;
  } else if (type === ANSWER.deferredUpdate || type === ANSWER.update) {
    if (!onMessage) throw invalidForm(`type ${type} answers components only`);
    interaction.originalId = interaction.sourceId ?? interaction.fromModalOf ?? null;
    interaction.ephemeral = sourceOf(world, interaction)?.ephemeralFor !== undefined;
    const source = sourceOf(world, interaction);
    if (type === ANSWER.update && source) change(world, source, call);
  } else if (type === ANSWER.choices) {
    if (interaction.type !== TYPE.autocomplete) throw invalidForm('type 8 answers an autocomplete only');
    interaction.choices = parseWith(choices, call.body).choices;
  } else if (type === ANSWER.modal) {
    if (interaction.type === TYPE.modal || interaction.type === TYPE.autocomplete)
      throw invalidForm('a form does not follow a form');
    interaction.modal = modalOf(parseWith(modal, call.body));
  } else throw invalidForm(`type: ${type} is not one of (4, 5, 6, 7, 8, 9)`);
}

const sourceOf = (world: World, { originalId }: InteractionState): MessageState | undefined =>
  world.messages.find((one) => one.id === originalId && !one.deleted);

function checkedMessage(call: Call): MessageBody {
  const body = parseWith(interactionMessage, call.body);
  const problem = checkMessage(body, { files: call.files.length, edit: false });
  if (problem !== undefined) throw invalidForm(problem);
  return body as MessageBody;
}

function sayFor(world: World, interaction: InteractionState, call: Call, ephemeral: boolean): MessageState {
  return world.say({
    channelId: interaction.channelId,
    authorId: world.bot.id,
    body: bodyOf(call.body),
    files: call.files,
    ephemeralFor: ephemeral ? interaction.userId : undefined,
  });
}

const bodyOf = ({ content, embeds, components, flags }: Record<string, unknown>): MessageBody => ({
  ...(content === undefined ? {} : { content: (content ?? '') as string }),
  ...(embeds === undefined ? {} : { embeds: (embeds ?? []) as never }),
  ...(components === undefined ? {} : { components: (components ?? []) as never }),
  ...(flags === undefined ? {} : { flags: Number(flags ?? 0) & ~EPHEMERAL }),
});

export function change(world: World, message: MessageState, call: Call): void {
  const body = parseWith(messageEdit, call.body);
  const flags = (message.body.flags ?? 0) | (body.flags ?? 0);
  if (((message.body.flags ?? 0) & COMPONENTS_V2) !== 0 && (body.content || (body.embeds?.length ?? 0) > 0)) {
    throw invalidForm('flags: IS_COMPONENTS_V2 cannot be removed');
  }
  const problem = checkMessage({ ...body, flags }, { files: call.files.length, edit: true });
  if (problem !== undefined) throw invalidForm(problem);
  world.edit(message, { ...bodyOf(call.body), flags }, call.files);
}

/** Looks an interaction up by its token, which is good for fifteen minutes. */
function byToken(world: World, token: string): InteractionState {
  const interaction = world.interactions.find((one) => one.token === token);
  if (!interaction) throw unknownWebhook();
  if (world.clock.now() - interaction.at > TOKEN_MS) throw tokenOver();
  if (interaction.answered === undefined) throw unknownWebhook();
  return interaction;
}

function answered(world: World, interaction: InteractionState, id: string): MessageState {
  const wanted = id === '@original' ? interaction.originalId : id;
  const found = world.messages.find(
    (one) => one.id === wanted && one.channelId === interaction.channelId && !one.deleted,
  );
  if (!found) throw unknownMessage();
  return found;
}

export function editAnswer(world: World, token: string, id: string, call: Call): object {
  const interaction = byToken(world, token);
  const announced = id === '@original' && interaction.originalId === null && interaction.answered === ANSWER.deferred;
  if (!announced) {
    const message = answered(world, interaction, id);
    change(world, message, call);
    return world.messageJson(message);
  }
  const problem = checkMessage(parseWith(messageEdit, call.body), { files: call.files.length, edit: false });
  if (problem !== undefined) throw invalidForm(problem);
  const said = sayFor(world, interaction, call, interaction.ephemeral);
  interaction.originalId = said.id;
  return world.messageJson(said);
}

export function readAnswer(world: World, token: string, id: string): object {
  return world.messageJson(answered(world, byToken(world, token), id));
}

export function deleteAnswer(world: World, token: string, id: string): undefined {
  const message = answered(world, byToken(world, token), id);
  message.deleted = true;
  world.waiting.changed();
}

/** The first follow-up of a deferred answer takes its place, and its visibility. */
export function followUp(world: World, token: string, call: Call): object {
  const interaction = byToken(world, token);
  const { flags } = checkedMessage(call);
  const first = interaction.originalId === null && interaction.answered === ANSWER.deferred;
  const ephemeral = first ? interaction.ephemeral : ((flags ?? 0) & EPHEMERAL) !== 0;
  const said = sayFor(world, interaction, call, ephemeral);
  if (first) interaction.originalId = said.id;
  return world.messageJson(said);
}

function modalOf({
  custom_id: customId,
  title,
  components,
}: {
  custom_id: string;
  title: string;
  components: readonly unknown[];
}): ModalState {
  const fields = components.flatMap((one): ModalField[] => {
    const {
      type,
      label = '',
      description,
      component,
    } = one as {
      type: number;
      label?: string;
      description?: string;
      component?: {
        type: number;
        custom_id: string;
        value?: string;
        default?: boolean;
        required?: boolean;
        options?: Choice[];
      };
    };
    if (type !== 18 || !component) return [];
    const options = (component.options ?? []).map((option) => ({
      label: option.label,
      value: option.value,
      isDefault: option.default ?? false,
    }));
    const { custom_id: id, required = true } = component;
    const value = component.default ? 'true' : component.value;
    return [{ customId: id, type: component.type, label, description, required, value, options }];
  });
  return { customId, title, fields };
}

type Choice = { readonly label: string; readonly value: string; readonly default?: boolean };
