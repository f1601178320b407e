/** A seller in a chat of others whose goods can be paid in cash alone is told once what would bring cards. */
import type { ProductKind } from '../../domain/product.ts';
import { isOurOwn } from '../../domain/platform-rules.ts';
import type { Tx } from '../../ports/store.ts';
import { audit } from '../audit.ts';
import type { Circumstances } from '../deps.ts';
import { collectsFor } from '../money/collecting.ts';
import { channelObjection, isOnline, isOpenTo } from '../money/ways.ts';
import { notify } from '../tell.ts';
import type { PriceList } from './product-form.ts';

const DEED = 'shop.told_of_cards';

type Posted = {
  readonly productId: string;
  readonly shopId: string;
  readonly kind: ProductKind;
  readonly prices: PriceList;
  readonly chatIds: readonly string[];
};

export async function hintAtCards(tx: Tx, at: Circumstances, posted: Posted): Promise<void> {
  const { productId, shopId, kind, prices, chatIds } = posted;
  const { channels } = at.deps;
  const { id: communityId, currency } = at.community;
  const total = prices[currency] ?? 0;
  // Digital goods have a money of their own there, or were not posted.
  if (kind === 'digital' || total === 0) return;
  const platforms = new Set<string>();
  for (const chatId of chatIds) {
    const platform = (await tx.people.chat(chatId))?.platform;
    if (platform !== undefined && !isOurOwn(platform)) platforms.add(platform);
  }
  if (platforms.size === 0) return;
  const accounts = await tx.people.merchantAccounts(shopId);
  const marketCollects = await collectsFor(tx, channels, shopId);
  const bill = { currency, total, kinds: new Set([kind]), platforms: [...platforms], marketCollects };
  const online = [...channels.values()].some(
    (one) => isOnline(one) && isOpenTo(accounts, one) && channelObjection(one, bill) === undefined,
  );
  if (online || (await tx.audit.auditOf(shopId)).some((one) => one.deed === DEED)) return;
  await audit(tx, at, DEED, shopId);
  await notify(tx, at, { personId: at.actor.personId, communityId }, { kind: 'cash_only', objectId: productId });
}
