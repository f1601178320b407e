// A person of the fake, driven by the test: writes, taps, pays, runs groups.
import { pay, type PayOptions, type PayOutcome } from './checkout.ts';
import { EVERY_RIGHT, type FakeGroup } from './group.ts';
import { askInline, pickInline, type InlinePick } from './inline.ts';
import type { AdminRights, ChatState, InlineAnswer, Person } from './model.ts';
import { say, type SayOptions } from './saying.ts';
import { look, matches, newest, screenOf, type Seen, type Words } from './screen.ts';
import { wordsOf } from './send.ts';
import type { Stage } from './stage.ts';
import { buttonOf, findButton, tapButton, type Tap } from './taps.ts';

export type Where = 'private' | FakeGroup;

export class FakePerson {
  /** What this person did, one entry for each human action: the taps to a purchase are counted here. */
  readonly actions: string[] = [];
  readonly #stage: Stage;
  readonly #person: Person;

  constructor(stage: Stage, person: Person) {
    this.#stage = stage;
    this.#person = person;
  }

  get id(): number {
    return this.#person.user.id;
  }

  get user() {
    return this.#person.user;
  }

  /** Opens the private chat with the bot and presses Start, by a deep link when there is a parameter. */
  starts(param?: string): Seen {
    this.actions.push('starts');
    if (this.#person.blocked) this.unblocks();
    this.#person.started = true;
    return this.#says('private', param === undefined ? '/start' : `/start ${param}`);
  }

  /** Writes a message. A command that the bot's menu marks as ephemeral is seen by the bot alone. */
  says(where: Where, text: string, options: SayOptions = {}): Seen {
    this.actions.push(`says ${text}`);
    return this.#says(where, text, options);
  }

  #says(where: Where, text: string, options: SayOptions = {}): Seen {
    if (where === 'private') this.#person.started = true;
    return say(this.#stage, this.user, { chat: this.#chatAt(where), text, options });
  }

  /** Forwards what they see. Buttons that send something to a bot do not go along. */
  forwards(seen: Seen, where: Where): Seen {
    this.actions.push('forwards');
    const { content, from, date } = seen.stored;
    const extra = { forward_origin: { type: 'user' as const, date, sender_user: from } };
    const stored = this.#stage.world.post({ chat: this.#chatAt(where), from: this.user, content, extra });
    this.#stage.deliver(stored);
    return look(this.#stage.world, stored);
  }

  edits(seen: Seen, text: string): void {
    const { stored } = seen;
    if (stored.from.id !== this.id) throw new Error('A person edits only own messages.');
    const words = wordsOf(text, {}, undefined, true);
    stored.content = 'file' in stored.content ? { ...stored.content, words } : { kind: 'text', words };
    stored.editDate = this.#stage.world.nowS;
    this.#stage.deliver(stored, 'edited_message');
  }

  /** Deletes a message, as its author or an administrator can. Telegram does not tell the bot. */
  deletes(seen: Seen): void {
    const { chat, from } = seen.stored;
    const may = chat.type === 'private' || from.id === this.id || this.#stage.world.isAdmin(chat, this.id);
    if (!may) throw new Error(`${this.user.first_name} may not delete this message.`);
    seen.stored.deleted = true;
  }

  /** Everything on this person's screen, oldest first. */
  sees(where: Where): readonly Seen[] {
    return screenOf(this.#stage.world, this.#chatAt(where), this.id);
  }

  /** The newest message with these words; undefined when there is none. */
  finds(where: Where, words: Words): Seen | undefined {
    return this.#newest(where, (seen) => matches(seen.text, words));
  }

  /** The same message as it is drawn now; undefined when it is gone. */
  looksAgain(seen: Seen): Seen | undefined {
    return screenOf(this.#stage.world, seen.stored.chat, this.id).find((one) => one.stored === seen.stored);
  }

  /** Waits until the newest message with these words from the bot is on the screen. */
  waitsFor(where: Where, words: Words, timeoutMs = 10_000): Promise<Seen> {
    const check = () => this.#newest(where, (seen) => seen.isFromBot && matches(seen.text, words));
    const what = () => {
      const last = this.sees(where).slice(-4);
      const shown = last.map((seen) => `${seen.text} [${seen.labels.join(' | ')}]`).join('\n---\n');
      return `${String(words)} on the screen of ${this.user.first_name}, which ends with:\n${shown}`;
    };
    return this.#stage.waiting.until(check, { what, timeoutMs });
  }

  /** Taps a button by its whole label. `old`: the button as it was when the message was seen, though it may have changed. */
  taps(seen: Seen, label: Words, options: { readonly old?: boolean } = {}): Tap {
    const button = options.old ? buttonOf(seen, label) : findButton(this.#stage, this.user, seen, label);
    this.actions.push(`taps ${button.text}`);
    return tapButton(this.#stage, this.user, { stored: seen.stored, button });
  }

  /** Opens a link button and gives its URL. A deep link into the private chat is followed. */
  opens(seen: Seen, label: Words): string {
    const button = findButton(this.#stage, this.user, seen, label);
    if (!('url' in button)) throw new Error(`The button ${button.text} is no link.`);
    this.actions.push(`opens ${button.text}`);
    this.#follows(button.url);
    return button.url;
  }

  /** Follows a deep link to the bot; other links belong to a browser. */
  follows(url: string): void {
    this.actions.push(`follows ${url}`);
    this.#follows(url);
  }

  #follows(url: string): void {
    const bot = this.#stage.world.bot.username;
    const param = new RegExp(`^https://t\\.me/${bot}\\?start=([\\w-]{1,64})$`, 'i').exec(url)?.[1];
    if (param === undefined) return;
    // Telegram asks for one more tap, on Start, only in a chat that was never started.
    if (!this.#person.started || this.#person.blocked) this.starts(param);
    else if (!this.#person.ios) this.#says('private', `/start ${param}`);
  }

  /** Pays an invoice message or an invoice link to the end, or to the bot's refusal. */
  pays(target: Seen | string, options: PayOptions = {}): Promise<PayOutcome> {
    // The Pay button of an invoice, unless a link opened it; then the confirmation.
    this.actions.push(...(typeof target === 'string' ? [] : ['taps Pay']), 'confirms the payment');
    return pay(this.#stage, this.#person, target, options);
  }

  /** Types "@bot query" somewhere; resolves with the bot's answer. */
  asksInline(query: string): Promise<InlineAnswer> {
    return askInline(this.#stage, this.user, query);
  }

  /** Sends one of the results into a group, in which the bot need not be. */
  picksInline(pick: InlinePick, group: FakeGroup): Seen {
    return pickInline(this.#stage, this.user, { ...pick, chat: this.#chatAt(group) });
  }

  blocks(): void {
    this.#person.blocked = true;
    this.#tellBlocked('member', 'kicked');
  }

  unblocks(): void {
    this.#person.blocked = false;
    this.#tellBlocked('kicked', 'member');
  }

  deletesAccount(): void {
    this.#person.deactivated = true;
  }

  /** Ephemeral messages do not survive a restart of the app, and the server does not know. */
  restartsApp(): void {
    for (const { ephemeral } of [...this.#stage.world.chats.values()].flatMap((chat) => chat.messages)) {
      if (ephemeral?.receiverId === this.id) ephemeral.vanished = true;
    }
  }

  joins(group: FakeGroup): void {
    group.changes(this.id, this.id, { status: 'member' });
    group.announces(this.id, { new_chat_members: [this.id] });
  }

  leaves(group: FakeGroup): void {
    group.announces(this.id, { left_chat_member: this.id });
    group.changes(this.id, this.id, { status: 'left' });
  }

  /** Adds the bot, as an administrator when rights are given. */
  addsBot(group: FakeGroup, rights?: AdminRights | 'every right'): void {
    const bot = this.#stage.world.bot.id;
    group.changes(this.id, bot, rights ? { status: 'administrator', rights: rightsOf(rights) } : { status: 'member' });
    group.announces(this.id, { new_chat_members: [bot] });
  }

  promotes(group: FakeGroup, whom: FakePerson | 'bot', rights: AdminRights | 'every right' = 'every right'): void {
    this.#requireAdmin(group);
    group.changes(this.id, this.#idOf(whom), { status: 'administrator', rights: rightsOf(rights) });
  }

  demotes(group: FakeGroup, whom: FakePerson | 'bot'): void {
    this.#requireAdmin(group);
    group.changes(this.id, this.#idOf(whom), { status: 'member' });
  }

  kicks(group: FakeGroup, whom: FakePerson | 'bot'): void {
    this.#requireAdmin(group);
    const id = this.#idOf(whom);
    // The bot hears of its own end by my_chat_member alone.
    if (whom !== 'bot') group.announces(this.id, { left_chat_member: id });
    group.changes(this.id, id, { status: 'kicked' });
  }

  #requireAdmin(group: FakeGroup): void {
    if (!this.#stage.world.isAdmin(group.chat, this.id))
      throw new Error(`${this.user.first_name} is no administrator.`);
  }

  #idOf(whom: FakePerson | 'bot'): number {
    return whom === 'bot' ? this.#stage.world.bot.id : whom.id;
  }

  #newest(where: Where, fits: (seen: Seen) => boolean): Seen | undefined {
    return newest(this.#stage.world, { chat: this.#chatAt(where), userId: this.id }, fits);
  }

  #chatAt(where: Where): ChatState {
    if (where === 'private') return this.#stage.world.privateChat(this.#person);
    if (this.#stage.world.isIn(where.chat, this.id)) return where.chat;
    throw new Error(`${this.user.first_name} is not in ${where.title}.`);
  }

  #tellBlocked(before: 'member' | 'kicked', after: 'member' | 'kicked'): void {
    const { world } = this.#stage;
    const member = (status: 'member' | 'kicked') =>
      status === 'kicked' ? { status, user: world.bot, until_date: 0 } : { status, user: world.bot };
    const about = { chat: world.chatJson(world.privateChat(this.#person)), from: this.user, date: world.nowS };
    world.tell(
      'my_chat_member',
      { ...about, old_chat_member: member(before), new_chat_member: member(after) },
      this.id,
    );
  }
}

const rightsOf = (rights: AdminRights | 'every right'): AdminRights =>
  rights === 'every right' ? EVERY_RIGHT : rights;
