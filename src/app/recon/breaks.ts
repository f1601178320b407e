/** A difference becomes a case, once; one that explains itself later closes by itself. */
import type { BreakKind } from '../../domain/statement.ts';
import type { Tx } from '../../ports/store.ts';
import type { MerchantAccount } from '../../ports/store/people.ts';
import { won } from '../commit.ts';
import { openCase } from '../money/open-case.ts';
import { note, type When } from '../timeline.ts';

export type Difference = {
  readonly day: string;
  readonly kind: BreakKind;
  /** The line's row, or what the channel does not tell of: a difference is told once. */
  readonly subject: string;
  readonly rowId: string | null;
  readonly orderId: string | null;
  readonly currency: string;
  readonly ours: number | null;
  readonly theirs: number | null;
};

/** Answers whether the difference waits for a person. */
export async function openBreak(tx: Tx, at: When, account: MerchantAccount, one: Difference): Promise<boolean> {
  const known = await tx.statements.breakOf(one.subject);
  if (known) return known.closedAt === null;
  const shop = await tx.people.shop(account.shopId);
  if (!shop) throw new Error(`merchant account ${account.id} has no shop`);
  const { day, kind, subject, rowId, orderId, currency, ours, theirs } = one;
  const id = at.deps.ids.next();
  const params = {
    ...{ breakId: id, what: kind, day, currency, channel: account.channel },
    ...(theirs === null ? {} : { amount: theirs }),
    ...(ours === null ? {} : { expected: ours, expectedCurrency: currency }),
  };
  const caseId = await openCase(tx, at, { id: orderId, communityId: shop.communityId }, 'recon_break', params);
  const row = { id, merchantAccountId: account.id, day, kind, subject, rowId, caseId, currency, ours, theirs };
  won(await tx.statements.insertBreak({ ...row, openedAt: at.now, closedAt: null }), `difference ${subject}`);
  return true;
}

/** What was missing has come: nobody needs to decide any more. */
export async function closeBySelf(tx: Tx, at: When, subject: string): Promise<void> {
  const known = await tx.statements.breakOf(subject);
  if (!known || !(await tx.statements.closeBreak(known.id, at.now))) return;
  await tx.payments.resolveCase(known.caseId, at.now, { decision: 'found', by: null, reason: '' });
  const one = await tx.payments.openCase(known.caseId);
  if (one?.orderId) await note(tx, at, one.orderId, 'case_resolved', { decision: 'found' }, 'shop');
}
