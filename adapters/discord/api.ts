/** Discord's REST calls that we make. Every message says itself that it mentions nobody. */
import {
  type APIChannel,
  type APIMessage,
  type APIModalInteractionResponseCallbackData,
  InteractionResponseType,
  MessageFlags,
  type RequestData,
  type REST,
  Routes,
  type RESTPutAPIApplicationCommandsJSONBody,
} from 'discord.js';
import type { Pictures } from './pictures.ts';
import type { Screen } from './render/screen.ts';

/** An interaction as far as its answers need it. */
export type Called = { readonly id: string; readonly token: string };
export type Choice = { readonly name: string; readonly value: string };

export type DiscordApi = ReturnType<typeof createApi>;

const MENTIONS_NOBODY = { parse: [] };

export function createApi({
  rest,
  applicationId,
  pictures,
}: {
  rest: REST;
  /** Known once we are connected. */ applicationId: () => string;
  pictures: Pictures;
}) {
  /** Interactions are answered under their own token. */
  const free = { auth: false } as const;
  const callback = async ({ id, token }: Called, body: object): Promise<void> => {
    await rest.post(Routes.interactionCallback(id, token), { ...free, body });
  };
  const drawn = async ({ components, photo }: Screen): Promise<Pick<RequestData, 'files'> & { body: object }> => {
    const file = photo === null ? undefined : await pictures.file(photo);
    const body = { components, flags: MessageFlags.IsComponentsV2, allowed_mentions: MENTIONS_NOBODY };
    return file ? { body: { ...body, attachments: [{ id: 0, filename: file.name }] }, files: [file] } : { body };
  };
  /** What was attached before is taken away, or replaced. */
  const redrawn = async (screen: Screen) => {
    const { body, files } = await drawn(screen);
    return { body: { attachments: [], ...body }, ...(files ? { files } : {}) };
  };
  return {
    /** An answer comes; only the person sees it. */
    deferAside: (called: Called) =>
      callback(called, {
        type: InteractionResponseType.DeferredChannelMessageWithSource,
        data: { flags: MessageFlags.Ephemeral },
      }),
    defer: (called: Called) => callback(called, { type: InteractionResponseType.DeferredChannelMessageWithSource }),
    /** The message that was pressed will be changed. */
    deferUpdate: (called: Called) => callback(called, { type: InteractionResponseType.DeferredMessageUpdate }),
    openForm: (called: Called, data: APIModalInteractionResponseCallbackData) =>
      callback(called, { type: InteractionResponseType.Modal, data }),
    offer: (called: Called, choices: readonly Choice[]) =>
      callback(called, { type: InteractionResponseType.ApplicationCommandAutocompleteResult, data: { choices } }),
    /** Puts the screen where the interaction is answered; good for fifteen minutes. */
    async answer(token: string, screen: Screen, message = '@original'): Promise<APIMessage> {
      const route = Routes.webhookMessage(applicationId(), token, message);
      return (await rest.patch(route, { ...free, ...(await redrawn(screen)) })) as APIMessage;
    },
    /** One more message beside the answer. */
    async followUp(token: string, screen: Screen, { aside }: { aside: boolean }): Promise<APIMessage> {
      const { body, files } = await drawn(screen);
      const flags = MessageFlags.IsComponentsV2 | (aside ? MessageFlags.Ephemeral : 0);
      const request = { ...free, body: { ...body, flags }, ...(files ? { files } : {}) };
      return (await rest.post(Routes.webhook(applicationId(), token), request)) as APIMessage;
    },
    /** The same nonce within some minutes is the same message. */
    async post(channelId: string, screen: Screen, { nonce, quiet }: { nonce?: string; quiet?: boolean } = {}) {
      const { body, files } = await drawn(screen);
      const flags = MessageFlags.IsComponentsV2 | (quiet ? MessageFlags.SuppressNotifications : 0);
      const once = nonce === undefined ? {} : { nonce, enforce_nonce: true };
      const request = { body: { ...body, ...once, flags }, ...(files ? { files } : {}) };
      return (await rest.post(Routes.channelMessages(channelId), request)) as APIMessage;
    },
    /** A forum takes posts: threads that begin with a message. */
    async openThread(forumId: string, name: string, screen: Screen) {
      const { body, files } = await drawn(screen);
      const request = { body: { name, message: body }, ...(files ? { files } : {}) };
      return (await rest.post(Routes.threads(forumId), request)) as APIChannel & { message: APIMessage };
    },
    async edit(channelId: string, messageId: string, screen: Screen): Promise<void> {
      await rest.patch(Routes.channelMessage(channelId, messageId), await redrawn(screen));
    },
    async privateChannel(userId: string): Promise<string> {
      const channel = await rest.post(Routes.userChannels(), { body: { recipient_id: userId } });
      return (channel as APIChannel).id;
    },
    async announce(commands: RESTPutAPIApplicationCommandsJSONBody): Promise<void> {
      await rest.put(Routes.applicationCommands(applicationId()), { body: commands });
    },
  };
}
