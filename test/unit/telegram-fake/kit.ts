// A fake Telegram with a market's usual cast, and the real grammY Api that talks to it.
import { Api } from 'grammy';
import type { Update } from 'grammy/types';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';
import { startFakeTelegram, type FakeTelegramOptions } from '../../support/telegram/fake.ts';

function clockAt(start = Date.UTC(2026, 10, 22, 9)) {
  let now = start;
  return { now: () => now, passes: (ms: number) => void (now += ms) };
}

export async function setStage(options: FakeTelegramOptions = {}) {
  const clock = clockAt();
  const fake = await startFakeTelegram({ clock, ...options });
  onTestFinished(() => fake.close());
  const api = new Api(fake.token, { apiRoot: fake.apiRoot });
  const olga = fake.person({ firstName: 'Olga', languageCode: 'en' });
  const ana = fake.person({ firstName: 'Ana', languageCode: 'es', username: 'ana_buys' });
  const bob = fake.person({ firstName: 'Bob', languageCode: 'en' });
  const group = fake.group({ title: 'Fruit Street', creator: olga, members: [ana, bob] });
  /** Polls once without holding, confirms, and gives what came. */
  let offset = 0;
  const poll = async (): Promise<Update[]> => {
    const updates = await api.getUpdates({ offset, timeout: 0 });
    offset = Math.max(offset, ...updates.map((update) => update.update_id + 1));
    return updates;
  };
  const skip = async () => void (await poll());
  return { fake, api, clock, olga, ana, bob, group, poll, skip };
}

export function picture(width = 60, height = 40): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: '#f80' } })
    .jpeg()
    .toBuffer();
}

/** The description of the refusal; fails when the call succeeds. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && 'description' in error) return String(error.description);
    throw error;
  }
  throw new Error('The call was not refused.');
}
