/**
 * Everybody taps while the disk is slow: each COMMIT takes two seconds, reads are as quick as ever, and fifty updates a second come from a
 * Bot API on this machine. What people wait for is measured where they are: from the tap to the end of its spinner.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type FakeTelegram, startFakeTelegram } from '../test/support/telegram/fake.ts';
import type { FakePerson } from '../test/support/telegram/person.ts';
import type { Seen } from '../test/support/telegram/screen.ts';
import type { SlowDiskFound, SlowDiskTask } from './slow-disk-market.ts';

const CHILD = [new URL('../tools/run.js', import.meta.url), new URL('./slow-disk-market.ts', import.meta.url)].map(
  (url) => fileURLToPath(url),
);
const COMMIT_MS = 2_000;
/** Telegram brings one update of a person at a time: nobody taps again before the last commit is over. */
const BUYERS = 160;
const TITLE = 'Night song';
const CARD_TITLE = 'Day song';
/** A button of the bill that changes nothing. */
const LABEL = 'Where is my order?';
const PAY = /^Pay/u;
/** Everything that is not answered by then was not answered. */
const GIVE_UP_MS = 30_000;

/** How updates reach the market. */
export type Mode = 'polling' | 'webhook';

export type SlowDiskPlan = { readonly mode: Mode; readonly perSecond: number; readonly seconds: number };

export type SlowDiskRun = {
  /** Ms until the answer; a tap that got none counts as for ever. */
  readonly taps: readonly number[];
  /** Questions before the money: that read only, and that have to hold goods. */
  readonly reading: readonly number[];
  readonly committing: readonly number[];
  /** Updates that Telegram still held, at the end of each second. */
  readonly queue: readonly number[];
  readonly found: SlowDiskFound;
};

type Child = ChildProcessByStdio<Writable, Readable, null>;

/** `place` says where the database is, and makes it slow. */
export async function measureSlowDisk(
  { mode, perSecond, seconds }: SlowDiskPlan,
  place: { readonly env: Record<string, string>; readonly schema?: string; readonly slow?: (ms: number) => void },
): Promise<SlowDiskRun> {
  const fake = await startFakeTelegram({ checkoutMs: GIVE_UP_MS });
  const { env, child, said } = await startChild(fake, mode, place);
  if (mode === 'webhook') fake.reachWebhookAt(`http://127.0.0.1:${env['PORT']}`);
  const slow = (ms: number) => {
    place.slow?.(ms);
    child.stdin.write(`slow ${ms}\n`);
  };
  try {
    const crowd = await gather(fake, () => void child.stdin.write('sell\n'));
    slow(COMMIT_MS);
    const measured = await load(fake, crowd, { perSecond, seconds });
    child.stdin.write('stop\n');
    const line = await said.next();
    if (line.done) throw new Error('The market ended before it had said how it went.');
    const found = JSON.parse(line.value) as SlowDiskFound;
    place.slow?.(0);
    const wrong = fake.invalidRequests.flatMap(({ method, problems }) => problems.map((one) => `${method}: ${one}`));
    if (wrong.length > 0) throw new Error(`Telegram would have refused: ${wrong.slice(0, 3).join('; ')}`);
    return { ...measured, found };
  } finally {
    place.slow?.(0);
    child.kill('SIGKILL');
    await fake.close();
  }
}

async function startChild(fake: FakeTelegram, mode: Mode, place: { env: Record<string, string>; schema?: string }) {
  const env: Record<string, string> = {
    ...{ DEMO: 'public', SANDBOX: 'off', LOG_LEVEL: 'error', PUBLIC_URL: 'https://market.example.org' },
    ...{ TELEGRAM_BOT_TOKEN: fake.token, TELEGRAM_API_ROOT: fake.apiRoot, TELEGRAM_MODE: mode },
    ...(mode === 'webhook' ? { TELEGRAM_WEBHOOK_SECRET: 'a-secret-of-the-bench-0123456789abcdef' } : {}),
    ...place.env,
  };
  const task: SlowDiskTask = { env, ...(place.schema === undefined ? {} : { schema: place.schema }) };
  const child: Child = spawn(process.execPath, [...CHILD, JSON.stringify(task)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const said = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  for (;;) {
    const line = await said.next();
    if (line.done) throw new Error('The market did not open.');
    if (line.value.includes('"open"')) return { env, child, said: json(said) };
  }
}

/** Lines of the log are let pass. */
async function* json(lines: AsyncIterableIterator<string>): AsyncGenerator<string> {
  for await (const line of lines) if (line.includes('"commits"')) yield line;
}

type Crowd = {
  /** People with an open bill in their private chat, and its invoice. */
  /** The invoice of the card that is paid by tapping it. */
  readonly onCard: string;
  readonly payers: readonly { readonly person: FakePerson; readonly bill: Seen; readonly link: string }[];
};

const REST_MS = 180_000;

async function gather(fake: FakeTelegram, sell: () => void): Promise<Crowd> {
  const seller = fake.person({ firstName: 'Siti', languageCode: 'en' });
  const group = fake.group({ title: 'Night Owls', creator: seller });
  seller.starts();
  seller.addsBot(group);
  await fake.until(() => seller.finds('private', 'Night Owls'), 'the bot to know its group', REST_MS);
  sell();
  await seller.waitsFor(group, TITLE, REST_MS);
  const card = await fake.until(
    () => {
      const seen = seller.finds(group, TITLE);
      return seen && seen.labels.length > 0 && seen;
    },
    'the card to have buttons',
    REST_MS,
  );
  const onCard = await fake.until(
    () => {
      const seen = seller.finds(group, CARD_TITLE);
      const link = seen?.buttons.flat().find((button) => 'url' in button && button.url.includes('/$'));
      return link && 'url' in link && link.url;
    },
    'the card to have its invoice',
    REST_MS,
  );
  const buyers = Array.from({ length: BUYERS }, (_, at) => fake.person({ firstName: `Buyer ${at}` }));
  for (const person of buyers) {
    person.joins(group);
    person.starts();
    person.taps(card, 'Buy');
  }
  const payers = buyers.map(async (person) => {
    const bill = await fake.until(
      () => {
        const seen = person.finds('private', TITLE);
        return seen?.labels.some((label) => PAY.test(label)) && seen;
      },
      'a bill with its invoice',
      REST_MS,
    );
    const link = person.opens(bill, PAY);
    return { person, bill, link };
  });
  return { onCard, payers: await Promise.all(payers) };
}

/** Comes at its hour, whatever became of the one before. */
async function load(
  fake: FakeTelegram,
  { payers, onCard }: Crowd,
  { perSecond, seconds }: Pick<SlowDiskPlan, 'perSecond' | 'seconds'>,
) {
  const taps: Promise<number>[] = [];
  const reading: Promise<number>[] = [];
  const committing: Promise<number>[] = [];
  const queue: number[] = [];
  const startedAt = performance.now();
  for (let count = 0; count < perSecond * seconds; count++) {
    await sleep(Math.max(0, startedAt + (count * 1000) / perSecond - performance.now()));
    const askedAt = performance.now();
    const waited = (answer: Promise<unknown>) =>
      answer.then(
        () => performance.now() - askedAt,
        () => Number.POSITIVE_INFINITY,
      );
    const payer = payers[count % payers.length];
    if (!payer) throw new Error('Nobody has a bill.');
    const { person, bill, link } = payer;
    const kind = count % 10;
    if (kind === 0) reading.push(waited(person.pays(link, { declined: true })));
    else if (kind === 5) committing.push(waited(person.pays(onCard, { declined: true })));
    else taps.push(waited(person.taps(bill, LABEL, { old: true }).answered(GIVE_UP_MS)));
    if (count % perSecond === perSecond - 1) queue.push(fake.pendingUpdates);
  }
  return {
    taps: await Promise.all(taps),
    reading: await Promise.all(reading),
    committing: await Promise.all(committing),
    queue,
  };
}
