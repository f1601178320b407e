// Core and store in their own thread: the market behaves as it does in one, also while that thread is held up by its disk.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ProductForm } from '../../src/ports/intents/catalog.ts';
import { addressOf, describeWith } from '../support/env.ts';
import { freePort } from '../support/market.ts';
import { openSlowCommits } from '../support/slow-commits.ts';
import { temporaryFolder } from '../support/stores.ts';
import {
  type BotMarket,
  joiner,
  openFake,
  openStall,
  read,
  type Stall,
  startBotMarket,
  tap,
} from '../support/telegram-market.ts';
import { form } from '../support/world.ts';

test('a market whose core has its own thread sells as any other', async () => {
  const bot = await startBotMarket({ live: true, overrides: { thread: true } });
  const stall = await openStall(bot);
  await stall.sells('Mango box | 12.50 | 20 | Ripe today');
  const buyer = await joiner(bot, stall.group, { firstName: 'Budi', started: true });
  await tap(bot, buyer, read(buyer, stall.group, 'Mango box'), 'Buy');
  expect(read(buyer, 'private', 'Waiting for payment').text).toContain('Mango box');
  await bot.market.verify();
});

/** Longer than any test. */
const HOLD_MS = 600_000;

describe('while a COMMIT does not come to its end', () => {
  const SONG = { ...form, title: 'Night song', price: '20.00', otherPrices: 'XTR 50', pickup: false };

  test('a tap is acknowledged, an invoice is judged, pages are served; afterwards everything has its effect', async () => {
    const disk = heldDisk();
    const options = { live: true, overrides: { thread: true, slowCommit: disk.slowCommit } };
    await answersMeanwhile(await startBotMarket(options), disk);
  });

  describeWith('postgres', 'nor on a server far away', () => {
    test('reads have connections of their own, and the same holds', async () => {
      const { disk, url } = await heldServer();
      await answersMeanwhile(
        await startBotMarket({ live: true, database: 'postgres', env: { DATABASE_URL: url } }),
        disk,
      );
    });
  });

  async function answersMeanwhile(bot: BotMarket, disk: Held): Promise<void> {
    const stall = await openStall(bot);
    await stall.sells('Mango box | 12.50 | 20 | Ripe today');
    await postSong(bot, stall, { ...SONG, digitalText: 'https://songs.example/night' });
    const payer = await joiner(bot, stall.group, { firstName: 'Budi', started: true });
    const buyer = await joiner(bot, stall.group, { firstName: 'Mei', started: true });
    await tap(bot, payer, read(payer, stall.group, 'Night song'), 'Buy');
    const link = payer.opens(read(payer, 'private', 'Waiting for payment'), /^Pay/);

    disk.hold();
    const tapped = buyer.taps(read(buyer, stall.group, 'Mango box'), 'Buy');
    await tapped.answered();
    expect(await payer.pays(link)).toMatchObject({ paid: true });
    expect((await fetch(`http://127.0.0.1:${bot.market.given.env['PORT']}/livez`)).status).toBe(200);
    const orders = () => bot.market.store.read((reads) => reads.outbox.counts());
    await expect(orders()).resolves.toMatchObject({ dead: 0 });
    expect(buyer.finds('private', 'Waiting for payment')).toBeUndefined();
    expect(payer.finds('private', /Receipt/)).toBeUndefined();
    disk.letGo();

    await bot.settle();
    expect(read(buyer, 'private', 'Waiting for payment').text).toContain('Mango box');
    expect(read(payer, 'private', /Receipt/).text).toContain('https://songs.example/night');
    await bot.market.verify();
  }
});

type Held = { readonly hold: () => void; readonly letGo: () => void };

async function heldServer(): Promise<{ disk: Held; url: string }> {
  const server = await openSlowCommits(addressOf('postgres'));
  onTestFinished(() => server.close());
  const letGo = () => server.delay(0);
  const hold = () => {
    server.delay(HOLD_MS);
    onTestFinished(letGo);
  };
  return { disk: { hold, letGo }, url: server.url };
}

/** COMMITs that end when we say so. */
function heldDisk() {
  const slowCommit = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const letGo = () => {
    Atomics.store(slowCommit, 0, 0);
    Atomics.notify(slowCommit, 0);
  };
  const hold = () => {
    Atomics.store(slowCommit, 0, HOLD_MS);
    // Before the market is stopped.
    onTestFinished(letGo);
  };
  return { slowCommit, letGo, hold };
}

async function postSong({ market, settle }: BotMarket, { seller, group }: Stall, posted: ProductForm): Promise<void> {
  const { core, store } = market;
  const intent = await store.read(async (reads) => {
    const chat = await reads.people.chatByPlatform('telegram', String(group.id));
    const [shop] = await reads.people.shops(chat?.communityId ?? '');
    const personId = (await reads.people.personByIdentity('telegram', String(seller.id))) ?? '';
    return { chatId: chat?.id ?? '', communityId: chat?.communityId ?? '', shopId: shop?.id ?? '', personId };
  });
  const { chatId, communityId, shopId, personId } = intent;
  const reply = await core.handle({
    ...{ key: 'the song', communityId, personId, chatId: null },
    intent: { kind: 'post_product', shopId, chatIds: [chatId], productKind: 'digital', form: posted },
  });
  expect(reply).toMatchObject({ ok: true });
  await settle();
}

test('when the thread of the database dies the process does, and says why', async () => {
  const fake = await openFake();
  const file = fileURLToPath(new URL('../support/lost-thread.ts', import.meta.url));
  const market = spawn(process.execPath, [file], {
    env: {
      PATH: process.env['PATH'],
      PORT: String(await freePort()),
      DATABASE_URL: `sqlite:${join(temporaryFolder(), 'pasar.db')}`,
      TELEGRAM_BOT_TOKEN: fake.token,
      TELEGRAM_API_ROOT: fake.apiRoot,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void market.kill('SIGKILL'));
  const gone = once(market, 'exit');
  const complaint = text(market.stderr);
  for await (const line of createInterface({ input: market.stdout })) {
    if (line.includes('"listening"')) break;
  }
  market.stdout.resume();
  market.kill('SIGUSR2');
  expect(await gone).toEqual([1, null]);
  expect(await complaint).toContain('The thread of the database ended');
});
