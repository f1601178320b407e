// A group or supergroup of the fake, as the test holds it.
import { addTopic } from './chats.ts';
import type { AdminRights, ChatState, Member } from './model.ts';
import type { Stage } from './stage.ts';

export class FakeGroup {
  readonly #stage: Stage;
  #chat: ChatState;

  constructor(stage: Stage, chat: ChatState) {
    this.#stage = stage;
    this.#chat = chat;
  }

  /** The chat as it is now: after an upgrade, the supergroup. */
  get chat(): ChatState {
    return this.#chat;
  }

  get id(): number {
    return this.#chat.id;
  }

  get title(): string {
    return this.#chat.title;
  }

  /** Adds a forum topic and gives its message_thread_id. */
  topic(name: string): number {
    if (!this.#chat.isForum) throw new Error(`${this.title} is no forum.`);
    return addTopic(this.#stage.world, this.#chat, name);
  }

  closesTopic(id: number): void {
    const topic = this.#chat.topics.get(id);
    if (!topic) throw new Error(`${this.title} has no topic ${id}.`);
    topic.closed = true;
  }

  /** Members may not write any more, or may again; administrators always may. */
  letsMembersWrite(canWrite: boolean): void {
    this.#chat.canWrite = canWrite;
  }

  /** The group becomes a supergroup with another id: two service messages, one in the old chat and one in the new. */
  upgrades(): void {
    const { world } = this.#stage;
    const old = this.#chat;
    if (old.type !== 'group') throw new Error(`${this.title} is a supergroup already.`);
    const id = this.#stage.nextSupergroupId();
    const next = world.addChat({ id, type: 'supergroup', title: old.title, members: new Map(old.members) });
    const [[creatorId] = [0]] = [...old.members].filter(([, member]) => member.status === 'creator');
    const from = world.userOf(creatorId) ?? world.bot;
    const moved = world.post({ chat: old, from, content: { kind: 'service', fields: { migrate_to_chat_id: id } } });
    const fields = { migrate_from_chat_id: old.id };
    const came = world.post({ chat: next, from, content: { kind: 'service', fields } });
    this.#chat = next;
    this.#stage.tellGroup(old, 'message', world.messageJson(moved));
    this.#stage.tellGroup(next, 'message', world.messageJson(came));
    old.migratedTo = id;
  }

  /** Changes a membership and tells the bot what it may know. */
  changes(byId: number, userId: number, member: Member): void {
    const { world } = this.#stage;
    const chat = this.#chat;
    const before = world.memberJson(chat, userId);
    chat.members.set(userId, member);
    const value = {
      chat: world.chatJson(chat),
      from: world.userOf(byId),
      date: world.nowS,
      old_chat_member: before,
      new_chat_member: world.memberJson(chat, userId),
    };
    if (userId === world.bot.id) world.tell('my_chat_member', value, chat.id);
    else if (world.isAdmin(chat, world.bot.id)) world.tell('chat_member', value, chat.id);
  }

  /** A service message about members, which a bot always gets. */
  announces(byId: number, fields: { new_chat_members: number[] } | { left_chat_member: number }): void {
    const { world } = this.#stage;
    const chat = this.#chat;
    const user = (id: number) => world.userOf(id) ?? world.bot;
    const shown =
      'new_chat_members' in fields
        ? { new_chat_members: fields.new_chat_members.map(user) }
        : { left_chat_member: user(fields.left_chat_member) };
    const service = world.post({ chat, from: user(byId), content: { kind: 'service', fields: shown } });
    this.#stage.tellGroup(chat, 'message', world.messageJson(service));
  }
}

/** All the rights that a shop's bot is ever asked for. */
export const EVERY_RIGHT: Required<AdminRights> = {
  can_delete_messages: true,
  can_pin_messages: true,
  can_manage_topics: true,
  can_invite_users: true,
};
