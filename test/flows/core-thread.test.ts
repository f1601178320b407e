// Core and store in their own thread: the market behaves as it does in one, also while that thread is held up by its disk.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../support/market.ts';
import { temporaryFolder } from '../support/stores.ts';
import { joiner, openFake, openStall, read, startBotMarket, tap } from '../support/telegram-market.ts';

test('a market whose core has its own thread sells as any other', async () => {
  const bot = await startBotMarket({ live: true, overrides: { thread: true } });
  const stall = await openStall(bot);
  await stall.sells('Mango box | 12.50 | 20 | Ripe today');
  const buyer = await joiner(bot, stall.group, { firstName: 'Budi', started: true });
  await tap(bot, buyer, read(buyer, stall.group, 'Mango box'), 'Buy');
  expect(read(buyer, 'private', 'Waiting for payment').text).toContain('Mango box');
  await bot.market.verify();
});

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
