/** Our place in a group: brought in, sent away, moved; and what we may do there, told to those who run it. */
import type { Chat as TelegramChat, ChatMember, ChatMemberUpdated, User } from 'grammy/types';
import type { OpenedChat } from '../../src/ports/core.ts';
import type { Log } from '../../src/ports/runtime.ts';
import type { Translate } from '../../src/ports/words.ts';
import { menu, open, rows } from '../../src/view/parts.ts';
import { bold, para, type Block, type View } from '../../src/view/view.ts';
import { chatIdOf, type TelegramApi, troubleOf } from './api.ts';
import type { Messenger } from './messenger.ts';
import { PLATFORM, type TelegramAdapterOptions } from './options.ts';
import type { Origin } from './origin.ts';
import type { Panels } from './panels.ts';
import { isTopic } from './topics.ts';
import { type Met, nameOf, type People } from './people.ts';
import { drawScreen } from './render/screen.ts';
import { compose } from './render/screen.ts';

export type Setup = {
  /** Our own place changed, in a group or in somebody's private chat. */
  onMember(change: ChatMemberUpdated): Promise<void>;
  /** Makes a group ours when one of its administrators acts in it. */
  adopt(from: User, chat: TelegramChat): Promise<OpenedChat | undefined>;
  moved(from: string, to: string): Promise<void>;
  /** What we may do in the groups of this community, and what is missing by name. */
  report(met: Met, origin: Origin): Promise<void>;
};

/** What we cannot do where we stand; the last makes things nicer, the others are needed. */
const WANTED = ['send', 'photos', 'admin'] as const;
type Wanted = (typeof WANTED)[number];

type Options = Pick<TelegramAdapterOptions, 'core' | 'store' | 'clock' | 'handleKey' | 'negotiate' | 'usual'> & {
  readonly api: TelegramApi;
  readonly log: Log;
  readonly messenger: Messenger;
  readonly panels: Panels;
  readonly people: People;
  readonly me: { readonly id: number; readonly username: string };
};

export function createSetup(options: Options): Setup {
  const { core, store, clock, api, log, people } = options;

  const isSteward = async (chat: number, user: number): Promise<boolean> => {
    try {
      const { status } = await api.getChatMember(chat, user);
      return status === 'creator' || status === 'administrator';
    } catch (error) {
      troubleOf(error, 'edit');
      return false;
    }
  };
  const place = async (chatId: string, present: boolean, member?: ChatMember) => {
    const rights = JSON.stringify({ missing: member ? missingOf(member) : [] });
    await store.transact(null, async (tx) => {
      await tx.platforms.putChatPlace({ chatId, present, rights, updatedAt: clock.now() });
      return null;
    });
  };
  const adopt: Setup['adopt'] = async (from, chat) => {
    if (chat.type === 'private') return undefined;
    const trusted = !from.is_bot && (await isSteward(chat.id, from.id));
    const who = { platformUserId: String(from.id), name: nameOf(from), locale: options.negotiate(from.language_code) };
    const { usual } = options;
    const title = chat.title ?? '';
    const by = trusted ? who : null;
    return core.openChat({ platform: PLATFORM, platformChatId: String(chat.id), title, by, usual });
  };
  /** Topics of a group: what is true of the group is true of them. */
  const topicsOf = async ({ communityId, platformChatId }: { communityId: string; platformChatId: string }) => {
    const chats = await store.read((reads) => reads.people.chats(communityId));
    return chats.filter((one) => one.platform === PLATFORM && one.platformChatId.startsWith(`${platformChatId}:`));
  };
  const report = createReport(options, place);
  /** What we may no longer do is the business of whoever runs the market. */
  const tellStewards = async (communityId: string) => {
    const stewards = await store.read((reads) => reads.people.stewards(communityId));
    for (const { personId } of stewards) {
      const met = await people.known({ communityId, personId });
      if (met?.open) await report(met, { group: null });
    }
  };

  return {
    adopt,
    report,
    async onMember({ chat, from, new_chat_member: now, old_chat_member: before }) {
      const isHere = now.status !== 'left' && now.status !== 'kicked';
      if (chat.type === 'private') return people.setOpen(from, isHere);
      if (!isHere) {
        const known = await store.read((reads) => reads.people.chatByPlatform(PLATFORM, String(chat.id)));
        if (known) await place(known.id, false);
        if (known) for (const topic of await topicsOf(known)) await place(topic.id, false);
        log.info({ chatId: known?.id }, 'sent away from a group');
        return;
      }
      const opened = await adopt(from, chat);
      if (!opened) return hello(options, { chat, from, opened: undefined });
      await place(opened.chatId, true, now);
      const wasHere = before.status !== 'left' && before.status !== 'kicked';
      const lost = missingOf(now).length > missingOf(before).length;
      if (wasHere && opened.opened === 'known') return lost ? tellStewards(opened.communityId) : undefined;
      await hello(options, { chat, from, opened });
      // Most have pressed Start before they brought us anywhere; who has not is found to be closed.
      const met = await people.inCommunity(from, opened.communityId, 'private');
      await report(met, { group: null });
    },
    async moved(from, to) {
      const moved = await store.transact(null, (tx) => tx.platforms.moveChat(PLATFORM, from, to));
      log.info({ moved }, 'a group got another id');
    },
  };
}

/** One word in the group, so that everybody knows what came in; the rest is between us and whoever runs it. */
async function hello(
  { messenger, people, me }: Options,
  { chat, from, opened }: { chat: TelegramChat; from: User; opened: OpenedChat | undefined },
): Promise<void> {
  const { t, fmt } = people.wordsFor(from);
  const said = opened ? t('bot.hello') : t('bot.hello_stranger');
  const button = { text: t('bot.setup.open'), url: `https://t.me/${me.username}?start=setup` };
  const keyboard = opened ? [[button]] : [];
  try {
    await messenger.send(String(chat.id), compose([{ text: said }], { photo: null, keyboard, dir: fmt.dir }));
  } catch (error) {
    // A group where we may not write: the report says so.
    troubleOf(error, 'send');
  }
}

/** Telegram's own state, asked for now; what it does not tell us is missing. */
function createReport(
  { core, store, api, handleKey, panels, me }: Options,
  place: (chatId: string, present: boolean, member?: ChatMember) => Promise<void>,
): Setup['report'] {
  const look = async (chat: { id: string; platformChatId: string }): Promise<readonly Wanted[] | 'away'> => {
    const id = chatIdOf(chat.platformChatId);
    try {
      const member = await api.getChatMember(id, me.id);
      const isHere = member.status !== 'left' && member.status !== 'kicked';
      await place(chat.id, isHere, member);
      if (!isHere) return 'away';
      const { permissions } = await api.getChat(id);
      return missingOf(member, permissions);
    } catch (error) {
      return troubleOf(error, 'edit').kind === 'barred' ? WANTED : 'away';
    }
  };
  return async (met, origin) => {
    const { personId, communityId, words } = met;
    const { chats, role } = await store.read(async (reads) => ({
      chats: await reads.people.chats(communityId),
      role: await reads.people.role(communityId, personId),
    }));
    if (role !== 'owner' && role !== 'admin') return panels.refuse(met, { code: 'not_allowed' }, origin);
    const blocks: Block[] = [];
    for (const chat of chats.filter((one) => one.platform === PLATFORM && !isTopic(one.platformChatId))) {
      blocks.push(para([bold(chat.title)]), missingBlock(await look(chat), words.t));
    }
    const view = reportView(blocks, words.t);
    const options = { chatId: null, personId, key: handleKey, message: { name: 'admin' }, words } as const;
    // Commands in our own words stay commands, to be tapped.
    const { screen, drawn } = drawScreen(view, { ...options, foot: words.t('bot.setup.next') });
    await core.drawHandles(drawn);
    await panels.say(met, screen, origin);
  };
}

function reportView(blocks: readonly Block[], t: Translate): View {
  return {
    title: t('bot.setup.title'),
    body: [para(t('bot.setup.intro')), ...blocks],
    actions: rows([open(t('home.admin'), { name: 'admin' }, { style: 'primary' })], [menu(t)]),
    tone: 'plain',
  };
}

function missingBlock(missing: readonly Wanted[] | 'away', t: Translate): Block {
  if (missing === 'away') return para(t('bot.setup.away'), 'warning');
  const item = (wanted: Wanted) => {
    const has = !missing.includes(wanted);
    return {
      text: [`${has ? '✅' : wanted === 'admin' ? '➕' : '⛔'} ${t(`bot.setup.${wanted}.${has ? 'has' : 'missing'}`)}`],
    };
  };
  return { kind: 'list', items: WANTED.map(item) };
}

type Permissions = { can_send_messages?: boolean; can_send_photos?: boolean };

/** An administrator may write whatever the group's members may not. */
function missingOf(member: ChatMember, everybody: Permissions = {}): readonly Wanted[] {
  if (member.status === 'administrator' || member.status === 'creator') return [];
  const own: Permissions = member.status === 'restricted' ? member : {};
  const may = (right: keyof Permissions) => (own[right] ?? true) && (everybody[right] ?? true);
  return WANTED.filter((wanted) => {
    if (wanted === 'admin') return true;
    return !may(wanted === 'send' ? 'can_send_messages' : 'can_send_photos');
  });
}
