/** What reached nobody where it lasts is kept for them, and the cards of what they bought say that something waits. */
import type { PersonalMessage } from '../ports/outbox.ts';
import type { Tx } from '../ports/store.ts';
import type { ClaimedRow } from '../ports/store/events.ts';
import type { Courier } from './courier.ts';
import type { Writes } from './verdict.ts';

/** Of one person; the oldest are in their lists anyway. */
const KEPT_MAX = 50;

type Kept = { readonly message: PersonalMessage; readonly key: string; readonly platforms: readonly string[] };

export function keepFor({ clock }: Courier, row: ClaimedRow, { message, key, platforms }: Kept): Writes {
  return async (tx) => {
    const { personId } = message;
    const at = clock.now();
    for (const platform of platforms) {
      await tx.platforms.keepNews({ platform, personId, key, message, at });
      const all = await tx.platforms.keptNews(platform, personId, KEPT_MAX + 1);
      const [oldest] = all;
      if (all.length > KEPT_MAX && oldest) await tx.platforms.dropNews(platform, personId, oldest.key);
      if (message.message.name === 'order') await claim(tx, row, { platform, orderId: message.message.orderId, at });
    }
  };
}

/** Only what was paid is claimed: a bill that waits is found where it was asked for. */
async function claim(
  tx: Tx,
  row: ClaimedRow,
  { platform, orderId, at }: { platform: string; orderId: string; at: number },
): Promise<void> {
  const order = await tx.orders.order(orderId);
  if (!order || order.paidAt === null) return;
  const products = new Set((await tx.orders.lines(orderId)).map(({ productId }) => productId));
  for (const productId of [...products].toSorted()) {
    const isNew = await tx.platforms.putClaim({ platform, productId, orderId, personId: order.buyerId });
    if (!isNew) continue;
    await tx.catalog.bumpProduct(productId);
    const id = `${row.id}:${platform}:${productId}`;
    const card = { name: 'card.refresh', productId } as const;
    const next = { id, lane: `product:${productId}`, message: card, dueAt: at, createdAt: at };
    await tx.outbox.send(next, { coalesce: 'card.refresh' });
  }
}
