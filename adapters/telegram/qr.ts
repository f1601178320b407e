/** A product's link as a picture, to be printed beside the goods. */
import { createHash } from 'node:crypto';
import type { Core } from '../../src/ports/core.ts';
import type { Image } from '../../src/ports/store/catalog.ts';
import type { Messenger } from './messenger.ts';
import type { Met } from './people.ts';
import { productUrl } from './product-link.ts';
import { compose } from './render/screen.ts';
import { plain } from '../../src/view/runs.ts';

/** Light modules around the code that a reader needs to find it. */
const QUIET_ZONE = 4;
const MODULE_PX = 12;

/** As PNG, black on white. */
export async function drawQr(text: string): Promise<Image> {
  const [{ default: encodeQr }, { encode }] = await Promise.all([import('qr'), import('fast-png')]);
  const modules = encodeQr(text, 'raw', { border: QUIET_ZONE, ecc: 'medium' });
  const side = modules.length * MODULE_PX;
  const data = new Uint8Array(side * side);
  for (let y = 0; y < side; y++) {
    const row = modules[Math.floor(y / MODULE_PX)];
    for (let x = 0; x < side; x++) data[y * side + x] = row?.[Math.floor(x / MODULE_PX)] ? 0 : 255;
  }
  const bytes = encode({ width: side, height: side, data, channels: 1, depth: 8 });
  const digest = createHash('sha256').update(bytes).digest('hex');
  return { digest, mime: 'image/png', width: side, height: side, bytes: new Uint8Array(bytes) };
}

type Options = {
  readonly core: Pick<Core, 'saveImage'>;
  readonly messenger: Messenger;
  readonly username: string;
};

/** Sends the picture to whoever asked for it, in private. */
export function createQr({ core, messenger, username }: Options) {
  return async (met: Met, { productId, title }: { productId: string; title: string }): Promise<void> => {
    const url = productUrl(username, productId);
    const image = await drawQr(url);
    await core.saveImage(image);
    const { dir } = met.words.fmt;
    const said = [{ text: plain(title, dir), mark: 'b' }, { text: `\n${url}` }] as const;
    await messenger.send(String(met.userId), compose(said, { photo: image.digest, keyboard: [], dir }));
  };
}
