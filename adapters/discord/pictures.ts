/** Our pictures as files of Discord. */
import type { RawFile } from 'discord.js';
import type { Core } from '../../src/ports/core.ts';
import { PICTURE } from './render/screen.ts';

const JPEG_QUALITY = 88;
/** So many are kept ready: one product is drawn in many channels, and drawn again. */
const KEPT_MAX = 100;

export type Pictures = { file(digest: string): Promise<RawFile | undefined> };

export function createPictures(core: Pick<Core, 'image'>): Pictures {
  const kept = new Map<string, Buffer>();
  return {
    async file(digest) {
      const data = kept.get(digest) ?? (await jpegOf(core, digest));
      if (!data) return undefined;
      kept.delete(digest);
      kept.set(digest, data);
      for (const [oldest] of kept.entries().take(kept.size > KEPT_MAX ? 1 : 0)) kept.delete(oldest);
      return { name: PICTURE, data, contentType: 'image/jpeg' };
    },
  };
}

async function jpegOf(core: Pick<Core, 'image'>, digest: string): Promise<Buffer | undefined> {
  const image = await core.image(digest);
  if (!image) return undefined;
  const { default: sharp } = await import('sharp');
  return sharp(image.bytes).flatten({ background: '#ffffff' }).jpeg({ quality: JPEG_QUALITY }).toBuffer();
}
