import type { Result } from '../../../src/domain/faults.ts';
import type { Core } from '../../../src/ports/core.ts';
import { reencode } from '../../../src/runtime/picture.ts';
import type { Download } from './options.ts';

/** A photo of a chat becomes a picture of ours; its digest. The same photo sent again is the same picture. */
export async function keepPhoto(
  { core, download }: { readonly core: Pick<Core, 'saveImage'>; readonly download: Download },
  fileId: string,
): Promise<Result<string>> {
  const bytes = await download(fileId);
  if (!bytes.ok) return bytes;
  const image = await reencode(bytes.value);
  if (!image.ok) return image;
  await core.saveImage(image.value);
  return { ok: true, value: image.value.digest };
}
