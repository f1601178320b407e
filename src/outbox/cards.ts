/** Cards in chats: the first post of a listing, and the redrawing of all copies of a product. */
import type { Message } from '../ports/messages.ts';
import type { Chat, Community } from '../ports/store/people.ts';
import type { Listing, Product } from '../ports/store/catalog.ts';
import type { Repost } from '../ports/store/selling.ts';
import type { ClaimedRow } from '../ports/store/events.ts';
import type { Tx } from '../ports/store.ts';
import { movedCard } from '../view/card.ts';
import { draw } from '../view/draw.ts';
import type { View } from '../view/view.ts';
import { type Courier, handOver } from './courier.ts';
import { refreshSoon } from './index-card.ts';
import { afterSend, mayRepeat, type Verdict, type Writes } from './verdict.ts';

/** A product that changes faster than its cards can be drawn is left to the message that its last change wrote. */
const ROUNDS_MAX = 3;
/** Copies of one product that are edited at a time. */
const SIDE_BY_SIDE = 4;

const NOTHING_TO_POST: Verdict = { kind: 'sent', reason: 'nothing to post' };

export async function postListing(at: Courier, row: ClaimedRow, listingId: string): Promise<Verdict> {
  const found = await at.store.read(async (reads) => {
    const listing = await reads.catalog.listing(listingId);
    const product = listing && (await reads.catalog.product(listing.productId));
    const chat = listing && (await reads.people.chat(listing.chatId));
    const community = product && (await reads.people.community(product.communityId));
    return listing && product && chat && community ? { listing, product, chat, community } : undefined;
  });
  if (!found || found.listing.state === 'live' || found.listing.state === 'removed') return NOTHING_TO_POST;
  const { listing, product, chat, community } = found;
  const platform = at.platforms.get(chat.platform);
  if (!platform) return notHere(chat.platform);
  const keyed = platform.can.keyed ?? false;
  const unknown: Verdict = { kind: 'unknown', writes: askSeller(at, row, { listing, product }) };
  if (row.abandoned && !mayRepeat(row.message.name, keyed)) return unknown;

  const card = await drawCard(at, listing.id, community);
  if (!card) return NOTHING_TO_POST;
  const repost = await at.store.read((reads) => reads.selling.repost(listing.id));
  const waits = repost ? await greyOld(at, row, { repost, chat, community }) : undefined;
  if (waits) return waits;
  const key = repost ? `${cardKey(listing.id)}:${repost.times}` : cardKey(listing.id);
  const sent = await handOver(at, platform, () => platform.post({ chat, key, ...card }));
  if (sent.outcome === 'sent') return { kind: 'sent', writes: standsThere(at, row, { listing, product }, sent.ref) };
  const verdict = afterSend(row, sent, keyed);
  if (verdict.kind === 'unknown') return unknown;
  if (verdict.kind !== 'dead') return verdict;
  return { ...verdict, writes: (tx) => tx.catalog.updateListing(listing.id, { state: 'removed' }) };
}

type Reposted = { readonly repost: Repost; readonly chat: Chat; readonly community: Community };

/** Before the new card appears the old one is none any more. Answers what keeps it from that; one that is gone needs nothing. */
async function greyOld(
  at: Courier,
  row: ClaimedRow,
  { repost, chat, community }: Reposted,
): Promise<Verdict | undefined> {
  const { listingId, oldRef: ref } = repost;
  const platform = at.platforms.get(chat.platform);
  const message = { name: 'card', listingId } as const;
  const loaded = ref === null ? undefined : await at.core.load(message, null);
  if (ref === null || !platform || !loaded?.ok) return undefined;
  const { locale, timeZone } = community;
  const view = movedCard(loaded.value, at.words(locale, timeZone));
  const key = cardKey(listingId);
  const sent = await handOver(at, platform, () => platform.edit({ chat, ref, key, locale, message, view }));
  if (sent.outcome !== 'sent' && sent.outcome !== 'gone') {
    // Nothing new was sent so far: it may all be done again.
    const verdict = afterSend(row, sent, true);
    return verdict.kind === 'dead' ? undefined : verdict;
  }
  await at.store.transact(null, async (tx) => {
    await tx.selling.endRepost(listingId);
    return null;
  });
  return undefined;
}

/** The copies that the last change has to reach. */
type Copy = { readonly listing: Listing; readonly ref: string; readonly chat: Chat };
type Copies = { readonly product: Product; readonly community: Community; readonly copies: readonly Copy[] };

/**
 * `drawn`: the version at which this process last drew a copy; a copy that shows the product as it is is left alone. `until`: the
 * instant after which no new round is begun.
 */
export async function refreshCards(
  at: Courier,
  row: ClaimedRow,
  productId: string,
  { drawn, until }: { drawn: Drawn; until: number },
): Promise<Verdict> {
  for (let round = 1; ; round++) {
    const found = await copiesOf(at, productId);
    if (!found) return { kind: 'sent', reason: 'nothing to redraw' };
    const { version } = found.product;
    const verdicts = await sideBySide(found.copies, async (copy) => {
      if (drawn.at(copy.listing.id) === version) return undefined;
      const verdict = await redraw(at, row, copy, found.community);
      if (verdict.kind === 'sent') drawn.note(copy.listing.id, version);
      return verdict;
    });
    const worst = worstOf(verdicts);
    if (worst) return worst;
    const now = await at.store.read((reads) => reads.catalog.product(productId));
    if (now?.version === version || round === ROUNDS_MAX || at.clock.now() > until) {
      const chats = new Set(found.copies.map(({ chat }) => chat.id));
      return { kind: 'sent', writes: follow(at, row, found.product, chats) };
    }
  }
}

/** What the redrawn cards of a product leave to do. */
function follow(at: Courier, row: ClaimedRow, { id, quickPay }: Product, chats: Iterable<string>): Writes {
  return async (tx) => {
    if (quickPay) await renewInvoices(at, row, id)(tx);
    await listsFollow(at, tx, row, chats);
  };
}

/** A list that names the product is drawn again, too. */
async function listsFollow(at: Courier, tx: Tx, row: ClaimedRow, chats: Iterable<string>): Promise<void> {
  for (const chatId of [...chats].toSorted()) await refreshSoon(at, tx, row, chatId);
}

/** What this process drew last. Only a saving: without it a card is drawn once more. */
export type Drawn = { at(listingId: string): number | undefined; note(listingId: string, version: number): void };

const DRAWN_MAX = 10_000;

export function rememberDrawn(): Drawn {
  const versions = new Map<string, number>();
  return {
    at: (listingId) => versions.get(listingId),
    note: (listingId, version) => {
      versions.delete(listingId);
      versions.set(listingId, version);
      if (versions.size <= DRAWN_MAX) return;
      for (const [oldest] of versions.entries().take(1)) versions.delete(oldest);
    },
  };
}

const copiesOf = (at: Courier, productId: string): Promise<Copies | undefined> =>
  at.store.read(async (reads) => {
    const product = await reads.catalog.product(productId);
    const community = product && (await reads.people.community(product.communityId));
    if (!product || !community) return undefined;
    const copies: Copy[] = [];
    for (const listing of await reads.catalog.listings(productId)) {
      const { messageRef: ref, state } = listing;
      const chat = ref !== null && state === 'live' ? await reads.people.chat(listing.chatId) : undefined;
      if (ref !== null && chat) copies.push({ listing, ref, chat });
    }
    return { product, community, copies };
  });

async function redraw(
  at: Courier,
  row: ClaimedRow,
  { listing, ref, chat }: Copy,
  community: Community,
): Promise<Verdict> {
  const platform = at.platforms.get(chat.platform);
  if (!platform) return notHere(chat.platform);
  const card = await drawCard(at, listing.id, community);
  if (!card) return { kind: 'sent' };
  const sent = await handOver(at, platform, () => platform.edit({ chat, ref, key: cardKey(listing.id), ...card }));
  if (sent.outcome === 'sent') {
    if (sent.ref !== ref) await move(at, listing.id, { state: 'live', messageRef: sent.ref });
    return { kind: 'sent' };
  }
  const verdict = afterSend(row, sent, platform.can.keyed ?? false);
  if (verdict.kind !== 'dead') return verdict;
  at.log.info({ listingId: listing.id, reason: verdict.reason }, 'a card is no longer there');
  await goneFrom(at, row, { listing, chat });
  return { kind: 'sent' };
}

/** Its seller is told, and may post it again; not where we were sent away altogether. */
async function goneFrom(
  at: Courier,
  row: ClaimedRow,
  { listing, chat }: { listing: Listing; chat: Chat },
): Promise<void> {
  await at.store.transact(null, async (tx) => {
    await tx.catalog.updateListing(listing.id, { state: 'removed' });
    const product = await tx.catalog.product(listing.productId);
    const isHere = (await tx.platforms.chatPlace(chat.id))?.present ?? true;
    if (!product || product.state === 'withdrawn' || !isHere) return null;
    await tellSellers(at, tx, row, { product, kind: 'card_gone', about: listing.id });
    return null;
  });
}

async function tellSellers(
  at: Courier,
  tx: Tx,
  row: ClaimedRow,
  { product, kind, about }: { product: Product; kind: 'card_gone' | 'post_unknown'; about?: string },
): Promise<void> {
  for (const { personId, role } of await tx.people.shopStaff(product.shopId)) {
    if (role !== 'seller') continue;
    const notice = { name: 'notice', kind, objectId: product.id } as const;
    const message = { name: 'notice', personId, communityId: product.communityId, message: notice } as const;
    const whom = about === undefined ? personId : `${about}:${personId}`;
    await also(at, tx, row, { lane: `notices:${personId}`, message, for: whom });
  }
}

async function move(at: Courier, listingId: string, to: Parameters<Tx['catalog']['updateListing']>[1]): Promise<void> {
  await at.store.transact(null, async (tx) => {
    await tx.catalog.updateListing(listingId, to);
    return null;
  });
}

async function drawCard(
  { core, words }: Courier,
  listingId: string,
  { locale, timeZone }: Community,
): Promise<{ locale: string; message: Message<'card'>; view: View } | undefined> {
  const message = { name: 'card', listingId } as const;
  const loaded = await core.load(message, null);
  if (!loaded.ok) return undefined;
  return { locale, message, view: draw(message, loaded.value, words(locale, timeZone)) };
}

const cardKey = (listingId: string): string => `card:${listingId}`;

/** The one that keeps the message from being done: what is put off comes back as a whole, and a repeated edit does no harm. */
function worstOf(verdicts: readonly (Verdict | undefined)[]): Verdict | undefined {
  const put = verdicts.filter((one) => one !== undefined && one.kind !== 'sent');
  const failed = put.find((one) => one.kind === 'failed');
  if (failed) return failed;
  const waits = put.flatMap((one) => (one.kind === 'later' ? [one.afterMs] : []));
  return waits.length === 0 ? put[0] : { kind: 'later', afterMs: Math.max(...waits) };
}

async function sideBySide<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += SIDE_BY_SIDE) {
    results.push(...(await Promise.all(items.slice(from, from + SIDE_BY_SIDE).map(work))));
  }
  return results;
}

/** The product may have changed between drawing and now, when its cards were redrawn without this one. */
function standsThere(
  at: Courier,
  row: ClaimedRow,
  { listing, product }: { listing: Listing; product: Product },
  ref: string,
): Writes {
  return async (tx) => {
    await tx.catalog.updateListing(listing.id, { state: 'live', messageRef: ref });
    await listsFollow(at, tx, row, [listing.chatId]);
    const now = await tx.catalog.product(product.id);
    if (now?.quickPay) await renewInvoices(at, row, product.id)(tx);
    if (!now || now.version === product.version) return;
    const message = { name: 'card.refresh', productId: product.id } as const;
    await also(at, tx, row, { lane: `product:${product.id}`, message, coalesce: 'card.refresh' });
  };
}

/** A card that carries invoices gets those that fit what it says now. */
function renewInvoices(at: Courier, row: ClaimedRow, productId: string): Writes {
  const message = { name: 'card.invoices', productId } as const;
  return (tx) => also(at, tx, row, { lane: `invoices:${productId}`, message, coalesce: 'card.invoices' });
}

/** "Did it appear?" Only people can see it now. */
function askSeller(at: Courier, row: ClaimedRow, { listing, product }: { listing: Listing; product: Product }): Writes {
  return async (tx) => {
    await tx.catalog.updateListing(listing.id, { state: 'unknown' });
    await tellSellers(at, tx, row, { product, kind: 'post_unknown' });
  };
}

/** One more message that follows from the row's own: named after it, so that it is written once. */
async function also(
  { clock }: Courier,
  tx: Tx,
  row: ClaimedRow,
  next: { lane: string; message: ClaimedRow['message']; coalesce?: string; for?: string },
): Promise<void> {
  const now = clock.now();
  const id = `${row.id}:${next.for ?? next.message.name}`;
  const { lane, message, coalesce } = next;
  await tx.outbox.send({ id, lane, message, dueAt: now, createdAt: now }, coalesce === undefined ? {} : { coalesce });
}

const notHere = (platform: string): Verdict => ({ kind: 'failed', error: `no platform ${platform} in this process` });
