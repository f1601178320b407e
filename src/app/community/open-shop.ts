/** What makes a shop able to sell: its seller, and an account of its own at every payment channel that is enabled. */
import type { PaymentChannel } from '../../ports/payment-channel.ts';
import type { Tx } from '../../ports/store.ts';
import type { MerchantAccount } from '../../ports/store/people.ts';
import { won } from '../commit.ts';
import type { Circumstances } from '../deps.ts';

export async function openShop(
  tx: Tx,
  at: Pick<Circumstances, 'deps' | 'now'>,
  shop: { id: string; ownerId: string },
): Promise<void> {
  await tx.people.putShopStaff(shop.id, shop.ownerId, 'seller', at.now);
  const accounts = await tx.people.merchantAccounts(shop.id);
  for (const channel of at.deps.channels.values()) {
    if (channel.capabilities.onboarding === true || accounts.some((one) => one.channel === channel.code)) continue;
    await openAccount(tx, at, shop.id, channel);
  }
}

/**
 * The shop's account at a channel. Where none has to be opened with anybody, a shop that is older than the channel gets its own with
 * the first bill.
 */
export async function accountFor(
  tx: Tx,
  at: Pick<Circumstances, 'deps' | 'now'>,
  shopId: string,
  channel: PaymentChannel,
): Promise<MerchantAccount | undefined> {
  const standing = (await tx.people.merchantAccounts(shopId)).find((one) => one.channel === channel.code);
  return standing ?? (channel.accountRef ? openAccount(tx, at, shopId, channel) : undefined);
}

async function openAccount(
  tx: Tx,
  at: Pick<Circumstances, 'deps' | 'now'>,
  shopId: string,
  channel: PaymentChannel,
): Promise<MerchantAccount> {
  const accountRef = channel.accountRef?.(shopId) ?? shopId;
  const account = { id: at.deps.ids.next(), shopId, channel: channel.code, accountRef, createdAt: at.now };
  won(await tx.people.insertMerchantAccount(account), `account of shop ${shopId} at ${channel.code}`);
  return account;
}
