/** What makes a shop able to sell: its seller, and an account of its own at every payment channel that is enabled. */
import type { PaymentChannel } from '../../ports/payment-channel.ts';
import type { Tx } from '../../ports/store.ts';
import type { Circumstances } from '../deps.ts';

export async function openShop(
  tx: Tx,
  at: Pick<Circumstances, 'deps' | 'now'>,
  shop: { id: string; ownerId: string },
): Promise<void> {
  await tx.people.putShopStaff(shop.id, shop.ownerId, 'seller', at.now);
  for (const channel of at.deps.channels.values()) await openAccount(tx, at, shop.id, channel);
}

/** A shop that begins to sell on a platform gets its books at that platform's own ways to pay, when it has none yet. */
export async function openNativeAccounts(
  tx: Tx,
  at: Pick<Circumstances, 'deps' | 'now'>,
  shopId: string,
  platform: string | undefined,
): Promise<void> {
  const native = [...at.deps.channels.values()].filter(
    ({ capabilities }) => capabilities.nativeInvoice !== null && capabilities.nativeInvoice === platform,
  );
  if (native.length === 0) return;
  const accounts = await tx.people.merchantAccounts(shopId);
  for (const channel of native) {
    if (!accounts.some((one) => one.channel === channel.code)) await openAccount(tx, at, shopId, channel);
  }
}

async function openAccount(
  tx: Tx,
  at: Pick<Circumstances, 'deps' | 'now'>,
  shopId: string,
  channel: PaymentChannel,
): Promise<void> {
  const accountRef = channel.accountRef?.(shopId) ?? shopId;
  const id = at.deps.ids.next();
  await tx.people.insertMerchantAccount({ id, shopId, channel: channel.code, accountRef, createdAt: at.now });
}
