// Connected accounts: opened by the platform, filled in by their owner behind a link, watched by their state.
import type { z } from 'zod';
import { ApiFault, type Call, missing } from './fault.ts';
import type { FakeAccount } from './objects.ts';
import type { createAccount, createAccountLink } from './rules.ts';

const WANTED = ['business_type', 'external_account', 'individual.verification.document', 'tos_acceptance.date'];
const LINK_S = 5 * 60;

export function openAccount({ books }: Call, body: z.output<typeof createAccount>): Record<string, unknown> {
  const account: FakeAccount = {
    id: books.id('acct').replaceAll(/[^\w]/g, ''),
    object: 'account',
    country: body.country ?? 'US',
    email: body.email ?? null,
    charges_enabled: false,
    payouts_enabled: false,
    details_submitted: false,
    metadata: body.metadata ?? {},
    requirements: {
      currently_due: [...WANTED],
      past_due: [...WANTED],
      pending_verification: [],
      eventually_due: [...WANTED],
      disabled_reason: 'requirements.past_due',
      current_deadline: null,
    },
  };
  books.open(account);
  return structuredClone(account);
}

export function readAccount({ books }: Call, id: string): Record<string, unknown> {
  const account = books.accounts.get(id);
  if (!account) throw missing(id);
  return structuredClone(account);
}

export function link({ books, url }: Call, body: z.output<typeof createAccountLink>): Record<string, unknown> {
  if (!books.accounts.has(body.account)) throw missing(body.account);
  if (new URL(body.return_url).protocol !== 'https:' && books.livemode)
    throw new ApiFault(400, { code: 'url_invalid', param: 'return_url', message: 'Livemode needs https.' });
  return {
    object: 'account_link',
    created: books.seconds(),
    expires_at: books.seconds() + LINK_S,
    url: `${url}/setup/${body.account}/${books.id('l')}`,
  };
}
