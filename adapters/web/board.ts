/** Messages as rows: put there, read from there, and turned into what travels to a browser. */
import type { Json } from '../../src/ports/runtime.ts';
import type { Reads } from '../../src/ports/store.ts';
import type { WebMessage } from '../../src/ports/store/web.ts';
import type { WireMessage, WireView } from './client/wire.ts';

/** Of each chat when a seat is opened; the stream brings what comes later. */
const CHAT_LATEST = 120;
const PRIVATE_LATEST = 40;

export type BoardViewer = { readonly personId: string; readonly communityId: string };

export async function toWire(reads: Reads, messages: readonly WebMessage[]): Promise<readonly WireMessage[]> {
  const authors = [...new Set(messages.flatMap(({ authorId }) => (authorId === null ? [] : [authorId])))];
  const people = authors.length === 0 ? [] : await reads.people.people(authors);
  const names = new Map(people.map((person) => [person.id, person.name]));
  return messages.map((message) => ({
    id: message.id,
    seq: message.seq,
    key: message.key,
    chatId: 'chatId' in message.audience ? message.audience.chatId : null,
    author: message.authorId === null ? null : { id: message.authorId, name: names.get(message.authorId) ?? '' },
    text: message.text,
    view: viewOf(message.view),
    at: message.createdAt,
    editedAt: message.editedAt,
  }));
}

/** Only `render` makes what stands in the column. */
const viewOf = (stored: Json): WireView | null => stored as WireView | null;

/** What a seat shows when it is opened, and from where the stream goes on. */
export async function readBoard(
  reads: Reads,
  viewer: BoardViewer,
  chatIds: readonly string[],
): Promise<{ messages: readonly WireMessage[]; after: number }> {
  const audiences = [...chatIds.map((chatId) => ({ chatId })), viewer];
  // The seq first, then the messages: one committed between the two is shown now and comes again, which the browser notices. The
  // other way round it would be lost.
  let after = 0;
  for (const audience of audiences) {
    for (const newest of await reads.web.latest(audience, 1)) after = Math.max(after, newest.seq);
  }
  const found: WebMessage[] = [];
  for (const chatId of chatIds) found.push(...(await reads.web.latest({ chatId }, CHAT_LATEST)));
  const own = await reads.web.latest(viewer, PRIVATE_LATEST);
  found.push(...own.toSorted((a, b) => a.seq - b.seq));
  return { messages: await toWire(reads, found), after };
}
