/** Once a day, at an hour that its seller chose, a shop is told how it stands. Rows say when: a restart tells nothing twice. */
import { withAsciiDigits } from '../../domain/digits.ts';
import type { Message } from '../../ports/messages.ts';
import type { Tx } from '../../ports/store.ts';
import type { Shop } from '../../ports/store/people.ts';
import type { ShopDigest } from '../../ports/store/selling.ts';
import { audit } from '../audit.ts';
import { nextClock } from '../calendar.ts';
import { commit, won } from '../commit.ts';
import { type Deps, refuse, show, type UseCase } from '../deps.ts';
import { digestData, isNews, USUAL_MINUTE } from '../messages/digest.ts';
import { send } from '../tell.ts';
import { shopFor } from './catalog-access.ts';

/** A shop is told from its first evening on. */
export async function beginDigest(deps: Deps, { id, communityId }: Shop): Promise<void> {
  await commit(deps, null, async (tx) => {
    const community = await tx.people.community(communityId);
    const now = deps.clock.now();
    const dueAt = nextClock(now, USUAL_MINUTE, community?.timeZone ?? 'UTC');
    await tx.selling.insertDigest({ shopId: id, atMinute: USUAL_MINUTE, dueAt, toldAt: now });
    return null;
  });
}

/** Of an evening that was slept through one digest is left, which tells of all that it missed. */
export async function tellDigest(deps: Deps, { shopId }: ShopDigest): Promise<void> {
  await commit(deps, null, async (tx) => {
    const now = deps.clock.now();
    const digest = await tx.selling.digest(shopId);
    const shop = await tx.people.shop(shopId);
    const community = shop && (await tx.people.community(shop.communityId));
    if (!digest || digest.atMinute === null || digest.dueAt === null || digest.dueAt > now || !community) return null;
    const dueAt = nextClock(now, digest.atMinute, community.timeZone);
    won(await tx.selling.moveDigest(digest, { ...digest, dueAt, toldAt: now }), `digest of shop ${shopId}`);
    if (shop.state !== 'approved') return null;
    const span = { since: digest.toldAt, until: now };
    if (!isNews(await digestData(tx, shopId, span))) return null;
    const message: Message<'digest'> = { name: 'digest', shopId, ...span };
    for (const { personId, role } of await tx.people.shopStaff(shopId)) {
      if (role !== 'seller') continue;
      const to = { personId, communityId: community.id };
      await send(tx, { deps, now }, `notices:${personId}`, { name: 'notice', ...to, message });
    }
    return null;
  });
}

/** "20:00", "8.30", "20" in digits of any script; nothing turns it off. */
function minuteOf(typed: string): number | null | undefined {
  const text = withAsciiDigits(typed).trim();
  if (text === '') return null;
  const [, hours, minutes = '0'] = /^(\d{1,2})(?:[:.h：](\d{2}))?$/u.exec(text) ?? [];
  if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return Number(hours) * 60 + Number(minutes);
}

export const setDigest: UseCase<'set_digest'> = async (tx, at, { shopId, time }) => {
  const shop = await shopFor(tx, at, shopId, 'shop.export');
  if (!shop.ok) return shop;
  const atMinute = minuteOf(time);
  if (atMinute === undefined) return refuse('time_invalid', { field: 'time' });
  const standing = await tx.selling.digest(shopId);
  const dueAt = atMinute === null ? null : nextClock(at.now, atMinute, at.community.timeZone);
  // What was told stays told; what happened while nothing was told is old news.
  const toldAt = standing && standing.dueAt !== null ? standing.toldAt : at.now;
  if (standing) won(await tx.selling.moveDigest(standing, { atMinute, dueAt, toldAt }), `digest of shop ${shopId}`);
  else won(await tx.selling.insertDigest({ shopId, atMinute, dueAt, toldAt }), `digest of shop ${shopId}`);
  await audit(tx, at, 'shop.digest', shopId, { atMinute });
  return show({ name: 'shop', shopId });
};

/** The hour stays the same on the wall when the market moves to another zone. */
export async function moveDigests(tx: Tx, community: { id: string; timeZone: string }, now: number): Promise<void> {
  for (const { id } of await tx.people.shops(community.id)) {
    const digest = await tx.selling.digest(id);
    if (!digest || digest.atMinute === null) continue;
    const dueAt = nextClock(now, digest.atMinute, community.timeZone);
    won(await tx.selling.moveDigest(digest, { ...digest, dueAt }), `digest of shop ${id}`);
  }
}
