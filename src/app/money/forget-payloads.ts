/** What a payment service told us names people: it is kept as long as somebody may have to look, and no longer. */
import { SETTLED_EVENTS } from '../../ports/store/events.ts';
import { commit } from '../commit.ts';
import type { Deps } from '../deps.ts';

const KEEP_MS = 30 * 24 * 60 * 60 * 1000;
const PAGE = 50;
const settled: ReadonlySet<string> = new Set(SETTLED_EVENTS);

/** How far this process has looked: what must be kept longer is passed by, and met again from the start. */
const looked = new WeakMap<Deps['store'], string>();

/** One page, the oldest first: payloads of events that are settled are dropped; the facts and their digests stay. */
export async function forgetPayloads(deps: Deps): Promise<void> {
  const before = deps.clock.now() - KEEP_MS;
  const after = looked.get(deps.store) ?? '';
  const page = await deps.store.read((reads) => reads.inbox.keptPayloads(after, PAGE));
  const last = page.at(-1);
  looked.set(deps.store, page.length < PAGE || !last || last.receivedAt >= before ? '' : last.id);
  const ripe = page.filter(({ receivedAt, state }) => receivedAt < before && settled.has(state));
  if (ripe.length === 0) return;
  await commit(deps, null, async (tx) => {
    for (const { id } of ripe) await tx.inbox.dropPayload(id);
    return null;
  });
}
