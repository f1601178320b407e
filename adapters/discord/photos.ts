/** Photos that people upload, fetched from Discord's file server. */
import { fail, type Result } from '../../src/domain/faults.ts';
import { IMAGE_BYTES_MAX } from '../../src/domain/image.ts';
import type { Core } from '../../src/ports/core.ts';
import { reencode } from '../../src/runtime/picture.ts';

const FETCH_TIMEOUT_MS = 15_000;

/** What Discord says of an attachment of a form: `size` in bytes. */
type Attachment = { readonly url: string; readonly size: number };

/** A photo becomes a picture of ours; its digest. No more than the largest picture is ever read. */
export async function keepPhoto(core: Pick<Core, 'saveImage'>, { url, size }: Attachment): Promise<Result<string>> {
  if (size > IMAGE_BYTES_MAX) return fail('image_not_supported');
  const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`Discord gave a photo with status ${response.status}.`);
  const bytes = await readAtMost(response.body, IMAGE_BYTES_MAX);
  if (!bytes) return fail('image_not_supported');
  const image = await reencode(bytes);
  if (!image.ok) return image;
  await core.saveImage(image.value);
  return { ok: true, value: image.value.digest };
}

/** Undefined when there is more; what is left is not read. */
async function readAtMost(body: ReadableStream<Uint8Array> | null, max: number): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body ?? []) {
    length += part.byteLength;
    if (length > max) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
