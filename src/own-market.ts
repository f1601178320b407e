/** How a new market that is no demo gets its owner: by a link that is printed at the start, works once and for a quarter of an hour. */
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { WebAdapter } from '../adapters/web/index.ts';
import type { Deps } from './app/deps.ts';
import type { Core } from './ports/core.ts';

const VALID_MS = 15 * 60_000;
const PURPOSE = 'owner-link';

const sealed = z.strictObject({ communityId: z.string(), until: z.int() });

export type Ownership = {
  /** The link to print; undefined when the market has an owner. */
  link(): Promise<string | undefined>;
  /** Whether the link may still be used. */
  open(token: string): Promise<boolean>;
  /** Makes whoever holds the link the owner, with a seat; answers where that is. Undefined when the link is over. */
  claim(
    token: string,
    who: { name: string; locale: string },
    request: Request,
    response: Response,
  ): Promise<string | undefined>;
};

type Parts = {
  readonly deps: Deps;
  readonly core: Core;
  readonly web: Pick<WebAdapter, 'seat'>;
  readonly communityId: string;
};

export function createOwnership({ deps, core, web, communityId }: Parts): Ownership {
  const { store, vault, clock, ids } = deps;
  const owned = () =>
    store.read(async (reads) => (await reads.people.stewards(communityId)).some(({ role }) => role === 'owner'));
  const open = async (token: string) =>
    isValid(unseal(deps, token), { communityId, now: clock.now() }) && !(await owned());
  return {
    open,
    link: async () => {
      if (await owned()) return undefined;
      const token = vault.seal(PURPOSE, JSON.stringify({ communityId, until: clock.now() + VALID_MS }));
      return `${deps.settings.publicUrl}/own/${token}`;
    },
    claim: async (token, { name, locale }, request, response) => {
      if (!(await open(token))) return undefined;
      const arrival = { platform: 'web', platformUserId: ids.token(), communityId, name, locale };
      const { personId } = await core.arrive(arrival);
      // Two who come at once meet at the key: the second gets the answer of the first, which is not their name.
      const owner = await store.transact({ key: `owner:${communityId}`, input: null }, async (tx) => {
        const at = clock.now();
        await tx.people.putMember(communityId, personId, 'owner', at);
        await tx.audit.audit({
          id: ids.next(),
          at,
          communityId,
          actorId: personId,
          deed: 'community.own',
          objectId: communityId,
          params: {},
        });
        return personId;
      });
      return owner === personId ? web.seat(request, response, personId) : undefined;
    },
  };
}

function unseal({ vault }: Deps, token: string): unknown {
  try {
    return JSON.parse(vault.open(PURPOSE, token)) as unknown;
  } catch {
    return undefined;
  }
}

function isValid(opened: unknown, at: { communityId: string; now: number }): boolean {
  const link = sealed.safeParse(opened);
  return link.success && link.data.communityId === at.communityId && link.data.until > at.now;
}
