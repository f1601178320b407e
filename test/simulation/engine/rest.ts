// How a history ends: the weather clears up, people do what they owe each other, and time passes until nothing is under way any more.
import { sellerOf } from './people.ts';
import type { Stage } from './stage.ts';

const MINUTE = 60_000;
const WAITS_MS = [1, 5, 15, 40, 180, 1440, 1440, 1440, 2880, 2880].map((minutes) => minutes * MINUTE);

export async function comeToRest(stage: Stage): Promise<void> {
  stage.schedule.blame('rest', 0);
  stage.heard('rest');
  stage.clearUp();
  for (const waitMs of WAITS_MS) {
    stage.schedule.blame('rest', 0);
    if (stage.isUp()) {
      stage.stir();
      decideCases(stage);
      payBackCash(stage);
      bringCash(stage);
    }
    await stage.schedule.pass(waitMs);
  }
}

/** The steward gives back what waits for a decision, and closes what needs none. */
function decideCases(stage: Stage): void {
  for (const row of stage.rows('select id from cases where resolved_at is null order by id')) {
    const caseId = String(row['id']);
    stage.act(stage.cast.admin, { kind: 'resolve_case', caseId, decision: 'refund' }, (reply) => {
      if (!reply.ok) stage.act(stage.cast.admin, { kind: 'resolve_case', caseId, decision: 'dismiss' });
    });
  }
}

/** What was sent before it was paid for is paid for in the end. */
function bringCash(stage: Stage): void {
  const sent =
    "select o.id from orders o join shipments s on s.order_id = o.id where o.state = 'pending_payment' order by o.id";
  for (const row of stage.rows(sent)) {
    const orderId = String(row['id']);
    stage.act(sellerOf(stage, orderId), { kind: 'confirm_cash', orderId }, (reply, memory) => {
      const bill = memory.bill(orderId);
      if (bill && reply.ok) bill.cash = true;
    });
  }
}

function payBackCash(stage: Stage): void {
  const owed = "select id, order_id from refunds where channel = 'cash' and state = 'submitted' order by id";
  for (const row of stage.rows(owed)) {
    const seller = sellerOf(stage, String(row['orderId']));
    stage.act(seller, { kind: 'refund_paid_by_hand', refundId: String(row['id']), proof: 'by hand' });
  }
}
