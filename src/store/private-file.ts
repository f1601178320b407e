/** Files that hold the market: for the user who runs it and nobody else on the machine. */
import { closeSync, existsSync, openSync } from 'node:fs';

const PRIVATE = 0o600;

/**
 * Makes the file, empty, unless it is there; SQLite's own files beside it take after it. One that is there keeps its mode, which may
 * be the operator's choice. Where it cannot be made SQLite says why.
 */
export function makePrivate(path: string): void {
  if (existsSync(path)) return;
  try {
    closeSync(openSync(path, 'wx', PRIVATE));
  } catch {
    // SQLite meets the same obstacle at once, and its error is the one that is told to the operator.
  }
}
