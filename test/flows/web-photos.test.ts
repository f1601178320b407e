import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { startMarket, type TestMarket } from '../support/market.ts';
import type { Visitor } from '../support/visitor.ts';

type Reply = { ok: boolean; digest: string; width: number; height: number; fault?: { code: string } };

async function upload(visitor: Visitor, bytes: Uint8Array, type = 'application/octet-stream') {
  const answer = await fetch(`${visitor.browser.url}/seat/${visitor.seat}/photos`, {
    method: 'POST',
    body: new Blob([new Uint8Array(bytes)]),
    headers: {
      'content-type': type,
      cookie: visitor.browser.cookies().join('; '),
      'sec-fetch-site': 'same-origin',
    },
  });
  return { status: answer.status, reply: (await answer.json()) as Reply };
}

const get = (market: TestMarket, digest: string, headers: Record<string, string> = {}) =>
  fetch(`${market.url}/images/${digest}`, { headers });

const photo = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#c96' } });

describe('a photo', () => {
  test('is kept as a picture of ours: smaller, upright, and without what the camera wrote into it', async () => {
    const market = await startMarket();
    const mei = await market.visitor('Mei', { role: 'seller' });
    const jpeg = await photo(3000, 1000)
      .withExif({ IFD0: { Copyright: 'SECRET-OWNER', Make: 'SECRET-CAMERA' }, IFD3: { GPSLatitude: '3/1 8/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const { status, reply } = await upload(mei, jpeg);
    expect([status, reply.ok, reply.width, reply.height]).toEqual([200, true, 533, 1600]);
    const answer = await get(market, reply.digest);
    expect(answer.headers.get('content-type')).toBe('image/webp');
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.includes('SECRET')).toBe(false);
    const kept = await sharp(bytes).metadata();
    expect([kept.format, kept.exif, kept.icc, kept.xmp]).toEqual(['webp', undefined, undefined, undefined]);
    expect((await get(market, reply.digest, { 'if-none-match': `"${reply.digest}"` })).status).toBe(304);
    expect((await upload(mei, jpeg)).reply.digest).toBe(reply.digest);
  });

  test('is judged by its content, whatever it is called', async () => {
    const market = await startMarket();
    const mei = await market.visitor('Mei', { role: 'seller' });
    const png = await photo(20, 20).png().toBuffer();
    const html = Buffer.from('<html><script>alert(1)</script>');
    const frauds: [string, Uint8Array][] = [
      ['text that calls itself a picture', html],
      ['a drawing that could run a script', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
      ['a GIF', await photo(20, 20).gif().toBuffer()],
      ['a picture that ends too soon', png.subarray(0, 40)],
      ['the first bytes of a picture before a page', Buffer.concat([png.subarray(0, 8), html])],
      ['nothing', new Uint8Array()],
    ];
    for (const [what, bytes] of frauds) {
      const { status, reply } = await upload(mei, bytes, 'image/png');
      expect([what, status, reply.fault?.code]).toEqual([what, 422, 'image_not_supported']);
    }
    for (const bytes of [png, await photo(20, 20).webp().toBuffer(), await photo(20, 20).jpeg().toBuffer()]) {
      expect((await upload(mei, bytes, 'text/plain')).reply.ok).toBe(true);
    }
    // What follows a picture in its file does not follow it into ours.
    const both = await upload(mei, Buffer.concat([png, html]));
    if (both.reply.ok) {
      const kept = Buffer.from(await (await get(market, both.reply.digest)).arrayBuffer());
      expect(kept.includes('<script>')).toBe(false);
    }
  });

  test('larger than 5 MB is refused, and so is a small file that unfolds into a huge one', async () => {
    const market = await startMarket();
    const mei = await market.visitor('Mei', { role: 'seller' });
    const large = await upload(mei, new Uint8Array(5 * 1024 * 1024 + 1));
    expect([large.status, large.reply.fault?.code]).toEqual([413, 'image_too_large']);
    const bomb = await photo(12_000, 9_000).png({ compressionLevel: 9 }).toBuffer();
    expect(bomb.length).toBeLessThan(1024 * 1024);
    const unfolded = await upload(mei, bomb);
    expect([unfolded.status, unfolded.reply.fault?.code]).toEqual([422, 'image_not_supported']);
  });

  test('is asked for by its digest only', async () => {
    const market = await startMarket();
    for (const name of ['x', '../../etc/passwd', 'a'.repeat(64), 'A'.repeat(64), '%00']) {
      expect((await get(market, encodeURIComponent(name))).status).toBe(404);
    }
  });
});
