/** The two files of the pay page, under names that change with their content, so that a browser keeps them for ever. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { Router } from 'express';

const FILES = { 'pay.css': 'text/css; charset=utf-8', 'pay.ts': 'text/javascript; charset=utf-8' } as const;

export type PayAssets = { readonly router: Router; readonly css: string; readonly script: string };

export function payAssets(): PayAssets {
  const router = Router();
  const urlOf = (file: keyof typeof FILES): string => {
    const source = readFileSync(new URL(`static/${file}`, import.meta.url), 'utf8');
    const version = createHash('sha256').update(source).digest('hex').slice(0, 12);
    const [name = '', ending = ''] = file.split('.');
    const url = `/assets/${name}-${version}.${ending === 'ts' ? 'js' : ending}`;
    let text: string | undefined;
    router.get(url, (_request, response) => {
      text ??= ending === 'ts' ? strip(source) : source;
      response.set({ 'Content-Type': FILES[file], 'Cache-Control': 'public, max-age=31536000, immutable' }).end(text);
    });
    return url;
  };
  return { router, css: urlOf('pay.css'), script: urlOf('pay.ts') };
}

function strip(source: string): string {
  // Node says once that this function is young; that is nothing for the screen of whoever starts the market.
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
