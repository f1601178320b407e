/** A steward asks for a channel-day: it is compared at the next round, and what does not agree becomes a case. */
import { dayBounds } from '../../domain/statement.ts';
import { may } from '../../domain/policy.ts';
import { audit } from '../audit.ts';
import { refuse, show, type UseCase } from '../deps.ts';

export const reconcile: UseCase<'reconcile'> = async (tx, at, { day }) => {
  const { community, deps, now } = at;
  if (!may(at.actor, 'case.resolve', { communityId: community.id })) return refuse('not_found');
  const bounds = dayBounds(day.trim());
  if (!bounds || bounds.from > now) return refuse('day_unknown', { field: 'day' });
  for (const shop of await tx.people.shops(community.id)) {
    for (const account of await tx.people.merchantAccounts(shop.id)) {
      if (!deps.channels.get(account.channel)?.fetchStatement) continue;
      const known = await tx.statements.reconDay(account.id, day.trim());
      const row = known ?? { merchantAccountId: account.id, day: day.trim(), hash: '', lineCount: 0, ranAt: 0 };
      await tx.statements.putReconDay({ ...row, nextAt: now });
    }
  }
  await audit(tx, at, 'money.reconcile', community.id, { day: day.trim() });
  return show({ name: 'cases' });
};
