// What every process of ours wants before its first TypeScript file is loaded. Plain JavaScript, after the guard.
// The default import on purpose: a named import that an older Node lacks would fail before the guard has spoken.
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

/** Keeps compiled code between starts: stripping types off two hundred files costs a quarter of a second otherwise. */
export function enableCompileCache() {
  // A folder that cannot be written only costs speed: the call reports it in its result and does not throw.
  module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compile', import.meta.url)));
}

/** Reads `.env` of the working directory when there is one. What the environment already holds wins. */
export function loadEnvFile() {
  if (existsSync('.env')) process.loadEnvFile('.env');
}
