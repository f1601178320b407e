/** When a refund was first handed to its channel: from then on the channel remembers its key. */
import { addColumn, type AnyDatabase, run } from '../migrate-ddl.ts';

export async function up(db: AnyDatabase): Promise<void> {
  await addColumn(db, 'refunds', 'submitted_at', 'int?');
  // Nothing was handed over before the second person agreed.
  await run(
    db,
    `update refunds set submitted_at = coalesce(
       (select refund_approvals.at from refund_approvals where refund_approvals.refund_id = refunds.id), created_at)
     where state in ('submitted', 'pending', 'unknown', 'succeeded', 'failed')`,
  );
}
