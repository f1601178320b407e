/** What stands on the writing connection: the core, the outbox's calls, and the market that was founded. In our thread or its own. */
import { createCore } from './app/core.ts';
import type { Deps } from './app/deps.ts';
import { renewCardInvoices } from './app/money/card-invoices.ts';
import { closeAttempt, openAttempt, submitRefund } from './app/money/outbox-calls.ts';
import { type Founding, foundMarket } from './found-market.ts';
import type { OutboxCalls } from './outbox/courier.ts';
import type { Core } from './ports/core.ts';

export type InnerMarket = { readonly core: Core; readonly calls: OutboxCalls; readonly communityId: string };

/** Throws a `StartFault` for a database of the other kind. */
export async function openInnerMarket(deps: Deps, founding: Founding): Promise<InnerMarket> {
  const calls = {
    openAttempt: (attemptId: string) => openAttempt(deps, attemptId),
    closeAttempt: (attemptId: string) => closeAttempt(deps, attemptId),
    submitRefund: (refundId: string) => submitRefund(deps, refundId),
    renewCardInvoices: (productId: string) => renewCardInvoices(deps, productId),
  };
  return { core: createCore(deps), calls, communityId: await foundMarket(deps, founding) };
}
