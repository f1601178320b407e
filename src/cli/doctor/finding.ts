/** One line of the doctor: what was looked at, how it is, and what to do about it. */
export type Finding = {
  readonly level: 'ok' | 'warn' | 'fail';
  /** Short: "clock", "PORT". */
  readonly what: string;
  /** Which one, and how it is; never a secret. */
  readonly says: string;
  readonly remedy?: string;
};

export const fine = (what: string, says: string): Finding => ({ level: 'ok', what, says });
export const warn = (what: string, says: string, remedy: string): Finding => ({ level: 'warn', what, says, remedy });
/** Without a remedy of its own when what it says names one. */
export const bad = (what: string, says: string, remedy?: string): Finding => ({
  ...{ level: 'fail', what, says },
  ...(remedy === undefined ? {} : { remedy }),
});

const WHAT_WIDTH = 12;

/** Remedies stand on a line of their own, so that the column of findings can be read at a glance. */
export function lineOf({ level, what, says, remedy }: Finding): string {
  const line = `${level.padEnd(5)} ${what.padEnd(WHAT_WIDTH)} ${says}`;
  return remedy === undefined ? line : `${line}\n${' '.repeat(WHAT_WIDTH + 7)}-> ${remedy}`;
}

/** The system's word for what went wrong ("ENOENT"), or the message. Messages of ours and of drivers hold no passwords. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
