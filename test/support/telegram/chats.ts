// Methods about chats, members, topics, pins and the bot's own commands.
import type { ChatFullInfo, ChatMember, ForumTopic } from 'grammy/types';
import type { ArgsOf } from './methods.ts';
import type { ChatState } from './model.ts';
import { badRequest } from './refusal.ts';
import type { World } from './world.ts';

const GIFTS = {
  unlimited_gifts: true,
  limited_gifts: true,
  unique_gifts: true,
  premium_subscription: true,
  gifts_from_channels: true,
};

export function getChat(world: World, args: ArgsOf<'getChat'>): ChatFullInfo {
  // Of a person the bot knows nothing before they write to it.
  if (world.people.has(Number(args.chat_id)) && !world.chats.has(Number(args.chat_id)))
    throw badRequest('chat not found');
  const chat = world.chatFor(args.chat_id);
  if (chat.type !== 'private' && !world.isIn(chat, world.bot.id)) throw badRequest('chat not found');
  const pinned = world.findMessage(chat, chat.pinned.at(-1) ?? 0);
  const about = { accent_color_id: 0, max_reaction_count: 11, accepted_gift_types: GIFTS };
  const pin = pinned ? { pinned_message: world.messageJson(pinned) } : {};
  const permissions = chat.type === 'private' ? {} : { permissions: { can_send_messages: chat.canWrite } };
  return { ...world.chatJson(chat), ...about, ...pin, ...permissions } as ChatFullInfo;
}

export function getChatMember(world: World, args: ArgsOf<'getChatMember'>): ChatMember {
  const chat = world.chatToWrite(args.chat_id);
  if (!world.userOf(args.user_id)) throw badRequest('PARTICIPANT_ID_INVALID');
  // For a bot that is no administrator Telegram promises nothing about others in a large group; here it answers.
  return world.memberJson(chat, args.user_id);
}

export function getChatAdministrators(world: World, args: ArgsOf<'getChatAdministrators'>): ChatMember[] {
  const chat = world.chatToWrite(args.chat_id);
  if (chat.type === 'private') throw badRequest('there are no administrators in the private chat');
  return [...chat.members.keys()].filter((id) => world.isAdmin(chat, id)).map((id) => world.memberJson(chat, id));
}

export function memberCount(chat: ChatState): number {
  return [...chat.members.values()].filter(({ status }) => status !== 'left' && status !== 'kicked').length;
}

export function leaveChat(world: World, args: ArgsOf<'leaveChat'>): true {
  const chat = world.chatToWrite(args.chat_id);
  if (chat.type === 'private') throw badRequest("chat member status can't be changed in private chats");
  chat.members.set(world.bot.id, { status: 'left' });
  return true;
}

function requirePin(world: World, chat: ChatState): void {
  if (chat.type === 'private') return;
  const { status, rights } = world.memberOf(chat, world.bot.id);
  if (status !== 'administrator' || !rights?.can_pin_messages) {
    throw badRequest('not enough rights to manage pinned messages in the chat');
  }
}

export function pinMessage(world: World, args: ArgsOf<'pinChatMessage'>): true {
  const chat = world.chatToWrite(args.chat_id);
  requirePin(world, chat);
  const stored = world.findMessage(chat, args.message_id);
  if (!stored) throw badRequest('message to pin not found');
  if (chat.pinned.includes(stored.id)) return true;
  chat.pinned.push(stored.id);
  const content = { kind: 'service', fields: { pinned_message: world.messageJson(stored, 1) } } as const;
  const service = world.post({ chat, from: world.bot, content });
  // The service message comes to the bot like any other.
  world.tell('message', world.messageJson(service), chat.id);
  return true;
}

export function unpinMessage(world: World, args: ArgsOf<'unpinChatMessage'>): true {
  const chat = world.chatToWrite(args.chat_id);
  requirePin(world, chat);
  const id = args.message_id ?? chat.pinned.at(-1);
  const index = id === undefined ? -1 : chat.pinned.indexOf(id);
  if (index < 0) throw badRequest('message to unpin not found');
  chat.pinned.splice(index, 1);
  return true;
}

export function createTopic(world: World, args: ArgsOf<'createForumTopic'>): ForumTopic {
  const chat = world.chatToWrite(args.chat_id);
  if (!chat.isForum) throw badRequest('the chat is not a forum');
  const { status, rights } = world.memberOf(chat, world.bot.id);
  if (status !== 'administrator' || !rights?.can_manage_topics) throw badRequest('not enough rights to create a topic');
  const id = addTopic(world, chat, args.name);
  return { message_thread_id: id, name: args.name, icon_color: args.icon_color ?? 7_322_096 };
}

export function addTopic(world: World, chat: ChatState, name: string): number {
  const fields = { forum_topic_created: { name, icon_color: 7_322_096 } } as const;
  const created = world.post({ chat, from: world.bot, content: { kind: 'service', fields } });
  chat.topics.set(created.id, { id: created.id, name, closed: false });
  return created.id;
}

type Scoped = ArgsOf<'getMyCommands'>;

const scopeOf = ({ scope }: Scoped): string => JSON.stringify(scope ?? { type: 'default' });

export function setCommands(world: World, args: ArgsOf<'setMyCommands'>): true {
  deleteCommands(world, args);
  const commands = args.commands.map(({ command, description, is_ephemeral: isEphemeral }) => ({
    command,
    description,
    ...(isEphemeral === undefined ? {} : { is_ephemeral: isEphemeral }),
  }));
  world.commandLists.push({ scope: scopeOf(args), language: args.language_code ?? '', commands });
  return true;
}

export function deleteCommands(world: World, args: Scoped): true {
  const [scope, language] = [scopeOf(args), args.language_code ?? ''];
  world.commandLists = world.commandLists.filter((list) => list.scope !== scope || list.language !== language);
  return true;
}

export function getCommands(world: World, args: Scoped) {
  const [scope, language] = [scopeOf(args), args.language_code ?? ''];
  return world.commandLists.find((list) => list.scope === scope && list.language === language)?.commands ?? [];
}

/** The commands that this person's menu shows in that chat: the narrowest list that is set, by Telegram's order. */
export function menuOf(world: World, chat: ChatState, userId: number) {
  const id = { chat_id: chat.id };
  const isAdmin = world.isAdmin(chat, userId);
  const scopes: readonly (object | false)[] =
    chat.type === 'private'
      ? [{ type: 'chat', ...id }, { type: 'all_private_chats' }, { type: 'default' }]
      : [
          { type: 'chat_member', ...id, user_id: userId },
          isAdmin && { type: 'chat_administrators', ...id },
          { type: 'chat', ...id },
          isAdmin && { type: 'all_chat_administrators' },
          { type: 'all_group_chats' },
          { type: 'default' },
        ];
  const language = world.userOf(userId)?.language_code?.slice(0, 2).toLowerCase() ?? '';
  for (const scope of scopes) {
    if (scope === false) continue;
    const lists = world.commandLists.filter((list) => list.scope === JSON.stringify(scope));
    const found = lists.find((list) => list.language === language) ?? lists.find((list) => list.language === '');
    if (found) return found.commands;
  }
  return [];
}
