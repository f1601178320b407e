/** Buyers' requests for money back, approvals of large refunds, and a community's rules for both. */
import { type AnyDatabase, appendOnly, createMoves, createTable, oneOf, run } from '../migrate-ddl.ts';

export async function up(db: AnyDatabase): Promise<void> {
  await createTable(db, 'refund_requests', {
    columns: {
      id: 'text primary key',
      order_id: 'text references orders (id)',
      buyer_id: 'text references people (id)',
      amount: 'int check (amount > 0)',
      currency: 'text',
      lines: 'json',
      sealed_reason: 'text',
      state: `text ${oneOf('state', 'open', 'escalated', 'accepted', 'rejected', 'withdrawn')}`,
      decide_by: 'int',
      remind_at: 'int?',
      refund_id: 'text? references refunds (id)',
      sealed_answer: 'text',
      decided_by: 'text? references people (id)',
      created_at: 'int',
      decided_at: 'int?',
    },
    rules: ["check ((state = 'accepted') = (refund_id is not null))"],
  });
  await run(
    db,
    "create unique index refund_requests_open on refund_requests (order_id) where state in ('open', 'escalated')",
  );
  await run(db, 'create index refund_requests_order on refund_requests (order_id)');
  await run(db, 'create index refund_requests_due on refund_requests (remind_at) where remind_at is not null');
  await createMoves(db, 'refund_requests', {
    open: 'escalated accepted rejected withdrawn',
    escalated: 'accepted rejected withdrawn',
  });
  await createTable(db, 'refund_approvals', {
    columns: {
      refund_id: 'text primary key references refunds (id)',
      decision: `text ${oneOf('decision', 'approved', 'rejected')}`,
      decided_by: 'text references people (id)',
      at: 'int',
    },
  });
  await appendOnly(db, 'refund_approvals');
  await createTable(db, 'refund_policies', {
    columns: {
      community_id: 'text primary key references communities (id)',
      request_hours: 'int check (request_hours > 0)',
      approval_limit: 'int check (approval_limit >= 0)',
    },
  });
}
