import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { keepPhoto } from '../../../adapters/discord/photos.ts';
import { IMAGE_BYTES_MAX } from '../../../src/domain/image.ts';

const PART = Buffer.alloc(64 * 1024);
const nothing = { saveImage: () => Promise.reject(new Error('nothing may be kept of it')) };

test('a photo that Discord calls too large is not fetched, and one that never ends is read no further than the largest', async () => {
  const sent = { requests: 0, bytes: 0 };
  const server = createServer((_request, response) => {
    sent.requests++;
    // No length is told, and it never ends by itself.
    const more = () => {
      if (response.destroyed) return;
      sent.bytes += PART.byteLength;
      if (response.write(PART)) setImmediate(more);
      else response.once('drain', more);
    };
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/photo.png`;
  const refused = { ok: false, fault: { code: 'image_not_supported' } };
  expect(await keepPhoto(nothing, { url, size: IMAGE_BYTES_MAX + 1 })).toMatchObject(refused);
  expect(sent.requests).toBe(0);
  expect(await keepPhoto(nothing, { url, size: 10 })).toMatchObject(refused);
  expect(sent.requests).toBe(1);
  expect(sent.bytes).toBeGreaterThan(IMAGE_BYTES_MAX);
});
