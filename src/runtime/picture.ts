/** Sellers' photos: judged by their bytes, decoded and written anew, so that nothing of the file survives but the picture. */
import { createHash } from 'node:crypto';
import { fail, ok, type Result } from '../domain/faults.ts';
import { IMAGE_EDGE_MAX_PX, imageTypeOf } from '../domain/image.ts';
import type { Image } from '../ports/store/catalog.ts';

/** A small file may unfold into a picture that fills the memory. */
const PIXELS_MAX = 50_000_000;
const QUALITY = 82;
const DECODERS_MAX = 2;

let decoding = 0;

/** At most two at a time: a third is told to come again, so that uploads never slow the market down. */
export async function reencode(bytes: Uint8Array): Promise<Result<Image>> {
  if (!imageTypeOf(bytes)) return fail('image_not_supported');
  if (decoding >= DECODERS_MAX) return fail('too_fast');
  decoding += 1;
  try {
    return await decode(bytes);
  } finally {
    decoding -= 1;
  }
}

async function decode(bytes: Uint8Array): Promise<Result<Image>> {
  // 19 MB of library that a market without photos never needs.
  const { default: sharp } = await import('sharp');
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: PIXELS_MAX, failOn: 'error' })
      .rotate() // as the camera was held: the note about it is dropped with all the others
      .resize({ width: IMAGE_EDGE_MAX_PX, height: IMAGE_EDGE_MAX_PX, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: QUALITY })
      .toBuffer({ resolveWithObject: true });
    const digest = createHash('sha256').update(data).digest('hex');
    return ok({ digest, mime: 'image/webp', width: info.width, height: info.height, bytes: new Uint8Array(data) });
  } catch {
    // It began like a picture, and was none.
    return fail('image_not_supported');
  }
}
