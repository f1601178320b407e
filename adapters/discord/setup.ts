/** Our place in a server: brought in, and what we may do there, told to those who run it. */
import { type Client, type Guild, PermissionFlagsBits } from 'discord.js';
import type { Log } from '../../src/ports/runtime.ts';
import type { Translate } from '../../src/ports/words.ts';
import { menu, open, rows } from '../../src/view/parts.ts';
import { bold, para, type Block, type View } from '../../src/view/view.ts';
import type { Incoming } from './incoming.ts';
import { PLATFORM, type DiscordAdapterOptions } from './options.ts';
import type { Origin, Panels } from './panels.ts';
import type { Met, People } from './people.ts';
import type { Places } from './places.ts';

/** What we need where a card is posted. */
const WANTED = {
  see: PermissionFlagsBits.ViewChannel,
  send: PermissionFlagsBits.SendMessages,
  files: PermissionFlagsBits.AttachFiles,
  history: PermissionFlagsBits.ReadMessageHistory,
} as const;
type Wanted = keyof typeof WANTED;

type Options = Pick<DiscordAdapterOptions, 'core' | 'store' | 'negotiate'> & {
  readonly client: Client;
  readonly log: Log;
  readonly panels: Panels;
  readonly people: People;
  readonly places: Places;
};

export type Setup = {
  /** We were brought into a server: a word in private to its owner, once. */
  onJoined(guild: Guild): Promise<void>;
  /** Opens the channel where it was asked for, and says what we may do in those that are open. */
  report(met: Met, origin: Origin, asked: Incoming): Promise<void>;
};

export function createSetup(options: Options): Setup {
  const { store, panels, people, places, log, negotiate } = options;
  return {
    async onJoined(guild) {
      if ((await places.communityOf(guild.id)) !== undefined) return;
      const channel = firstChannel(guild);
      const user = await options.client.users.fetch(guild.ownerId);
      const owner = {
        id: user.id,
        username: user.username,
        global_name: user.globalName,
        discriminator: '0',
        avatar: null,
      };
      const someone = { user: owner, locale: negotiate(guild.preferredLocale) };
      if (!channel) return log.warn({ guild: guild.id }, 'a server has no channel that we see');
      const place = { guildId: guild.id, channelId: channel.id, title: guild.name };
      const opened = await places.adopt(place, someone);
      if (!opened) return;
      const met = await people.inCommunity(someone, opened.communityId);
      const view = await reportView(options, met);
      const sent = await panels.write(met, { view, message: { name: 'admin' } });
      log.info({ sent }, 'brought into a server');
    },
    async report(met, origin, asked) {
      const role = await store.read((reads) => reads.people.role(met.communityId, met.personId));
      if (role !== 'owner' && role !== 'admin') return panels.refuse(met, { code: 'not_allowed' }, origin);
      const { guildId, channelId, title, someone } = asked;
      if (guildId !== null && asked.isSteward) await places.adopt({ guildId, channelId, title }, someone);
      const view = await reportView(options, met);
      await panels.answer(met, { view, message: { name: 'admin' } }, origin);
    },
  };
}

/** Where a server talks: its own choice, else the first text channel that we may write in. */
function firstChannel(guild: Guild) {
  const me = guild.members.me;
  const texts = [...guild.channels.cache.values()].filter((channel) => channel.isTextBased() && !channel.isThread());
  const mayWrite = texts.find((channel) => me !== null && channel.permissionsFor(me).has(WANTED.send));
  return guild.systemChannel ?? mayWrite ?? texts[0];
}

async function reportView({ store, client }: Options, { communityId, words: { t } }: Met): Promise<View> {
  const chats = await store.read((reads) => reads.people.chats(communityId));
  const blocks = chats
    .filter(({ platform }) => platform === PLATFORM)
    .flatMap((chat): Block[] => [para([bold(chat.title)]), missingBlock(client, chat.platformChatId, t)]);
  return {
    title: t('bot.setup.title'),
    body: [para(t('discord.setup.intro')), ...blocks, para(t('discord.setup.next'))],
    actions: rows([open(t('home.admin'), { name: 'admin' }, { style: 'primary' })], [menu(t)]),
    tone: 'plain',
  };
}

function missingBlock(client: Client, channelId: string, t: Translate): Block {
  const channel = client.channels.cache.get(channelId);
  if (!channel || channel.isDMBased() || !client.user) return para(t('discord.setup.away'), 'warning');
  const rights = channel.permissionsFor(client.user);
  const missing = (Object.keys(WANTED) as Wanted[]).filter((name) => !rights?.has(WANTED[name]));
  if (missing.length === 0) return para(t('discord.setup.fine'), 'good');
  const named = missing.map((name) => t(`discord.setup.right.${name}`)).join(', ');
  return para(t('discord.setup.missing', { rights: named }), 'warning');
}
