/** The page's own files, under a name that changes with their content, so that a browser keeps them for ever. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { Router } from 'express';

const TYPES: Readonly<Record<string, string>> = {
  '.ts': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

type Asset = { readonly type: string; readonly bytes: Buffer; readonly zipped: Buffer };

export type Assets = {
  readonly router: Router;
  readonly url: (file: string) => string;
  /** Modules of the seat's page: named in its head, they are fetched at once instead of one after the other. */
  readonly modules: readonly string[];
};

/** Reads the folders once; strips and compresses a file when it is asked for the first time. */
export function createAssets(): Assets {
  const sources = new Map<string, string>();
  for (const folder of ['client', 'static']) {
    const base = fileURLToPath(new URL(`${folder}/`, import.meta.url));
    for (const file of readdirSync(base).toSorted()) {
      if (TYPES[extname(file)] !== undefined) sources.set(file, readFileSync(base + file, 'utf8'));
    }
  }
  const hash = createHash('sha256');
  for (const [file, text] of sources) hash.update(`${file}\0${text}\0`);
  const version = hash.digest('hex').slice(0, 12);
  const made = new Map<string, Asset>();

  const find = (file: string): Asset | undefined => {
    const known = made.get(file);
    const source = sources.get(file);
    if (known || source === undefined) return known;
    const bytes = Buffer.from(extname(file) === '.ts' ? strip(source) : source);
    const asset = { type: TYPES[extname(file)] ?? '', bytes, zipped: gzipSync(bytes) };
    made.set(file, asset);
    return asset;
  };
  const router = Router();
  router.get('/assets/:version/:file', (request, response) => {
    const asset = request.params.version === version ? find(request.params.file) : undefined;
    if (!asset) return void response.sendStatus(404);
    const zipped = request.acceptsEncodings('gzip') === 'gzip';
    response.set({
      'Content-Type': asset.type,
      'Cache-Control': 'public, max-age=31536000, immutable',
      Vary: 'Accept-Encoding',
      ...(zipped ? { 'Content-Encoding': 'gzip' } : {}),
    });
    response.end(zipped ? asset.zipped : asset.bytes);
  });
  return {
    router,
    url: (file) => `/assets/${version}/${file}`,
    modules: [...sources.keys()].filter((file) => extname(file) === '.ts' && file !== 'wire.ts'),
  };
}

function strip(source: string): string {
  // Node says once that this function is young; that belongs in our notes, not on the screen of whoever starts the market.
  const emit = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emit;
  }
}
