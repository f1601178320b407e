/** Discord waits three seconds for the first answer, so that comes before any read. */
import {
  type APIApplicationCommandInteraction,
  type APIMessageComponentInteraction,
  type APIModalSubmitInteraction,
  MessageFlags,
} from 'discord.js';
import type { DiscordApi } from './api.ts';
import type { Incoming } from './incoming.ts';
import type { Origin } from './panels.ts';

type Answerable = APIApplicationCommandInteraction | APIMessageComponentInteraction | APIModalSubmitInteraction;

/** The first answer: "something comes". A panel that only they see is changed where it stands. */
export async function acknowledge(
  api: DiscordApi,
  { interaction, guildId }: Incoming<Answerable>,
): Promise<Omit<Origin, 'chatId'>> {
  const { id, token } = interaction;
  const called = { id, token };
  const inGuild = guildId !== null;
  const source = 'message' in interaction ? interaction.message : undefined;
  const isOwn = source !== undefined && (!inGuild || ((source.flags ?? 0) & MessageFlags.Ephemeral) !== 0);
  if (isOwn) await api.deferUpdate(called);
  else if (inGuild) await api.deferAside(called);
  else await api.defer(called);
  return { called, inGuild, inPlace: isOwn };
}
