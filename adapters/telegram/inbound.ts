/** One map from the kind of an update to what it does. Handlers may run twice for one update; what they do has keys of its own. */
import type { CallbackQuery, Chat, Message as TelegramMessage, Update, User } from 'grammy/types';
import { bugText } from '../../src/view/fault.ts';
import { troubleOf } from './api.ts';
import { mentionedIn, repliedToBy } from './bill.ts';
import { type Command, commandOf } from './commands.ts';
import type { Inline } from './inline.ts';
import { productIn, productOf } from './product-link.ts';
import type { Store } from '../../src/ports/store.ts';
import type { Forms } from './forms/forms.ts';
import type { Keys } from './keys.ts';
import type { Messenger } from './messenger.ts';
import type { Origin } from './origin.ts';
import type { Panels } from './panels.ts';
import type { TelegramPayments } from './payments.ts';
import type { Met, People } from './people.ts';
import { compose } from './render/screen.ts';
import { plain } from '../../src/view/runs.ts';
import type { Setup } from './setup.ts';
import type { Taps } from './taps.ts';
import type { Topics } from './topics.ts';
import type { Received } from './updates.ts';
import { claimOfForwarded, type Verify } from './verify.ts';

type Options = {
  readonly people: People;
  readonly panels: Panels;
  readonly setup: Setup;
  readonly forms: Forms;
  readonly taps: Taps;
  readonly payments: Pick<TelegramPayments, 'onSuccessfulPayment' | 'onRefunded'>;
  readonly inline: Pick<Inline, 'onChosen'>;
  readonly store: Store;
  readonly messenger: Messenger;
  readonly commands: ReadonlyMap<string, Command>;
  readonly verify: Pick<Verify, 'judge'>;
  readonly keys: Pick<Keys, 'commandOf'>;
  readonly username: string;
  readonly topics: Topics;
};

type Handler = (received: Received) => Promise<void>;
type There = { readonly met: Met; readonly origin: Origin };

export type Inbound = {
  readonly work: Handler;
  readonly giveUp: (received: Received, incident: string) => Promise<void>;
};

export function createInbound(options: Options): Inbound {
  const kinds: ReadonlyMap<string, Handler> = new Map<keyof Update, Handler>([
    ['message', onMessage(options)],
    ['callback_query', onTap(options)],
    [
      'chosen_inline_result',
      async ({ update }) => {
        if (update.chosen_inline_result) await options.inline.onChosen(update.chosen_inline_result);
      },
    ],
    [
      'my_chat_member',
      async ({ update }) => {
        if (update.my_chat_member) await options.setup.onMember(update.my_chat_member);
      },
    ],
  ]);
  return {
    async work(received) {
      for (const kind of Object.keys(received.update)) await kinds.get(kind)?.(received);
    },
    async giveUp({ update }, incident) {
      const from = update.callback_query?.from ?? update.message?.from;
      const met = from && (await options.people.inPrivate(from));
      if (!met?.open) return;
      const { dir } = met.words.fmt;
      const said = compose([{ text: plain(bugText(incident, met.words), dir) }], { photo: null, keyboard: [], dir });
      await options.panels.say(met, said, { group: null });
    },
  };
}

/** Somebody of a group of ours; an administrator's first deed makes a group ours. */
async function meetIn(
  { people, setup }: Options,
  from: User,
  chat: Chat,
): Promise<(Met & { readonly chatId: string }) | undefined> {
  const met = await people.inChat(from, chat);
  if (met) return met;
  const opened = await setup.adopt(from, chat);
  return opened && { ...(await people.inCommunity(from, opened.communityId, 'group')), chatId: opened.chatId };
}

function onTap(options: Options): Handler {
  return async ({ update }) => {
    const query = update.callback_query;
    const there = query && (await tapped(options, query));
    if (query && there) await options.taps(there.met, query, there.origin);
  };
}

async function tapped(options: Options, query: CallbackQuery): Promise<There | undefined> {
  const { from, message } = query;
  // A card sent into a chat that we are not in.
  if (!message) return undefined;
  const { chat } = message;
  const full = message.date === 0 ? undefined : message;
  const pressed = {
    message: message.message_id,
    ephemeral: full?.ephemeral_message_id,
    photo: full?.photo !== undefined,
  };
  if (chat.type === 'private') {
    const met = await options.people.inPrivate(from);
    return met && { met, origin: { group: null, queryId: query.id, pressed } };
  }
  const met = await meetIn(options, from, chat);
  if (!met) return undefined;
  const target = { chat: String(chat.id), topic: topicOf(full) };
  const group = { ...target, chatId: await options.topics.find(met.chatId, target) };
  return { met, origin: { group, queryId: query.id, pressed } };
}

const topicOf = (message: TelegramMessage | undefined): number | undefined =>
  message?.is_topic_message ? message.message_thread_id : undefined;

function onMessage(options: Options): Handler {
  const { setup, payments } = options;
  return async ({ update, cardNumber }) => {
    const { message } = update;
    if (!message) return;
    const { chat, from, migrate_to_chat_id: to, migrate_from_chat_id: old } = message;
    if (to !== undefined) return setup.moved(String(chat.id), String(to));
    if (old !== undefined) return setup.moved(String(old), String(chat.id));
    if (message.successful_payment) return payments.onSuccessfulPayment(message);
    if (message.refunded_payment) return payments.onRefunded(message);
    if (message.sender_chat) return anonymous(options, message);
    if (!from || from.is_bot || message.via_bot) return;
    if (chat.type === 'private') return inPrivate(options, { message, from, cardNumber });
    await inGroup(options, { message, from });
  };
}

const PLACING: ReadonlySet<string> = new Set(['sell', 'index']);

const saidIn = ({ text, caption = '' }: TelegramMessage): string => text ?? caption;

async function inGroup(options: Options, { message, from }: { message: TelegramMessage; from: User }): Promise<void> {
  const called = commandOf(saidIn(message), options.username);
  const command = called && options.commands.get(called.name);
  if (!called || !command) return;
  const met = await meetIn(options, from, message.chat);
  if (!met) return;
  const target = { chat: String(message.chat.id), topic: topicOf(message) };
  // What is placed in a topic makes it a chat of the market; whatever else is said there does not.
  const { topics } = options;
  const chatId = PLACING.has(called.name)
    ? await topics.learn(met.chatId, target, message)
    : await topics.find(met.chatId, target);
  const group = { ...target, chatId };
  const answering = { message: message.message_id, ephemeral: message.ephemeral_message_id };
  await command(met, { group, command: answering, update: updateOf(message) }, called.rest);
}

/** An administrator who writes in the name of the group is nobody that we could sell to or buy from. */
async function anonymous({ messenger, people, commands, username }: Options, message: TelegramMessage): Promise<void> {
  const called = commandOf(saidIn(message), username);
  const isOfGroup = message.sender_chat?.id === message.chat.id;
  if (!isOfGroup || !called || !commands.has(called.name)) return;
  const { t, fmt } = people.wordsFor({});
  const screen = compose([{ text: t('bot.anonymous') }], { photo: null, keyboard: [], dir: fmt.dir });
  const reply = message.message_id === 0 ? undefined : { message_id: message.message_id };
  const place = { topic: topicOf(message), reply, quiet: true };
  try {
    await messenger.send(String(message.chat.id), screen, place);
  } catch (error) {
    troubleOf(error, 'send');
  }
}

/** Names the wish that a message is, the same when it comes again. */
const updateOf = (message: TelegramMessage) => ({
  name: (message.ephemeral_message_id === undefined
    ? `m${message.chat.id}_${message.message_id}`
    : // The number of an ephemeral message is given to another one after a while.
      `e${message.chat.id}_${message.ephemeral_message_id}_${message.date.toString(36)}`
  ).slice(0, 32),
  fileId: message.photo?.at(-1)?.file_id ?? null,
  mentioned: mentionedIn(message),
  repliedTo: repliedToBy(message),
});

type Said = { readonly message: TelegramMessage; readonly from: User; readonly cardNumber: boolean };

async function inPrivate(options: Options, { message, from, cardNumber }: Said): Promise<void> {
  const { people, panels, forms, username, commands, keys, messenger } = options;
  const met = (await byProductLink(options, message, from)) ?? (await people.inPrivate(from));
  if (!met) return welcome(options, from);
  const origin: Origin = { group: null, update: updateOf(message) };
  if (cardNumber) {
    // It was dropped before it was kept; in the chat it stands until somebody takes it away.
    await messenger.remove({ chat: String(met.userId), message: message.message_id });
    return panels.refuse(met, { code: 'card_number_typed' }, origin);
  }
  const text = saidIn(message);
  const key = keys.commandOf(text);
  const called = key === undefined ? commandOf(text, username) : { name: key, rest: '' };
  const command = called && commands.get(called.name);
  if (called && command) return command(met, origin, called.rest);
  const by = { personId: met.personId, key: `m:${message.message_id}` };
  const fileId = message.photo?.at(-1)?.file_id;
  const taken = fileId === undefined ? await forms.text(by, text) : await forms.photo(by, fileId);
  if (taken) return;
  const forwarded = claimOfForwarded(message, username);
  if (forwarded) return options.verify.judge(met, origin, forwarded);
  await panels.show(met, { name: 'home' }, origin);
}

/** A product's link leads into its market, whoever follows it. */
async function byProductLink(
  { people, store, username }: Options,
  message: TelegramMessage,
  from: User,
): Promise<Met | undefined> {
  const called = commandOf(saidIn(message), username);
  const productId = called?.name === 'start' ? productIn(called.rest) : undefined;
  const product = productId === undefined ? undefined : await productOf(store, productId);
  return product && people.inCommunity(from, product.communityId, 'private');
}

/** Somebody who is in no market yet: how one comes to be. */
async function welcome({ people, messenger, username }: Options, from: User): Promise<void> {
  const { t, fmt } = people.wordsFor(from);
  const runs = [
    { text: plain(t('bot.welcome.title'), fmt.dir), mark: 'b' } as const,
    { text: `\n\n${plain(t('bot.welcome.text'), fmt.dir)}` },
  ];
  const button = { text: t('bot.welcome.add'), url: `https://t.me/${username}?startgroup=market` };
  try {
    await messenger.send(String(from.id), compose(runs, { photo: null, keyboard: [[button]], dir: fmt.dir }));
  } catch (error) {
    // Gone again, or a word too many for Telegram: whoever still wants something writes again.
    troubleOf(error, 'send');
  }
}
