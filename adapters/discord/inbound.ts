/** What people do: each kind of interaction has one way in. */
import {
  type APIApplicationCommandInteraction,
  type APIChatInputApplicationCommandInteraction,
  type APIInteraction,
  ApplicationCommandType,
  InteractionType,
} from 'discord.js';
import type { Log } from '../../src/ports/runtime.ts';
import { bugText } from '../../src/view/fault.ts';
import { para } from '../../src/view/view.ts';
import type { DiscordApi } from './api.ts';
import type { Commands } from './commands.ts';
import { createMeet, incomingOf } from './incoming.ts';
import type { DiscordAdapterOptions } from './options.ts';
import type { People } from './people.ts';
import type { Places } from './places.ts';
import { plainScreen } from './render/words.ts';
import type { Taps } from './taps.ts';

type Options = Pick<DiscordAdapterOptions, 'ids'> & {
  readonly api: DiscordApi;
  readonly log: Log;
  readonly people: People;
  readonly places: Places;
  readonly commands: Commands;
  readonly taps: Taps;
};

export function createInbound(options: Options) {
  const { api, log, ids } = options;
  const meet = createMeet(options);
  const work = async (interaction: APIInteraction): Promise<void> => {
    const incoming = incomingOf(options, interaction);
    if (!incoming) return;
    switch (interaction.type) {
      case InteractionType.ApplicationCommand:
        if (isSlash(interaction)) await options.commands.run({ ...incoming, interaction }, meet);
        return;
      case InteractionType.ApplicationCommandAutocomplete:
        await options.commands.offer({ ...incoming, interaction }, meet);
        return;
      case InteractionType.MessageComponent:
        await options.taps.press({ ...incoming, interaction }, meet);
        return;
      case InteractionType.ModalSubmit:
        await options.taps.submit({ ...incoming, interaction }, meet);
        return;
      default:
    }
  };
  return {
    /** Never throws: a fault here must not take the connection along. */
    async take(interaction: APIInteraction): Promise<void> {
      try {
        await work(interaction);
      } catch (error) {
        const incident = ids.humanCode();
        log.error({ err: error, type: interaction.type, incident }, 'an interaction could not be worked on');
        const words = options.people.wordsFor('locale' in interaction ? interaction.locale : 'en');
        await api
          .answer(
            interaction.token,
            plainScreen({ body: [para(bugText(incident, words))], actions: [], tone: 'bad' }, words),
          )
          .catch(() => undefined);
      }
    },
  };
}

const isSlash = (
  interaction: APIApplicationCommandInteraction,
): interaction is APIChatInputApplicationCommandInteraction =>
  interaction.data.type === ApplicationCommandType.ChatInput;
