/** Photos that people send, fetched from Telegram's file server. */
import { fail, ok } from '../../src/domain/faults.ts';
import { IMAGE_BYTES_MAX } from '../../src/domain/image.ts';
import type { TelegramApi } from './api.ts';
import type { Download } from './forms/options.ts';
import type { TelegramSettings } from './options.ts';

const FETCH_TIMEOUT_MS = 15_000;
const API_ROOT = 'https://api.telegram.org';

type Options = Pick<TelegramSettings, 'token' | 'apiRoot'> & { readonly api: TelegramApi };

export function createDownload({ api, token, apiRoot }: Options): Download {
  return async (fileId) => {
    const { file_path: path, file_size: size = 0 } = await api.getFile(fileId);
    if (path === undefined || size > IMAGE_BYTES_MAX) return fail('image_not_supported');
    const url = `${apiRoot ?? API_ROOT}/file/bot${token}/${path}`;
    const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    // The address holds the token: it is told to nobody.
    if (!response.ok) throw new Error(`Telegram gave a photo with status ${response.status}.`);
    return ok(new Uint8Array(await response.arrayBuffer()));
  };
}
