/** Errors on their way between threads: a clone would lose its class, its code and whether a call may be repeated. */
import { ChannelTrouble } from '../ports/payment-channel.ts';
import { KeyReused } from '../ports/store.ts';

type Plain = string | number | boolean | null | undefined;

export type PlainError = {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** What else stood on it: `code`, `retryable`, ... Objects stay behind. */
  readonly facts: Readonly<Record<string, Plain>>;
  readonly cause: PlainError | undefined;
};

/** Those that somebody asks for by their class. The names of others are enough. */
const CLASSES: Readonly<Record<string, { readonly prototype: Error }>> = { ChannelTrouble, KeyReused };
const CAUSES_MAX = 4;

export function packError(error: unknown, depth = 0): PlainError {
  if (!(error instanceof Error))
    return { name: 'Error', message: String(error), stack: '', facts: {}, cause: undefined };
  const facts = Object.entries(error).filter((entry): entry is [string, Plain] => isPlain(entry[1]));
  const { name, message, stack, cause } = error;
  const deeper = cause instanceof Error && depth < CAUSES_MAX;
  return {
    name,
    message,
    stack,
    facts: Object.fromEntries(facts),
    cause: deeper ? packError(cause, depth + 1) : undefined,
  };
}

const isPlain = (value: unknown): value is Plain =>
  value === null || ['string', 'number', 'boolean', 'undefined'].includes(typeof value);

export function unpackError({ name, message, stack, facts, cause }: PlainError): Error {
  const error = new Error(message, cause ? { cause: unpackError(cause) } : {});
  Object.setPrototypeOf(error, CLASSES[name]?.prototype ?? Error.prototype);
  Object.defineProperty(error, 'stack', { value: stack, configurable: true, writable: true });
  return Object.assign(error, facts, { name });
}

type Fields = Readonly<Record<string, unknown>>;
const PACKED = 'packedError';

/** The fields of a log line. What cannot cross is named by its type: a line is never worth a failure. */
export function packFields(fields: Fields): Fields {
  const pack = (value: unknown): unknown => {
    if (value instanceof Error) return { [PACKED]: packError(value) };
    return typeof value === 'function' || typeof value === 'symbol' ? typeof value : value;
  };
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, pack(value)]));
}

export function unpackFields(fields: Fields): Fields {
  const unpack = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && PACKED in value ? unpackError(value[PACKED] as PlainError) : value;
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, unpack(value)]));
}
