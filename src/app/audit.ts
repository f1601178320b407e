/** Who did what to whom: ids, numbers and codes only, never names or free text. */
import type { Tx } from '../ports/store.ts';
import type { Json } from '../ports/runtime.ts';
import type { Circumstances } from './deps.ts';

export async function audit(
  tx: Tx,
  at: Circumstances,
  deed: string,
  objectId: string,
  params: Readonly<Record<string, Json>> = {},
): Promise<void> {
  const { deps, now, community, actor } = at;
  await tx.audit.audit({
    id: deps.ids.next(),
    at: now,
    communityId: community.id,
    actorId: actor.personId,
    deed,
    objectId,
    params,
  });
}
