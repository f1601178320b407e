/** The one way to the Bot API, and what its refusals mean to us. */
import { Api, GrammyError, HttpError } from 'grammy';
import type { Sent } from '../../src/ports/chat.ts';
import type { TelegramSettings } from './options.ts';

/** A call that takes longer is given up; it may have been done. */
const CALL_TIMEOUT_S = 15;
/** Above the longest poll. */
const POLL_TIMEOUT_S = 90;
const LATER_MS = 1_000;

export type TelegramApi = Api;

export function createApi({ token, apiRoot }: Pick<TelegramSettings, 'token' | 'apiRoot'>): {
  readonly api: TelegramApi;
  readonly polling: TelegramApi;
} {
  const root = apiRoot === null ? {} : { apiRoot };
  return {
    api: new Api(token, { ...root, timeoutSeconds: CALL_TIMEOUT_S }),
    polling: new Api(token, { ...root, timeoutSeconds: POLL_TIMEOUT_S }),
  };
}

/** Telegram names chats and people by integers; in our rows a name is text. Throws RangeError for what is none of its names. */
export function chatIdOf(text: string): number {
  const id = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(id)) throw new RangeError(`"${text}" names no chat of Telegram.`);
  return id;
}

/**
 * `same`: it looks like this already. `later`: not done for certain. `gone`: the message or the chat is not there (any more).
 * `closed`: this person cannot be written to. `barred`: we may not write here, until somebody lets us. `moved`: the chat has another id now. `unknown`: it may have been done. `refused`: our
 * request was wrong, and will be the next time.
 */
export type Trouble =
  | { readonly kind: 'same' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'barred' }
  | { readonly kind: 'later'; readonly afterMs: number }
  | { readonly kind: 'moved'; readonly to: string }
  | { readonly kind: 'refused'; readonly why: string };

const GONE =
  /message to (edit|delete|be replied|reply)|message can't be (edited|deleted)|MESSAGE_ID_INVALID|not found/i;
const BARRED =
  /not enough rights|no rights|CHAT_WRITE_FORBIDDEN|TOPIC_CLOSED|CHAT_RESTRICTED|need administrator rights/i;
/** /doctor names the missing right; a card waits a day for it. */
const BARRED_MS = 60_000;
const CLOSED = /user not found|PEER_ID_INVALID|user is deactivated|bot was blocked|can't initiate/i;

/** `send` makes something new, so that doing it twice is seen; `edit` may be repeated. */
export function troubleOf(error: unknown, doing: 'send' | 'edit'): Trouble {
  if (error instanceof HttpError) {
    // Refused at the door: nothing was heard.
    const unheard = codeOf(error.error) === 'ECONNREFUSED';
    return doing === 'edit' || unheard ? { kind: 'later', afterMs: LATER_MS } : { kind: 'unknown' };
  }
  if (!(error instanceof GrammyError)) throw error;
  const { error_code: code, description, parameters } = error;
  if (parameters.migrate_to_chat_id !== undefined) return { kind: 'moved', to: String(parameters.migrate_to_chat_id) };
  if (code === 429) return { kind: 'later', afterMs: (parameters.retry_after ?? 1) * 1_000 };
  if (code >= 500) return doing === 'edit' ? { kind: 'later', afterMs: LATER_MS } : { kind: 'unknown' };
  if (/message is not modified/i.test(description)) return { kind: 'same' };
  if (BARRED.test(description)) return { kind: 'barred' };
  if (code === 403 || CLOSED.test(description)) return { kind: 'closed' };
  if (code === 400 && GONE.test(description)) return { kind: 'gone' };
  return { kind: 'refused', why: `${error.method}: ${description}` };
}

function codeOf(error: unknown): unknown {
  let at: unknown = error;
  for (let depth = 0; depth < 4 && typeof at === 'object' && at !== null; depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    at = 'cause' in at ? at.cause : undefined;
  }
  return undefined;
}

/** Work that must be done again, and may be. */
export class TryLater extends Error {
  readonly afterMs: number;

  constructor(afterMs: number, what: string) {
    super(`${what}: again in ${afterMs} ms`);
    this.name = 'TryLater';
    this.afterMs = afterMs;
  }
}

export class Refused extends Error {
  constructor(why: string) {
    super(`Telegram refused a request of ours: ${why}`);
    this.name = 'Refused';
  }
}

/** What became of a send, for the outbox. A wrong request throws: it is our mistake, and repeating it helps nobody. */
export function sentOf(trouble: Exclude<Trouble, { kind: 'same' }>, where: 'group' | 'private'): Sent {
  switch (trouble.kind) {
    case 'later':
      return { outcome: 'later', afterMs: trouble.afterMs };
    case 'barred':
      return { outcome: 'later', afterMs: BARRED_MS };
    case 'moved':
      return { outcome: 'later', afterMs: 0 };
    case 'gone':
      return { outcome: where === 'private' ? 'closed' : 'gone' };
    case 'closed':
      return { outcome: where === 'private' ? 'closed' : 'gone' };
    case 'unknown':
      return { outcome: 'unknown' };
    case 'refused':
      throw new Refused(trouble.why);
    default:
      return trouble satisfies never;
  }
}
