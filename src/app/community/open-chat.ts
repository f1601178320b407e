import { cleanText } from '../../domain/text.ts';
import type { Arrival, ChatOpening, OpenedChat } from '../../ports/core.ts';
import type { Reads, Tx } from '../../ports/store.ts';
import type { Chat } from '../../ports/store/people.ts';
import type { Deps } from '../deps.ts';
import { makePerson } from './arrive.ts';
import { SHOP_NAME_MAX } from './apply-shop.ts';
import { isLocale } from './locale.ts';
import { openShop } from './open-shop.ts';

/** Minor units; above it a second person confirms cash. The stewards' business later. */
const CASH_CONFIRM_LIMIT = 50_000;

/**
 * A chat of a platform becomes a chat of ours. Whoever brought us there owns a new community, named like the chat and with a stall of
 * their own; somebody who owns a community already brings the chat to that one. Undefined while nobody who may decide stands behind it.
 */
export async function openChat(deps: Deps, opening: ChatOpening): Promise<OpenedChat | undefined> {
  const { platform, platformChatId, by } = opening;
  const known = await deps.store.read((reads) => reads.people.chatByPlatform(platform, platformChatId));
  if (known) return { chatId: known.id, communityId: known.communityId, opened: 'known' };
  if (!by) return undefined;
  const arrival = { ...by, platform };
  const personId =
    (await deps.store.read((reads) => reads.people.personByIdentity(platform, by.platformUserId))) ??
    (await makePerson(deps, arrival));
  // Two who come at once meet at the key, and the chat is opened once.
  const opened = await deps.store.transact({ key: `chat:${platform}:${platformChatId}`, input: null }, async (tx) => {
    const own = opening.communityId ?? (await ownCommunity(tx, personId));
    const communityId = own ?? (await found(deps, tx, { opening, personId, by: arrival }));
    const chat: Chat = { id: deps.ids.next(), communityId, platform, platformChatId, title: titleOf(opening) };
    await tx.people.insertChat(chat);
    await tx.platforms.visit(communityId, personId, deps.clock.now());
    return { chatId: chat.id, communityId, opened: own === undefined ? 'founded' : 'joined' } as const;
  });
  return opened;
}

/** The one they were in last, of those they own. */
async function ownCommunity(reads: Reads, personId: string): Promise<string | undefined> {
  for (const communityId of await reads.platforms.communitiesOf(personId)) {
    if ((await reads.people.role(communityId, personId)) === 'owner') return communityId;
  }
  return undefined;
}

type Founding = {
  readonly opening: ChatOpening;
  readonly personId: string;
  readonly by: Pick<Arrival, 'locale'>;
};

async function found(deps: Deps, tx: Tx, { opening, personId, by }: Founding): Promise<string> {
  const { ids, clock } = deps;
  const now = clock.now();
  const communityId = ids.next();
  const name = titleOf(opening);
  const { currency, timeZone, locale } = opening.usual;
  await tx.people.insertCommunity({
    ...{ id: communityId, name, currency, timeZone, createdAt: now },
    locale: isLocale(by.locale) ? by.locale : locale,
    testMoney: deps.settings.demo,
    cashConfirmLimit: CASH_CONFIRM_LIMIT,
    frozen: false,
  });
  await tx.people.putMember(communityId, personId, 'owner', now);
  const shop = { id: ids.next(), communityId, ownerId: personId, name };
  await tx.people.insertShop({ ...shop, state: 'approved', createdAt: now });
  await openShop(tx, { deps, now }, shop);
  const [id, actorId] = [ids.next(), personId];
  await tx.audit.audit({ id, at: now, communityId, actorId, deed: 'community.own', objectId: communityId, params: {} });
  return communityId;
}

function titleOf({ title }: Pick<ChatOpening, 'title'>): string {
  const limits = { maxGraphemes: SHOP_NAME_MAX, maxBytes: SHOP_NAME_MAX * 8, multiline: false };
  const cleaned = cleanText(title.slice(0, 400), limits);
  return cleaned.ok ? cleaned.value : 'Market';
}
