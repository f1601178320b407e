/** What a change tells whom: rows for the outbox, written in the commit of the change. */
import type { Message } from '../ports/messages.ts';
import type { NoticeKind } from '../ports/notices.ts';
import type { OutboxMessage } from '../ports/outbox.ts';
import type { Tx } from '../ports/store.ts';
import type { Circumstances } from './deps.ts';

type When = Pick<Circumstances, 'deps' | 'now'>;

/** `lane`: one message of a lane is in flight at a time, in order. */
export async function send(tx: Tx, at: When, lane: string, message: OutboxMessage, coalesce?: string): Promise<void> {
  const row = { id: at.deps.ids.next(), lane, message, dueAt: at.now, createdAt: at.now };
  await tx.outbox.send(row, coalesce === undefined ? undefined : { coalesce });
}

/** Every card of the product shows its new state; many changes before the next draw cost one draw. */
export async function refreshCards(tx: Tx, at: When, productId: string): Promise<void> {
  await tx.catalog.bumpProduct(productId);
  await send(tx, at, `product:${productId}`, { name: 'card.refresh', productId }, 'card.refresh');
}

/** The person's panel of this name is drawn again where it stands. */
export async function refreshPanel(
  tx: Tx,
  at: When,
  to: { personId: string; communityId: string },
  message: Message,
  lane: string,
): Promise<void> {
  const { personId, communityId } = to;
  await send(tx, at, `${lane}:${personId}`, { name: 'panel.refresh', personId, communityId, message }, message.name);
}

/** One line of news in private. `objectId` is what it speaks of. */
export async function notify(
  tx: Tx,
  at: When,
  to: { personId: string; communityId: string },
  notice: { kind: NoticeKind; objectId: string | null; params?: Readonly<Record<string, string | number>> },
): Promise<void> {
  const { personId, communityId } = to;
  await send(tx, at, `notices:${personId}`, {
    name: 'notice',
    personId,
    communityId,
    message: { name: 'notice', ...notice },
  });
}

/** Everybody who works in the shop, or only its sellers. */
export async function notifyShop(
  tx: Tx,
  at: When,
  to: { shopId: string; communityId: string },
  notice: { kind: NoticeKind; objectId: string | null; params?: Readonly<Record<string, string | number>> },
  only?: 'seller',
): Promise<void> {
  for (const staff of await tx.people.shopStaff(to.shopId)) {
    if (only && staff.role !== only) continue;
    await notify(tx, at, { personId: staff.personId, communityId: to.communityId }, notice);
  }
}

export async function notifyStewards(
  tx: Tx,
  at: When,
  communityId: string,
  notice: { kind: NoticeKind; objectId: string | null; params?: Readonly<Record<string, string | number>> },
): Promise<void> {
  for (const steward of await tx.people.stewards(communityId)) {
    await notify(tx, at, { personId: steward.personId, communityId }, notice);
  }
}
