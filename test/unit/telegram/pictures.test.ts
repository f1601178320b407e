import { Api } from 'grammy';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { createMessenger } from '../../../adapters/telegram/messenger.ts';
import { startFakeTelegram } from '../../support/telegram/fake.ts';

test.each([
  [1600, 20],
  [12, 900],
])('a picture of %i × %i, too narrow for Telegram, is shown with a margin', async (width, height) => {
  const fake = await startFakeTelegram();
  onTestFinished(() => fake.close());
  const webp = await sharp({ create: { width, height, channels: 3, background: '#f80' } })
    .webp()
    .toBuffer();
  const image = { digest: 'd1', mime: 'image/webp', width, height, bytes: new Uint8Array(webp) } as const;
  const api = new Api(fake.token, { apiRoot: fake.apiRoot });
  const messenger = createMessenger({ api, core: { image: () => Promise.resolve(image) } });
  const ana = fake.person({ firstName: 'Ana' });
  ana.starts();
  const sent = await messenger.send(String(ana.id), { html: 'Mango', photo: 'd1', keyboard: [], cut: false });
  const shown = sent.photo?.at(-1);
  expect([shown?.width, shown?.height]).toEqual([
    Math.max(width, Math.ceil(height / 20)),
    Math.max(height, Math.ceil(width / 20)),
  ]);
  expect(fake.invalidRequests).toEqual([]);
});
