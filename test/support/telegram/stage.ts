// What people and groups of the fake share: the world, the waiting, and which messages a bot gets to see.
import type { Message } from 'grammy/types';
import type { UpdateKind } from './methods.ts';
import type { ChatState, StoredMessage } from './model.ts';
import type { Waiting } from './waiting.ts';
import type { World } from './world.ts';

export class Stage {
  readonly world: World;
  readonly waiting: Waiting;
  readonly checkoutMs: number;
  #groups = 0;

  constructor(options: { world: World; waiting: Waiting; checkoutMs: number }) {
    this.world = options.world;
    this.waiting = options.waiting;
    this.checkoutMs = options.checkoutMs;
  }

  nextGroupId(): number {
    return -(4_000_000 + ++this.#groups);
  }

  nextSupergroupId(): number {
    return -(1_001_900_000_000 + ++this.#groups);
  }

  /** Tells the bot about a group, if it is in it. */
  tellGroup(chat: ChatState, kind: UpdateKind, value: Message): void {
    if (this.world.isIn(chat, this.world.bot.id)) this.world.tell(kind, value, chat.id);
  }

  /** Delivers what a person wrote. With privacy mode on a bot in a group gets commands, replies to it and its own inline messages. */
  deliver(stored: StoredMessage, kind: 'message' | 'edited_message' = 'message'): void {
    const { world } = this;
    const { chat } = stored;
    if (chat.type !== 'private' && !this.#reaches(stored)) return;
    world.tell(kind, world.messageJson(stored), chat.id);
  }

  #reaches(stored: StoredMessage): boolean {
    const { world } = this;
    const { chat, replyTo } = stored;
    if (!world.isIn(chat, world.bot.id)) return false;
    if (world.readsAll || world.isAdmin(chat, world.bot.id) || stored.inlineId !== undefined) return true;
    if (replyTo?.from.id === world.bot.id) return true;
    const words = 'words' in stored.content ? stored.content.words.text : '';
    const addressed = /^\/\w+(?:@(\w+))?/.exec(words);
    if (!addressed) return false;
    return addressed[1] === undefined || addressed[1].toLowerCase() === world.bot.username.toLowerCase();
  }
}
