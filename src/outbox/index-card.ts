/** The list of what is on sale in a chat: posted once, pinned where we may, and edited as its products change. */
import type { Message } from '../ports/messages.ts';
import type { ClaimedRow } from '../ports/store/events.ts';
import type { Tx } from '../ports/store.ts';
import { draw } from '../view/draw.ts';
import type { View } from '../view/view.ts';
import { type Courier, handOver, inTime } from './courier.ts';
import { afterSend, mayRepeat, type Verdict } from './verdict.ts';

/** Changes of this long are one edit: a list of thirty products would else be drawn at every purchase. */
const GATHER_MS = 5_000;

const NOTHING: Verdict = { kind: 'sent', reason: 'nothing to draw' };

async function find(at: Courier, chatId: string) {
  const found = await at.store.read(async (reads) => {
    const index = await reads.selling.index(chatId);
    const chat = index && (await reads.people.chat(chatId));
    const community = chat && (await reads.people.community(chat.communityId));
    return index && chat && community ? { index, chat, community } : undefined;
  });
  const message: Message<'index'> = { name: 'index', chatId };
  const loaded = found && (await at.core.load(message, null));
  if (!found || !loaded?.ok) return undefined;
  const { locale, timeZone } = found.community;
  return { ...found, shown: { locale, message, view: draw(message, loaded.value, at.words(locale, timeZone)) } };
}

const keyOf = (chatId: string): string => `index:${chatId}`;

export async function postIndex(at: Courier, row: ClaimedRow, chatId: string): Promise<Verdict> {
  const found = await find(at, chatId);
  if (!found || found.index.state !== 'posting') return NOTHING;
  const { chat, shown } = found;
  const platform = at.platforms.get(chat.platform);
  if (!platform) return notHere(chat.platform);
  const keyed = platform.can.keyed ?? false;
  const unknown: Verdict = { kind: 'unknown', writes: (tx) => tx.selling.updateIndex(chatId, { state: 'unknown' }) };
  if (row.abandoned && !mayRepeat(row.message.name, keyed)) return unknown;
  const sent = await handOver(at, platform, () => platform.post({ chat, key: keyOf(chatId), ...shown }));
  if (sent.outcome === 'sent') {
    const { ref } = sent;
    await pin(at, () => platform.pin?.({ chat, ref }));
    const writes = async (tx: Tx) => {
      await tx.selling.updateIndex(chatId, { state: 'live', messageRef: ref });
      // What changed while it was on its way.
      await refreshSoon(at, tx, row, chatId);
    };
    return { kind: 'sent', writes };
  }
  const verdict = afterSend(row, sent, keyed);
  if (verdict.kind === 'unknown') return unknown;
  if (verdict.kind !== 'dead') return verdict;
  return { ...verdict, writes: (tx) => tx.selling.updateIndex(chatId, { state: 'removed' }) };
}

/** Where it may not be pinned it stands all the same. */
async function pin({ log }: Courier, call: () => Promise<void> | undefined): Promise<void> {
  try {
    await inTime(Promise.resolve(call()));
  } catch (error) {
    log.info({ err: error }, 'a list of what is on sale could not be pinned');
  }
}

/** What each list looked like when this process drew it last. Only a saving: without it one is edited once more. */
export type Looks = Map<string, string>;

export async function refreshIndex(at: Courier, row: ClaimedRow, chatId: string, looks: Looks): Promise<Verdict> {
  const found = await find(at, chatId);
  const ref = found?.index.state === 'live' ? found.index.messageRef : null;
  if (!found || ref === null) return NOTHING;
  const { chat, shown } = found;
  const look = lookOf(shown.view);
  if (looks.get(chatId) === look) return { kind: 'sent', reason: 'it looks like this already' };
  const platform = at.platforms.get(chat.platform);
  if (!platform) return notHere(chat.platform);
  const sent = await handOver(at, platform, () => platform.edit({ chat, ref, key: keyOf(chatId), ...shown }));
  if (sent.outcome === 'sent') {
    looks.set(chatId, look);
    if (sent.ref === ref) return { kind: 'sent' };
    return { kind: 'sent', writes: (tx) => tx.selling.updateIndex(chatId, { messageRef: sent.ref }) };
  }
  const verdict = afterSend(row, sent, platform.can.keyed ?? false);
  if (verdict.kind !== 'dead') return verdict;
  at.log.info({ chatId, reason: verdict.reason }, 'a list of what is on sale is no longer there');
  return { kind: 'sent', writes: (tx) => tx.selling.updateIndex(chatId, { state: 'removed' }) };
}

const lookOf = (view: View): string => JSON.stringify(view);

/** Called in the commit that ends another message of the outbox; many of these are one edit. */
export async function refreshSoon({ clock }: Courier, tx: Tx, row: ClaimedRow, chatId: string): Promise<void> {
  const index = await tx.selling.index(chatId);
  if (index?.state !== 'live') return;
  const now = clock.now();
  const message = { name: 'index.refresh', chatId } as const;
  const next = { id: `${row.id}:${chatId}`, lane: keyOf(chatId), message, dueAt: now + GATHER_MS, createdAt: now };
  await tx.outbox.send(next, { coalesce: 'index.refresh' });
}

const notHere = (platform: string): Verdict => ({ kind: 'failed', error: `no platform ${platform} in this process` });
