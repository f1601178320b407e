/**
 * A market with a bot whose every COMMIT can be made slow: alone in its process, told what to do by lines. `slow 2000`: from now on; `stop`.
 * Meanwhile it times a commit of its own twice a second, as a pre-checkout that has to hold goods needs one, and says so at its end.
 */
import { createInterface } from 'node:readline';
import { readConfig } from '../src/config.ts';
import { openMarket } from '../src/market.ts';
import type { ProductForm } from '../src/ports/intents/catalog.ts';
import { createLog } from '../src/runtime/log.ts';

const COMMIT_EVERY_MS = 500;

const SONG: ProductForm = {
  ...{ title: '', description: 'Played at night.', price: '20.00', otherPrices: 'XTR 50', options: '', stock: '' },
  ...{ limitPerPerson: '', holdMinutes: '120', imageDigest: '', imageAlt: '', pickup: false, pickupNote: '' },
  ...{ shippingFee: '', shippingFreeFrom: '', digitalText: 'https://songs.invalid/1', digitalCodes: '' },
  ...{ serviceNote: '', quickPay: false },
};

export type SlowDiskTask = { readonly env: Readonly<Record<string, string>>; readonly schema?: string };
export type SlowDiskFound = {
  /** From asking for a unit of work to its durable end, ms. */
  readonly commits: readonly number[];
  /** The longest turn of the main thread's event loop, ms. */
  readonly blockedMs: number;
  readonly residentMb: number;
  /** What the outbox still has to do. */
  readonly outbox: number;
};

const { env, schema } = JSON.parse(process.argv[2] ?? '') as SlowDiskTask;
const settings = readConfig(env);
if (!settings.ok) throw new Error(settings.faults.join('\n'));
const slowCommit = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
const market = await openMarket(settings.config, createLog({ level: settings.config.logLevel }), {
  slowCommit,
  ...(schema === undefined ? {} : { schema }),
});

const commits: number[] = [];
let timer: NodeJS.Timeout | undefined;
let blockedMs = 0;
let turnedAt = performance.now();
const watch = setInterval(() => {
  blockedMs = Math.max(blockedMs, performance.now() - turnedAt - 10);
  turnedAt = performance.now();
}, 10);

function beSlow(ms: number): void {
  Atomics.store(slowCommit, 0, ms);
  Atomics.notify(slowCommit, 0);
  clearInterval(timer);
  if (ms === 0) return;
  blockedMs = 0;
  timer = setInterval(() => {
    const askedAt = performance.now();
    void market.store.probe().then(() => commits.push(performance.now() - askedAt));
  }, COMMIT_EVERY_MS);
}

/** Two songs for Stars, in the group that the bot was brought to; one is paid on its card. */
async function sell(): Promise<void> {
  const { core, store } = market;
  const at = await store.read(async (reads) => {
    for (const { id: communityId } of await reads.people.communities()) {
      const [chat] = (await reads.people.chats(communityId)).filter(({ platform }) => platform === 'telegram');
      const [shop] = await reads.people.shops(communityId);
      if (chat && shop) return { communityId, chatId: chat.id, shopId: shop.id, personId: shop.ownerId };
    }
    throw new Error('The bot is in no group.');
  });
  for (const [title, quickPay] of [
    ['Night song', false],
    ['Day song', true],
  ] as const) {
    const form = { ...SONG, title, quickPay };
    const intent = {
      kind: 'post_product',
      shopId: at.shopId,
      chatIds: [at.chatId],
      productKind: 'digital',
      form,
    } as const;
    const where = { communityId: at.communityId, personId: at.personId, chatId: null };
    const reply = await core.handle({ key: title, ...where, intent });
    if (!reply.ok) throw new Error(`${title} was not posted: ${reply.fault.code}`);
  }
}

process.stdout.write(`${JSON.stringify({ open: true })}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const [word, ms] = line.split(' ');
  if (word === 'slow') beSlow(Number(ms));
  else if (word === 'sell') await sell();
  else break;
}
clearInterval(watch);
clearInterval(timer);
const { pending } = await market.store.read((reads) => reads.outbox.counts());
const residentMb = process.memoryUsage.rss() / 1024 / 1024;
const found: SlowDiskFound = { commits, blockedMs, residentMb, outbox: pending };
process.stdout.write(`${JSON.stringify(found)}\n`);
beSlow(0);
await market.stop();
