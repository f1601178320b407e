import { atRest, rowsOf } from '../engine/invariant.ts';

/** Told to each of them when it happens, and not again. */
const ONCE = "'sold', 'paid_late_delivered'";

export const invariant = atRest('of a sale everybody hears once', (stage) =>
  rowsOf(
    stage,
    `select json_extract(message, '$.personId') as who, json_extract(message, '$.message.kind') as kind,
       json_extract(message, '$.message.objectId') as about, count(*) as times
     from outbox_messages
     where json_extract(message, '$.name') = 'notice' and json_extract(message, '$.message.kind') in (${ONCE})
     group by who, kind, about having count(*) > 1`,
  ),
);
