/** JSON lines on standard output. What is not known to be harmless is not written: a new field shows up as `[withheld]`. */
import { type DestinationStream, type Logger, pino } from 'pino';
import type { Log, LogFields } from '../ports/runtime.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const WITHHELD = '[withheld]';
const TEXT_MAX = 500;
const STACK_LINES_MAX = 12;
const LIST_MAX = 20;

/** Names of fields that carry identifiers, numbers or words of ours. No names, addresses, free text, tokens, headers or bodies. */
const ALLOWED = new Set(
  `
  account action run work works age amount asOf attempt attempts backend backoff base batch bytes channel chat code codes
  command count counts currency database day dead decision deed delay depth detail dialect digest done due
  duration err error event expected failed fault faults file folder form from handle hint host id incident
  intent key kind lane left level limit lines locale mb message method migration migrations mode ms msg name
  names next node object order outcome path payment person pid platform port product quote rate rates reason
  reference refund remedy req res responseTime result role route seat seconds seq shop signal size source
  stage state status step sum table to topic tries type url version warning what where worker
  `.split(/\s+/),
);
const ALLOWED_ENDING = /(?:Id|Ids|Ms|At|Count|Code|Ref|Name|State|Kind)$/;
const REFUSED_ENDING = /(?:[tT]oken|[sS]ecret|[kK]eys?|[pP]assword|display[nN]ame|user[nN]ame|full[nN]ame)$/;

export type Logging = {
  readonly log: Log;
  /** For the middleware that logs requests. */
  readonly pino: Logger;
};

export function createLog({ level, to }: { level: LogLevel; to?: DestinationStream }): Logging {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    // What reaches it is plain already.
    serializers: { err: (plainError: unknown) => plainError },
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: Record<string, unknown>) => withhold(fields),
    },
  };
  const logger = to ? pino(options, to) : pino(options);
  const write = (of: 'debug' | 'info' | 'warn' | 'error') => (fields: LogFields, message: string) =>
    logger[of](fields, message);
  return {
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    pino: logger,
  };
}

function withhold(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, isAllowed(name) ? plain(value, 0) : WITHHELD]),
  );
}

const isAllowed = (name: string): boolean =>
  ALLOWED.has(name) || (ALLOWED_ENDING.test(name) && !REFUSED_ENDING.test(name));

function plain(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.length > TEXT_MAX ? `${value.slice(0, TEXT_MAX)}…` : value;
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined) return value;
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Error) return errorOf(value, depth);
  if (depth > 3) return WITHHELD;
  if (Array.isArray(value)) return value.slice(0, LIST_MAX).map((item) => plain(item, depth + 1));
  if (typeof value !== 'object') return WITHHELD;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, isAllowed(name) ? plain(inner, depth + 1) : WITHHELD]),
  );
}

/** Only what every error has: a database driver hangs the rows it speaks of on its errors. */
function errorOf(error: Error, depth: number): object {
  return {
    type: error.name,
    message: plain(error.message, depth),
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    stack: error.stack
      ?.split('\n')
      .slice(1, STACK_LINES_MAX)
      .map((line) => line.trim()),
    ...(error.cause instanceof Error && depth < 3 ? { cause: errorOf(error.cause, depth + 1) } : {}),
  };
}
