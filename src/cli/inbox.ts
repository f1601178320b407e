/** npm run inbox -- list | show ID | replay ID: the verified events of payment services that wait, were given up or meant nothing to us. */
import { replay } from '../app/money/provider-notice.ts';
import type { Config } from '../config.ts';
import { INBOX_STATES, type InboxState } from '../ports/store/events.ts';
import { afterTurn } from '../runtime/after-turn.ts';
import { systemClock } from '../runtime/clock.ts';
import { createLog } from '../runtime/log.ts';
import { createVault } from '../runtime/vault.ts';
import { StartFault } from '../start-fault.ts';
import { openStore } from '../store/open.ts';
import { command, explained, readingOptions, readKeys, readSettings, say } from './shared/command.ts';

const USAGE = 'npm run inbox -- list [dead|parked|conflict|ignored|done] | show ID | replay ID';
const LIST_MAX = 100;
const WAITING: readonly InboxState[] = ['dead', 'parked', 'conflict', 'pending'];
/** Links of a payment page carry the buyer's permission. */
const HIDDEN = new Set(['nextAction', 'url', 'link']);

await command(async () => {
  const [verb, word = '', ...rest] = process.argv.slice(2);
  if (rest.length > 0 || verb === undefined) throw new StartFault(`Say what to do: ${USAGE}`);
  const config = readSettings();
  switch (verb) {
    case 'list':
      return list(config, word);
    case 'show':
      return show(config, word);
    case 'replay':
      return again(config, word);
    default:
      throw new StartFault(`Say what to do: ${USAGE}`);
  }
});

async function reading(config: Config) {
  try {
    return await openStore(readingOptions(config, readKeys(config)));
  } catch (error) {
    throw explained(error, config);
  }
}

async function list(config: Config, word: string): Promise<number> {
  const state = INBOX_STATES.find((one) => one === word);
  if (word !== '' && state === undefined) throw new StartFault(`${word} is no state: ${USAGE}`);
  const store = await reading(config);
  try {
    const events = await store.read((reads) => reads.inbox.eventsIn(state ? [state] : WAITING, LIST_MAX));
    for (const { id, state: at, tries, channel, account, type, objectId, receivedAt } of events)
      say([id, at, `${tries} tries`, channel, account, type, objectId, new Date(receivedAt).toISOString()].join('  '));
    say(
      events.length === 0 ? 'Nothing waits.' : `${events.length} events. Each had a right signature. See one: show ID.`,
    );
    return 0;
  } finally {
    await store.close();
  }
}

async function show(config: Config, id: string): Promise<number> {
  const store = await reading(config);
  try {
    const found = await store.read(async (reads) => {
      const event = await reads.inbox.event(id);
      return event && { event, work: await reads.inbox.work(id), payload: await reads.inbox.payload(id) };
    });
    if (!found) throw new StartFault(`There is no event ${id}: npm run inbox -- list`);
    const { event, work, payload } = found;
    const hide = (key: string, value: unknown) => (HIDDEN.has(key) ? '(hidden)' : value);
    const said: unknown = payload === undefined ? '(deleted)' : JSON.parse(payload);
    say(JSON.stringify({ ...event, signature: 'verified', work, said }, hide, 2));
    return 0;
  } finally {
    await store.close();
  }
}

async function again(config: Config, id: string): Promise<number> {
  const vault = createVault(readKeys(config));
  const { log } = createLog({ level: 'silent' });
  const url = config.database.kind === 'sqlite' ? `sqlite:${config.database.path}` : config.database.url;
  const store = await openStore({ url, vault, clock: systemClock, afterTurn, log }).catch((error: unknown) => {
    throw explained(error, config);
  });
  try {
    const moved = await store.transact(null, (tx) => replay(tx, { now: systemClock.now() }, id));
    if (!moved) throw new StartFault(`${id} is no event that waits or was given up: npm run inbox -- list`);
    say(`${id} is worked on again as soon as the market runs.`);
    return 0;
  } finally {
    await store.close();
  }
}
