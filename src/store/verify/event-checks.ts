/** What came in, what goes out, and the words that states are made of. */
import { holdMachine } from '../../domain/hold.ts';
import { orderMachine } from '../../domain/order.ts';
import { outboxMessageMachine } from '../../domain/outbox-message.ts';
import { attemptMachine, paymentMachine } from '../../domain/payment.ts';
import { PRODUCT_STATES } from '../../domain/product.ts';
import { refundMachine } from '../../domain/refund.ts';
import { INBOX_STATES } from '../../ports/store/events.ts';
import { CAPTURE_USES } from '../../ports/store/payments.ts';
import { SHOP_STATES } from '../../ports/store/people.ts';
import { type Check, differ, sqlCheck, words } from './check.ts';

/** Where a state stands, and the closed list of its words. */
const STATES = [
  ['orders', 'state', orderMachine.states],
  ['payments', 'state', paymentMachine.states],
  ['attempts', 'state', attemptMachine.states],
  ['captures', 'use', CAPTURE_USES],
  ['refunds', 'state', refundMachine.states],
  ['holds', 'state', holdMachine.states],
  ['outbox_messages', 'state', outboxMessageMachine.states],
  ['inbox_work', 'state', INBOX_STATES],
  ['products', 'state', PRODUCT_STATES],
  ['shops', 'state', SHOP_STATES],
] as const;

const fromAll = (select: (table: string, column: string, known: readonly string[]) => string): string =>
  STATES.map(([table, column, known]) => select(table, column, known)).join(' union all ');

export const eventChecks: readonly Check[] = [
  sqlCheck({
    id: 'P1',
    title: 'every state is a word of its machine',
    figure: `select count(*) as figure from (${fromAll((table) => `select 1 as one from ${table}`)}) as rows_with_states`,
    broken: fromAll(
      (table, column, known) =>
        `select '${table}:' || id as id, "${column}" as word from ${table} where "${column}" not in (${words(known)})`,
    ),
  }),
  sqlCheck({
    id: 'W1',
    title: 'an event of a provider is stored once',
    figure: 'select count(*) as figure from inbox_events',
    broken: `
      select min(id) as id, count(*) as times from inbox_events
      group by channel, account, event_id having count(*) > 1`,
  }),
  sqlCheck({
    id: 'W6',
    title: 'every stored event has its work, which waits for its hour or is over',
    figure: 'select count(*) as figure from inbox_events',
    broken: `
      select e.id, w.state from inbox_events e left join inbox_work w on w.id = e.id
      where w.id is null or ${differ("w.state in ('pending', 'parked')", 'w.due_at is not null')}`,
  }),
  sqlCheck({
    id: 'X3',
    title: 'of a lane of messages, one at most is under way; and what is under way has a lease',
    figure: "select count(*) as figure from outbox_messages where state in ('pending', 'claimed')",
    broken: `
      select min(id) as id, lane, count(*) as claimed from outbox_messages where state = 'claimed'
      group by lane having count(*) > 1
      union all
      select id, lane, 0 as claimed from outbox_messages
      where ${differ("state = 'claimed'", 'lease_until is not null')}`,
  }),
  sqlCheck({
    id: 'X4',
    title: 'of messages that say the same, one at most waits',
    figure: `select count(*) as figure from outbox_messages where state = 'pending' and "coalesce" is not null`,
    broken: `
      select min(id) as id, lane, count(*) as waiting from outbox_messages
      where state = 'pending' and "coalesce" is not null group by lane, "coalesce" having count(*) > 1`,
  }),
  sqlCheck({
    id: 'C1',
    title: "the web chat's messages were numbered by its clock, each once, each for one audience",
    figure: 'select count(*) as figure from web_messages',
    broken: `
      select m.id, m.seq from web_messages m
      where m.seq > (select seq from web_clock where id = 1) or m.seq < 1
        or m.audience <> coalesce('chat:' || m.chat_id, 'person:' || m.community_id || ':' || m.person_id, '')
        or exists (select 1 from web_messages o where o.seq = m.seq and o.id <> m.id)`,
  }),
  sqlCheck({
    id: 'V1o',
    title: 'no message waits for a person: its outcome is unknown, or it was given up',
    weight: 'look',
    figure: 'select count(*) as figure from outbox_messages',
    broken: "select id, lane, state, tries from outbox_messages where state in ('dead', 'unknown')",
  }),
  sqlCheck({
    id: 'V1i',
    title: 'no verified event was given up',
    weight: 'look',
    figure: 'select count(*) as figure from inbox_work',
    broken: "select id, state, tries from inbox_work where state = 'dead'",
  }),
  sqlCheck({
    id: 'V1c',
    title: 'no case waits for a decision',
    weight: 'look',
    figure: 'select count(*) as figure from cases',
    broken: 'select id, kind, order_id from cases where resolved_at is null',
  }),
];
