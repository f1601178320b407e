/**
 * Connected accounts: a shop sells on its own Stripe account, pays Stripe's fees, bears its own losses and has Stripe's whole Dashboard.
 * The platform never holds its money.
 */
import { z } from 'zod';
import type { AccountDesk, AccountWant, ChannelAccount } from '../../ports/channel-account.ts';
import type { Client } from './client.ts';
import { readList, readOne } from './read.ts';

const list = z
  .array(z.string())
  .nullish()
  .transform((own) => own ?? []);

export const accountShape = z.object({
  id: z.string().regex(/^acct_\w+$/),
  object: z.literal('account'),
  charges_enabled: z.boolean(),
  details_submitted: z.boolean(),
  metadata: z.record(z.string(), z.string()).default({}),
  requirements: z.object({ currently_due: list, past_due: list, disabled_reason: z.string().nullish() }).nullish(),
});
type Account = z.output<typeof accountShape>;

const linkShape = z.object({ object: z.literal('account_link'), url: z.url({ protocol: /^https?$/ }).max(5_000) });

export function createAccountDesk(client: Client): AccountDesk {
  const from = { client, account: null };
  return {
    async open({ shopId, shopName }) {
      const params = {
        business_profile: { name: shopName.slice(0, 100) },
        controller: {
          fees: { payer: 'account' },
          losses: { payments: 'stripe' },
          requirement_collection: 'stripe',
          stripe_dashboard: { type: 'full' },
        },
        metadata: { shop_id: shopId },
      } as const;
      const reply = await client.call(
        'opening an account',
        { account: null, key: `shop:${shopId}:account` },
        accountShape,
        (sdk, options) => sdk.accounts.create(params, options),
      );
      if (reply.kind === 'answered') return accountOf(reply.value);
      // An error that is remembered by its key: what it left behind is looked for, by the shop's name in it.
      if (reply.kind !== 'unclear' || !reply.replayed) return undefined;
      const isThis = (one: Account) => one.metadata['shop_id'] === shopId;
      const listed = await readList(
        from,
        'listing accounts',
        accountShape,
        (sdk, page, options) => sdk.accounts.list(page, options),
        isThis,
      );
      const found = listed === 'unknown' ? undefined : listed.find(isThis);
      return found && accountOf(found);
    },
    async link({ accountRef, returnUrl, refreshUrl }) {
      const params = {
        account: accountRef,
        type: 'account_onboarding',
        return_url: returnUrl,
        refresh_url: refreshUrl,
      } as const;
      const reply = await client.call('a link to an account', { account: null }, linkShape, (sdk, options) =>
        sdk.accountLinks.create(params, options),
      );
      return reply.kind === 'answered' ? reply.value.url : undefined;
    },
    async retrieve(accountRef) {
      const found = await readOne(from, 'reading an account', accountShape, (sdk, options) =>
        sdk.accounts.retrieve(accountRef, {}, options),
      );
      return typeof found === 'string' ? undefined : accountOf(found);
    },
  };
}

/** Only an account that may charge sells. What Stripe checks by itself is pending; what it wants from the seller restricts. */
export function accountOf({
  id,
  charges_enabled: charges,
  details_submitted: submitted,
  requirements,
}: Account): ChannelAccount {
  const wants = [...new Set([...(requirements?.past_due ?? []), ...(requirements?.currently_due ?? [])].map(wantOf))];
  const state = charges ? 'active' : submitted && wants.length > 0 ? 'restricted' : 'pending';
  return { accountRef: id, state, wants };
}

function wantOf(requirement: string): AccountWant {
  if (requirement.startsWith('external_account')) return 'bank_account';
  if (requirement.startsWith('tos_acceptance')) return 'terms';
  if (requirement.includes('document')) return 'identity_document';
  if (/^(?:individual|person_|representative|owners|directors|executives)/.test(requirement)) return 'personal_details';
  return /^(?:business|company)/.test(requirement) ? 'business_details' : 'other';
}
