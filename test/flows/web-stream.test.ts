import { describe, expect, test } from 'vitest';
import type { WireMessage } from '../../adapters/web/client/wire.ts';
import { startMarket } from '../support/market.ts';
import type { Visitor } from '../support/visitor.ts';

type Event = { readonly type: string; readonly id: string; readonly data: string };

/** Reads a stream as a browser does, until it has what it waits for; then the connection is cut. */
async function listen(
  visitor: Visitor,
  from: { after?: number; lastEventId?: string },
  until: (events: readonly Event[]) => boolean,
  meanwhile: () => Promise<unknown> = async () => {},
): Promise<Event[]> {
  const cut = new AbortController();
  const query = from.after === undefined ? '' : `?after=${from.after}`;
  const headers = {
    cookie: visitor.browser.cookies().join('; '),
    ...(from.lastEventId === undefined ? {} : { 'last-event-id': from.lastEventId }),
  };
  const answer = await fetch(`${visitor.browser.url}/seat/${visitor.seat}/events${query}`, {
    headers,
    signal: cut.signal,
  });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const events: Event[] = [];
  const acting = meanwhile();
  let text = '';
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    events.push(...parts.map(parse).filter((event) => event !== undefined));
    if (until(events)) break;
  }
  await acting;
  cut.abort();
  return events;
}

function parse(block: string): Event | undefined {
  const field = (name: string) => new RegExp(`^${name}:(.*)$`, 'm').exec(block)?.[1]?.trim();
  const data = field('data');
  return data === undefined ? undefined : { type: field('event') ?? 'message', id: field('id') ?? '', data };
}

const messagesOf = (events: readonly Event[]): WireMessage[] =>
  events.filter((event) => event.type === 'message').map((event) => JSON.parse(event.data) as WireMessage);

const says = (text: string) => (events: readonly Event[]) =>
  messagesOf(events).some((message) => message.text === text);

async function newestSeq(visitor: Visitor): Promise<number> {
  return Math.max(0, ...(await visitor.messages()).map((message) => message.seq));
}

describe('the live stream', () => {
  test('brings what is said, to everybody, as it is said', async () => {
    const market = await startMarket();
    const [mei, arif] = [await market.visitor('Mei'), await market.visitor('Arif')];
    const after = await newestSeq(arif);
    const events = await listen(arif, { after }, says('two'), async () => {
      await mei.say('Night Market', 'one');
      await mei.say('Bargain Corner', 'two');
    });
    expect(events[0]).toMatchObject({ type: 'ready', id: String(after) });
    const heard = messagesOf(events).filter((message) => message.text !== null);
    expect(heard.map((message) => [message.author?.name, message.text])).toEqual([
      ['Mei', 'one'],
      ['Mei', 'two'],
    ]);
  });

  test('goes on after a cut where it was, without a gap and without a repetition', async () => {
    const market = await startMarket();
    const [mei, arif] = [await market.visitor('Mei'), await market.visitor('Arif')];
    const after = await newestSeq(arif);
    const texts = Array.from({ length: 60 }, (_, at) => `text ${at}`);
    const heard: WireMessage[] = [];
    let last: string | undefined;
    // Cut nine times while the texts are being said, and three hundred rows of catching up between.
    for (let part = 0; part < 10; part++) {
      const mine = texts.slice(part * 6, part * 6 + 6);
      const goal = part % 2 === 0 ? (mine[2] ?? '') : (mine[5] ?? '');
      const from = last === undefined ? { after } : { lastEventId: last };
      const events = await listen(arif, from, says(goal), async () => {
        for (const text of mine) await mei.say('Night Market', text);
      });
      heard.push(...messagesOf(events));
      last = events.at(-1)?.id ?? last;
    }
    const rest = await listen(
      arif,
      { lastEventId: last ?? '' },
      (events) => events.length > 0,
      async () => {},
    );
    heard.push(...messagesOf(rest));
    expect(heard.filter((message) => message.text !== null).map((message) => message.text)).toEqual(texts);
    expect(new Set(heard.map((message) => message.seq)).size).toBe(heard.length);
  });

  test('catches up from the beginning in order when a browser has nothing', async () => {
    const market = await startMarket();
    const mei = await market.visitor('Mei');
    for (let at = 0; at < 130; at++) await mei.say('Bargain Corner', `line ${at}`);
    const events = await listen(mei, { after: 0 }, says('line 129'));
    const seqs = messagesOf(events).map((message) => message.seq);
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
    expect(new Set(seqs).size).toBe(seqs.length);
    expect(messagesOf(events).filter((message) => message.text?.startsWith('line'))).toHaveLength(130);
  });

  test('shows an edited card again, and nothing of anybody else’s private side', async () => {
    const market = await startMarket();
    const [mei, arif] = [await market.visitor('Mei'), await market.visitor('Arif')];
    const after = await newestSeq(arif);
    const isCard = (events: readonly Event[]) =>
      messagesOf(events).filter((message) => message.view?.title === 'Mango box').length >= 2;
    const events = await listen(arif, { after }, isCard, () =>
      mei.press('Buy', { on: 'Mango box', side: 'Night Market' }),
    );
    const seen = messagesOf(events);
    expect(seen.every((message) => message.chatId !== null)).toBe(true);
    const own = await listen(mei, { after }, (all) => messagesOf(all).some((message) => message.chatId === null));
    expect(messagesOf(own).some((message) => message.view?.title?.startsWith('Order'))).toBe(true);
  });

  test('ends when the seat is left', async () => {
    const market = await startMarket();
    const mei = await market.visitor('Mei');
    const after = await newestSeq(mei);
    const over = (events: readonly Event[]) => events.some((event) => event.type === 'over');
    const cookies = mei.browser.cookies().join('; ');
    const events = await listen(mei, { after }, over, () =>
      fetch(`${market.url}/seat/${mei.seat}/leave`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie: cookies, 'sec-fetch-site': 'same-origin' },
      }),
    );
    expect(events.at(-1)?.type).toBe('over');
  });

  test('of the oldest tab gives way when one seat opens too many', async () => {
    const market = await startMarket();
    const mei = await market.visitor('Mei');
    const cookie = mei.browser.cookies().join('; ');
    const open = () => fetch(`${market.url}/seat/${mei.seat}/events`, { headers: { cookie } });
    const first = await open();
    const others = [await open(), await open(), await open(), await open()];
    // Ends by itself; were it not closed, this would wait for ever.
    expect(await first.text()).toContain('event:ready');
    for (const answer of others) await answer.body?.cancel();
  });
});
