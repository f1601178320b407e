// A worker that is killed as its first news leaves it: node outbox-child.ts <url> <schema> <now>
import { wordsFor } from '../../src/i18n/words.ts';
import { createOutbox } from '../../src/outbox/worker.ts';
import { openStore } from '../../src/store/open.ts';
import { coreOn, createWire, noCalls } from './outbox.ts';
import { silentLog, storeOptions } from './store-options.ts';

const [url = '', schema = '', now = ''] = process.argv.slice(2);
const clock = { now: () => Number(now) };
const store = await openStore(storeOptions(url, schema === '' ? { clock } : { clock, schema }));
const wire = createWire();
wire.answer = () => {
  process.kill(process.pid, 'SIGKILL');
  return undefined;
};
// The call is still under way when the news leaves.
const calls = { ...noCalls(), closeAttempt: () => new Promise<void>(() => undefined) };
const outbox = createOutbox({
  ...{ store, core: coreOn(store, clock), platforms: new Map([['talk', wire]]), calls, words: wordsFor, clock },
  ...{ log: silentLog, timers: false },
});
await outbox.drain();
