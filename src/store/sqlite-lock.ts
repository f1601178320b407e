/** One writing process a file. The kernel frees the lock at the process's death, however it dies. */
import { DatabaseSync } from 'node:sqlite';

const SQLITE_BUSY = 5;

export class StoreLocked extends Error {
  constructor(file: string) {
    super(
      `Another process has the database ${file} open for writing (it holds ${file}.lock): stop that process, or name another file in DATABASE_URL. Reading (verify, backup, doctor) works beside it.`,
    );
    this.name = 'StoreLocked';
  }
}

/** Holds `<file>.lock` until `close`. Throws `StoreLocked` when another process, or another store in this one, has it. */
export function lockFile(file: string): { close(): void } {
  const lock = new DatabaseSync(`${file}.lock`, { timeout: 0 });
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    throw codeOf(error) === SQLITE_BUSY ? new StoreLocked(file) : error;
  }
  return {
    close: () => {
      lock.close();
    },
  };
}

/** SQLite's primary result code of an error of its driver. */
export function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode & 0xff;
}
