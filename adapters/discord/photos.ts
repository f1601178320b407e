/** Photos that people upload, fetched from Discord's file server. */
import { fail, type Result } from '../../src/domain/faults.ts';
import { IMAGE_BYTES_MAX } from '../../src/domain/image.ts';
import type { Core } from '../../src/ports/core.ts';
import { reencode } from '../../src/runtime/picture.ts';

const FETCH_TIMEOUT_MS = 15_000;

/** A photo becomes a picture of ours; its digest. `url` is what Discord says of an attachment of this very form. */
export async function keepPhoto(core: Pick<Core, 'saveImage'>, url: string): Promise<Result<string>> {
  const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`Discord gave a photo with status ${response.status}.`);
  if (Number(response.headers.get('content-length') ?? 0) > IMAGE_BYTES_MAX) return fail('image_not_supported');
  const image = await reencode(new Uint8Array(await response.arrayBuffer()));
  if (!image.ok) return image;
  await core.saveImage(image.value);
  return { ok: true, value: image.value.digest };
}
