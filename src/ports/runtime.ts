/** What the world gives the core: time, names, chance and a voice. Everything else in the core is a function of its input. */

/** Instants are integer milliseconds since 1970-01-01T00:00Z. */
export interface Clock {
  now(): number;
}

export interface Ids {
  /** A time-ordered identifier (UUIDv7): rows made one after another lie beside each other on disk. */
  next(): string;
  /** A short code that people read aloud ("order K7PM-2QXD"); unique by constraint, not by promise. */
  humanCode(): string;
  /** 128 bits of chance in base64url, for links that are themselves the permission. */
  token(): string;
}

export type LogFields = Readonly<Record<string, unknown>>;

/** Structured; never given a secret, a name, an address or free text. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

/** Runs `fn` after the current turn of the event loop: where a batch of waiting work is cut. Tests replace it. */
export type AfterTurn = (fn: () => void) => void;

/** So many points for each key in so many seconds. */
export type LimitRule = { readonly name: string; readonly points: number; readonly perS: number };
/** False when the one named by `key` has used up what the rule gives. Never throws. */
export type Limit = (key: string) => Promise<boolean>;

/** Personal and secret text: sealed before it reaches a row, opened after it left one. */
export interface Vault {
  /** A keyed digest of something that must be found again but not read (a platform user id, a digital code). */
  digest(purpose: string, text: string): string;
  /** `purpose` separates keys: what was sealed for one purpose cannot be opened for another. Base64url text. */
  seal(purpose: string, text: string): string;
  open(purpose: string, sealed: string): string;
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };
