// A visitor of the web chat without a browser: cookies, pages, presses and forms by real HTTP.
import { randomUUID } from 'node:crypto';
import type {
  WireAction,
  WireBlock,
  WireBoot,
  WireInline,
  WireItem,
  WireMessage,
  WireReply,
  WireView,
} from '../../adapters/web/client/wire.ts';
import { BillPage, createBrowser, type Browser } from './browser.ts';

export type SeatWishes = {
  readonly role?: 'member' | 'seller' | 'helper' | 'admin' | 'owner';
  readonly locale?: string;
  readonly browser?: Browser;
};

export type FormValues = Readonly<Record<string, string | boolean | readonly string[]>>;

/** Which message: some words on it; its side is the title of a chat, or "private". */
export type Where = { readonly on?: string | RegExp; readonly side?: string };

export type Visitor = {
  readonly name: string;
  readonly personId: string;
  readonly seat: number;
  readonly browser: Browser;
  /** Everything this visitor sees now, oldest first; private messages have no chat. */
  messages(): Promise<readonly WireMessage[]>;
  /** The newest message with these words on it. Throws, with what there is, when there is none. */
  sees(words: string | RegExp, where?: Omit<Where, 'on'>): Promise<WireMessage>;
  seesNot(words: string | RegExp, where?: Omit<Where, 'on'>): Promise<void>;
  /** The text of the newest message that `where` names, as one string. */
  reads(where: Where): Promise<string>;
  /** Presses a button by its label; with values, fills in its form. Answers what is shown. Throws on a refusal. */
  press(label: string | RegExp, where?: Where, values?: FormValues): Promise<WireMessage | null>;
  /** The same, and gives the refusal's code; undefined when it was not refused. */
  pressRefused(label: string | RegExp, where?: Where, values?: FormValues): Promise<string | undefined>;
  say(chat: string, text: string): Promise<WireReply>;
  /** Follows a link of a message: the pay page. */
  openBill(where?: Where): Promise<BillPage>;
};

type Found = { readonly message: WireMessage; readonly action: WireAction };

export async function takeSeat(options: {
  url: string;
  name: string;
  wishes: SeatWishes;
  afterwards: (() => Promise<void>) | undefined;
}): Promise<Visitor> {
  const { url, name, wishes, afterwards = async () => {} } = options;
  const browser = wishes.browser ?? createBrowser(url);
  const form = { name, locale: wishes.locale ?? 'en', role: wishes.role ?? 'member' };
  const entered = await browser.post('/seats', new URLSearchParams(form));
  const seat = Number(/\/seat\/(\d+)$/.exec(entered.headers.get('location') ?? '')?.[1]);
  if (!Number.isInteger(seat)) throw new Error(`The front door answered ${entered.status}: ${await entered.text()}`);
  await afterwards();
  const open = async () => {
    const answer = await browser.get(`/seat/${seat}`);
    const html = await answer.text();
    const json = /<script type="application\/json" id="boot">([^<]*)<\/script>/.exec(html)?.[1];
    if (json === undefined) throw new Error(`Seat ${seat} answered ${answer.status} without a board.`);
    const dock = [...html.matchAll(/data-handle="([^"]+)" data-label="([^"]+)"/g)];
    return { boot: JSON.parse(json) as WireBoot, dock: dock.map(([, handle = '', label = '']) => ({ handle, label })) };
  };
  const { boot } = await open();
  const chatOf = (title: string) => {
    const chat = boot.chats.find((one) => one.title === title);
    if (!chat) throw new Error(`There is no chat ${title}: ${boot.chats.map((one) => one.title).join(', ')}.`);
    return chat.id;
  };
  const newestFirst = async (where: Where = {}) => {
    const { messages } = (await open()).boot;
    const { on, side } = where;
    const chatId = side === undefined ? undefined : side === 'private' ? null : chatOf(side);
    return messages
      .filter((message) => chatId === undefined || message.chatId === chatId)
      .filter((message) => on === undefined || matches(textOf(message), on))
      .toSorted((a, b) => b.seq - a.seq);
  };
  const find = async (label: string | RegExp, where: Where): Promise<Found> => {
    const candidates = await newestFirst(where);
    for (const message of candidates) {
      for (const action of actionsOf(message.view)) if (matches(action.label, label)) return { message, action };
    }
    const there = candidates.flatMap((message) => actionsOf(message.view).map((action) => action.label));
    throw new Error(`${name} finds no button ${String(label)}. There are: ${there.join(' | ') || 'none'}.`);
  };
  const send = async (label: string | RegExp, where: Where, values?: FormValues): Promise<WireReply> => {
    const { dock } = await open();
    const docked =
      where.on === undefined && where.side === undefined ? dock.find((one) => matches(one.label, label)) : undefined;
    const body = docked
      ? { handle: docked.handle, chatId: null, key: randomUUID() }
      : bodyOf(await find(label, where), values);
    const answer = await browser.json(`/seat/${seat}/press`, body);
    await afterwards();
    return answer as WireReply;
  };
  const visitor: Visitor = {
    name,
    personId: boot.me.id,
    seat,
    browser,
    messages: async () => (await open()).boot.messages,
    sees: async (words, where) => {
      const [found] = await newestFirst({ ...where, on: words });
      if (found) return found;
      const all = await newestFirst(where);
      throw new Error(`${name} does not see ${String(words)}. Newest: ${all.slice(0, 3).map(textOf).join('\n---\n')}`);
    },
    seesNot: async (words, where) => {
      const [found] = await newestFirst({ ...where, on: words });
      if (found) throw new Error(`${name} sees ${String(words)} on: ${textOf(found)}`);
    },
    reads: async (where) => {
      const [found] = await newestFirst(where);
      if (!found) throw new Error(`${name} sees nothing there.`);
      return textOf(found);
    },
    press: async (label, where = {}, values) => {
      const reply = await send(label, where, values);
      if (!reply.ok)
        throw new Error(`${name} pressed ${String(label)} and was refused: ${reply.fault.code}: ${reply.fault.text}`);
      return reply.message;
    },
    pressRefused: async (label, where = {}, values) => {
      const reply = await send(label, where, values);
      return reply.ok ? undefined : reply.fault.code;
    },
    say: async (chat, text) => {
      const answer = await browser.json(`/seat/${seat}/say`, { chatId: chatOf(chat), text, key: randomUUID() });
      await afterwards();
      return answer as WireReply;
    },
    openBill: async (where = { side: 'private' }) => {
      const { action } = await find(/^Pay |Confirm/, where);
      if (action.kind !== 'link') throw new Error(`${action.label} is no link.`);
      return BillPage.open(browser, action.url);
    },
  };
  return visitor;
}

function bodyOf({ message, action }: Found, values: FormValues | undefined): object {
  if (action.kind === 'link') throw new Error(`${action.label} is a link: open it.`);
  const at = { handle: action.handle, chatId: message.chatId };
  if (action.kind === 'press') return { ...at, key: randomUUID() };
  const drawn = Object.fromEntries(
    action.form.fields.flatMap((field): [string, FormValues[string]][] => {
      if (field.kind === 'check') return [[field.name, field.value === 'true' || field.value === 'yes']];
      if (field.kind === 'choice' && field.many) return [[field.name, field.value ? [field.value] : []]];
      return [[field.name, field.value ?? '']];
    }),
  );
  return { ...at, formId: randomUUID(), values: { ...drawn, ...values } };
}

function matches(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
}

export function actionsOf(view: WireView | null): readonly WireAction[] {
  if (!view) return [];
  const listed = view.body.flatMap((block) =>
    block.kind === 'list' ? block.items.flatMap((item) => item.actions) : [],
  );
  return [...view.actions.flat(), ...listed];
}

const inline = (text: readonly WireInline[]): string =>
  text.map((part) => (typeof part === 'string' ? part : 'bold' in part ? part.bold : part.code)).join('');

function textOf(message: Pick<WireMessage, 'text' | 'view'>): string {
  const { text, view } = message;
  if (!view) return text ?? '';
  return [view.title, view.badge?.text, ...view.body.map(blockText)]
    .filter((part) => part != null && part !== '')
    .join('\n');
}

function blockText(block: WireBlock): string {
  switch (block.kind) {
    case 'paragraph':
      return inline(block.text);
    case 'facts':
      return block.facts.map((fact) => `${fact.label}: ${inline(fact.value)}`).join('\n');
    case 'quote':
      return [
        ...block.rows.map((row) => [row.label, row.detail, row.amount].filter(Boolean).join(' ')),
        block.about ?? '',
      ].join('\n');
    case 'list':
      return block.items.map(itemText).join('\n');
    case 'progress':
      return `${block.label} ${block.done}/${block.of}`;
    case 'words':
      return block.text;
    case 'copy':
      return `${block.label}: ${block.text}`;
    default:
      return '';
  }
}

const itemText = (item: WireItem): string => [inline(item.text), item.detail].filter(Boolean).join(' ');
