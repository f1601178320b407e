// A Bot API on 127.0.0.1 for tests: the real grammY talks to it by `apiRoot`. It checks every request against Telegram's
// published types and limits, keeps what each person sees, and lets the test play the people.
//
//   const fake = await startFakeTelegram();
//   const api = new Api(fake.token, { apiRoot: fake.apiRoot });
//   ...
//   expect(fake.invalidRequests).toEqual([]);
//   await fake.close();
import type { BotCommand, StarTransaction, Update } from 'grammy/types';
import { menuOf } from './chats.ts';
import { Faults } from './faults.ts';
import { FakeGroup } from './group.ts';
import { Limits } from './limits.ts';
import type { Member, PaidEntry } from './model.ts';
import { CHECKOUT_MS } from './payments.ts';
import { FakePerson, type Where } from './person.ts';
import type { Seen } from './screen.ts';
import { startServer, type RequestRecord } from './server.ts';
import { Stage } from './stage.ts';
import { sendCallback, type Tap } from './taps.ts';
import { Updates } from './updates.ts';
import { Waiting } from './waiting.ts';
import { World } from './world.ts';

export type FakeTelegramOptions = {
  /** Instants in ms; default the real clock. */
  readonly clock?: { now(): number };
  /** Default 0: a free one. A fixed port lets the fake come back after `close`. */
  readonly port?: number;
  readonly username?: string;
  /** True: privacy mode is off, and the bot reads everything in groups. */
  readonly readsAll?: boolean;
  /** Real ms that a person waits for the answers of a checkout; default 10 s. */
  readonly checkoutMs?: number;
  /** Real ms between two deliveries to a webhook that did not answer 2xx; default 20. */
  readonly webhookRetryMs?: number;
  /** True: more than 30 messages a second in all, or 20 a minute into a group, are answered with 429. */
  readonly limits?: boolean;
};

export type PersonOptions = {
  readonly firstName: string;
  readonly lastName?: string;
  readonly username?: string;
  /** As Telegram gives it: "en", "pt-br", "zh-hans". */
  readonly languageCode?: string;
  readonly isPremium?: boolean;
  /** Their app ignores ?start= links once the private chat is open. */
  readonly ios?: boolean;
};

export type GroupOptions = {
  readonly title: string;
  readonly creator: FakePerson;
  readonly members?: readonly FakePerson[];
  /** Default supergroup. */
  readonly type?: 'group' | 'supergroup';
  readonly forum?: boolean;
  readonly username?: string;
};

export type FakeTelegram = {
  readonly apiRoot: string;
  readonly token: string;
  readonly bot: { readonly id: number; readonly username: string };
  readonly faults: Faults;
  /** Every request but getUpdates, oldest first. */
  readonly requests: readonly RequestRecord[];
  /** Those that break a published type or limit; a test asserts that there are none. */
  readonly invalidRequests: readonly RequestRecord[];
  /** Every update that was queued, oldest first. */
  readonly updates: readonly Update[];
  /** Updates that the bot has not confirmed. */
  readonly pendingUpdates: number;
  /** True while a long poll of the bot is held. */
  readonly isPolled: boolean;
  /** Taps whose spinner still turns, by the id of the callback query. */
  readonly unansweredTaps: readonly string[];
  readonly payments: readonly PaidEntry[];
  readonly starTransactions: readonly StarTransaction[];
  /** Chat actions such as "typing". */
  readonly actions: readonly { readonly chatId: number; readonly action: string }[];
  person(options: PersonOptions): FakePerson;
  group(options: GroupOptions): FakeGroup;
  /** The commands in a person's menu there, in their language. */
  menu(person: FakePerson, where: Where): readonly BotCommand[];
  /** A callback query that no button of ours has to carry. */
  forge(data: string, from: FakePerson, on: Seen): Tap;
  /** Requests of one method, or of all that match. */
  calls(method: string | RegExp): readonly RequestRecord[];
  /** The most messages that went out within a window of that many ms, in all or into one chat. */
  mostWithin(windowMs: number, chatId?: number): number;
  until<T>(check: () => T | undefined | false, what: string, timeoutMs?: number): Promise<T>;
  /** Waits until the bot has confirmed (or its webhook has taken) every update. */
  taken(timeoutMs?: number): Promise<void>;
  /** The webhook's https host listens at this http origin of this machine; the path of its URL stays. */
  reachWebhookAt(origin: string): void;
  /** Bytes of a file by its file_id, as the bot would download them. */
  file(fileId: string): Buffer;
  close(): Promise<void>;
};

const BOT_ID = 42;
const TOKEN = `${BOT_ID}:TEST`;

export async function startFakeTelegram(options: FakeTelegramOptions = {}): Promise<FakeTelegram> {
  const clock = options.clock ?? { now: () => Date.now() };
  const waiting = new Waiting();
  const changed = () => waiting.changed();
  const updates = new Updates({ clock, retryMs: options.webhookRetryMs ?? 20, changed });
  const bot = {
    id: BOT_ID,
    is_bot: true as const,
    first_name: 'Pasar',
    username: options.username ?? 'pasar_test_bot',
  };
  const world = new World({ bot, clock, updates, readsAll: options.readsAll ?? false });
  const stage = new Stage({ world, waiting, checkoutMs: options.checkoutMs ?? CHECKOUT_MS });
  const faults = new Faults(updates);
  const limits = new Limits(clock, options.limits ?? false);
  const requests: RequestRecord[] = [];
  const server = await startServer({ world, faults, limits, token: TOKEN, requests, changed }, options.port ?? 0);
  const asked = () => requests.filter((one) => one.method !== 'getUpdates');
  return {
    apiRoot: server.apiRoot,
    token: TOKEN,
    bot,
    faults,
    get requests() {
      return asked();
    },
    get invalidRequests() {
      return requests.filter((one) => one.problems.length > 0);
    },
    updates: updates.history,
    get pendingUpdates() {
      return updates.pending;
    },
    get isPolled() {
      return updates.isPolled;
    },
    get unansweredTaps() {
      return [...world.callbacks.values()].filter((tap) => tap.answer === undefined).map((tap) => tap.id);
    },
    payments: world.books.payments,
    starTransactions: world.books.stars,
    actions: world.actions,
    person: (wishes) => addPerson(stage, wishes),
    group: (wishes) => addGroup(stage, wishes),
    menu: (person, where) => menuOf(world, where === 'private' ? world.chatFor(person.id) : where.chat, person.id),
    forge: (data, from, on) => sendCallback(stage, from.user, { stored: on.stored, data }),
    calls: (method) =>
      asked().filter((one) => (typeof method === 'string' ? one.method === method : method.test(one.method))),
    mostWithin: (windowMs, chatId) => limits.most(windowMs, chatId),
    until: (check, what, timeoutMs = 10_000) => waiting.until(check, { what, timeoutMs }),
    taken: async (timeoutMs = 10_000) => {
      const what = () => `the bot to take ${updates.pending} updates`;
      await waiting.until(() => updates.pending === 0, { what, timeoutMs });
    },
    reachWebhookAt: (origin) => {
      updates.webhookOrigin = origin;
    },
    file: (fileId) => {
      const file = world.files.get(fileId);
      if (!file) throw new Error(`There is no file ${fileId}.`);
      return file.bytes;
    },
    close: async () => {
      updates.close();
      await server.close();
    },
  };
}

function addPerson(stage: Stage, options: PersonOptions): FakePerson {
  const { world } = stage;
  const user = {
    id: 5_000_000_001 + world.people.size,
    is_bot: false,
    first_name: options.firstName,
    ...(options.lastName === undefined ? {} : { last_name: options.lastName }),
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.languageCode === undefined ? {} : { language_code: options.languageCode }),
    ...(options.isPremium ? { is_premium: true as const } : {}),
  };
  const person = { user, ios: options.ios ?? false, started: false, blocked: false, deactivated: false };
  world.people.set(user.id, person);
  return new FakePerson(stage, person);
}

function addGroup(stage: Stage, options: GroupOptions): FakeGroup {
  const type = options.type ?? 'supergroup';
  const isForum = options.forum ?? false;
  if (isForum && type === 'group') throw new Error('Only a supergroup can be a forum.');
  const members = new Map<number, Member>([[options.creator.id, { status: 'creator' }]]);
  for (const { id } of options.members ?? []) members.set(id, { status: 'member' });
  const id = type === 'group' ? stage.nextGroupId() : stage.nextSupergroupId();
  const { title, username } = options;
  return new FakeGroup(stage, stage.world.addChat({ id, type, title, username, isForum, members }));
}
