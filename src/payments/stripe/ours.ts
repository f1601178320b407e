/** Whose a thing at Stripe is: of a shop's own account, or, on the one account of the market, of the shop that it names. */
import type { MerchantAccount } from '../../ports/store/people.ts';
import { type Client, connectedAccount, trouble } from './client.ts';

type Mode = Pick<Client, 'livemode'>;

/** A shop's book on the market's own account. Test money and real money never stand in one book. */
export const marketAccountRef = ({ livemode }: Mode, shopId: string): string =>
  `${livemode ? 'live' : 'test'}:${shopId}`;

/** Throws `ChannelTrouble` for an account of the other mode: its money is not at this key. */
export function assertOurs(client: Mode, account: MerchantAccount): void {
  if (connectedAccount(account) !== undefined) return;
  if (account.accountRef === marketAccountRef(client, account.shopId)) return;
  throw trouble(`account ${account.id}`, 'belongs to the other mode of Stripe, or to no shop of ours', false);
}

/** On an account of its own everything is the shop's. */
export const belongsTo = (
  client: Mode,
  account: MerchantAccount,
  metadata: Readonly<Record<string, string>>,
): boolean =>
  connectedAccount(account) !== undefined || account.accountRef === marketAccountRef(client, metadata['shop_id'] ?? '');
