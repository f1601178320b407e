/** Our pictures as files of Telegram: sent once, afterwards named. */
import { InputFile } from 'grammy';
import type { Core } from '../../src/ports/core.ts';
import { troubleOf } from './api.ts';

const FILES_MAX = 5_000;
const JPEG_QUALITY = 88;

type File = InputFile | string;

export type Pictures = {
  /** `call` is made with a name that Telegram knows, and again with the file itself when it does not know it any more. */
  using<T>(digest: string, call: (file: File) => Promise<T>, idOf: (result: T) => string | undefined): Promise<T>;
};

/** The names are kept in memory alone: without them a picture is sent again. */
export function createPictures(core: Pick<Core, 'image'>): Pictures {
  const names = new Map<string, string>();
  const note = (digest: string, name: string | undefined) => {
    if (name === undefined) return;
    names.set(digest, name);
    for (const [oldest] of names.entries().take(names.size > FILES_MAX ? 1 : 0)) names.delete(oldest);
  };
  return {
    async using(digest, call, idOf) {
      const known = names.get(digest);
      if (known !== undefined) {
        try {
          return await call(known);
        } catch (error) {
          const trouble = troubleOf(error, 'edit');
          if (trouble.kind !== 'refused' || !/file/i.test(trouble.why)) throw error;
          names.delete(digest);
        }
      }
      const result = await call(await fileOf(core, digest));
      note(digest, idOf(result));
      return result;
    },
  };
}

/** Telegram takes no photo that is more than twenty times as long as it is high. */
const RATIO_MAX = 20;

/** As JPEG, which every client and every server of Telegram shows; what is too narrow gets a margin. */
async function fileOf(core: Pick<Core, 'image'>, digest: string): Promise<InputFile> {
  const image = await core.image(digest);
  if (!image) throw new Error(`Picture ${digest} is gone: a view still shows it.`);
  const { default: sharp } = await import('sharp');
  const least = Math.ceil(Math.max(image.width, image.height) / RATIO_MAX);
  const [width, height] = [Math.max(image.width, least), Math.max(image.height, least)];
  const jpeg = sharp(image.bytes)
    .flatten({ background: '#ffffff' })
    .resize({ width, height, fit: 'contain', background: '#ffffff', withoutEnlargement: false })
    .jpeg({ quality: JPEG_QUALITY });
  return new InputFile(new Uint8Array(await jpeg.toBuffer()), `${digest.slice(0, 16)}.jpg`);
}
