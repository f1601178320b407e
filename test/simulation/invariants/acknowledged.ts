import { atRest } from '../engine/invariant.ts';

export const invariant = atRest('every notice that was acknowledged is there, once', (stage) => {
  const stored = stage.rows('select event_id from inbox_events').map((row) => String(row['eventId']));
  const known = new Set(stored);
  const lost = [...stage.post.acknowledged()].filter((id) => !known.has(id));
  return [...lost, ...(known.size === stored.length ? [] : ['one is there twice'])];
});
