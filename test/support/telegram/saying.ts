// What a person writes: into a chat for all, or as a command or a reply that the bot alone sees.
import type { User } from 'grammy/types';
import { menuOf } from './chats.ts';
import type { ChatState, Content } from './model.ts';
import { look, type Seen } from './screen.ts';
import { marksIn, wordsOf } from './send.ts';
import type { Stage } from './stage.ts';

export type SayOptions = {
  readonly photo?: Buffer;
  readonly document?: { readonly name: string; readonly bytes: Buffer };
  readonly replyTo?: Seen;
  /** message_thread_id of a forum topic. */
  readonly topic?: number;
  /** Several messages with one of these are one album. */
  readonly album?: string;
  /** Written as the group itself, which an administrator may do. */
  readonly anonymous?: boolean;
};

/** Who stands as the sender when a group speaks for itself. */
const ANONYMOUS: User = { id: 1_087_968_824, is_bot: true, first_name: 'Group', username: 'GroupAnonymousBot' };

export function say(stage: Stage, user: User, said: { chat: ChatState; text: string; options: SayOptions }): Seen {
  const { world } = stage;
  const { chat, text, options } = said;
  const isAdmin = world.isAdmin(chat, user.id);
  if (chat.type !== 'private' && !chat.canWrite && !isAdmin) throw new Error(`Members may not write in ${chat.title}.`);
  if (options.anonymous && !isAdmin) throw new Error('Only an administrator writes anonymously.');
  const stored = world.post({
    chat,
    from: options.anonymous ? ANONYMOUS : user,
    content: contentOf(stage, text, options),
    threadId: options.topic,
    replyTo: options.replyTo?.stored,
    extra: {
      ...(options.album === undefined ? {} : { media_group_id: options.album }),
      ...(options.anonymous ? { sender_chat: world.chatJson(chat) } : {}),
    },
    ephemeral: isForTheBotAlone(stage, user, said) ? { receiverId: world.bot.id } : undefined,
  });
  stage.deliver(stored);
  return look(world, stored);
}

function isForTheBotAlone(
  { world }: Stage,
  user: User,
  { chat, text, options }: { chat: ChatState; text: string; options: SayOptions },
): boolean {
  if (chat.type === 'private' || !world.isIn(chat, world.bot.id)) return false;
  // A reply to what the bot said to this person alone.
  if (options.replyTo?.stored.ephemeral?.receiverId === user.id) return true;
  const command = /^\/(\w+)(?:@\w+)?(?:\s|$)/.exec(text)?.[1];
  return menuOf(world, chat, user.id).some((one) => one.command === command && one.is_ephemeral === true);
}

function contentOf({ world: { files } }: Stage, text: string, options: SayOptions): Content {
  const plain = wordsOf(text, {}, undefined, true);
  const words = { ...plain, entities: [...plain.entities, ...marksIn(plain.text)] };
  if (options.photo) {
    const upload = { name: 'photo.jpg', mime: 'image/jpeg', bytes: options.photo };
    return { kind: 'photo', file: files.add(upload, 'photo'), words, above: false };
  }
  if (options.document) {
    const upload = { mime: 'application/octet-stream', ...options.document };
    return { kind: 'document', file: files.add(upload, 'document'), words };
  }
  return { kind: 'text', words };
}
