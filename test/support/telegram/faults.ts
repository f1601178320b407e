// What can go wrong between a bot and Telegram, ordered by the test: each fault meets the next calls that it fits.
import type { Update } from 'grammy/types';
import type { Updates } from './updates.ts';

export type FaultKind =
  | { readonly kind: 'tooMany'; readonly retryAfterS: number }
  | { readonly kind: 'status'; readonly status: number; readonly description?: string }
  /** The socket is cut: before anything was done, or after it was done but before the answer. */
  | { readonly kind: 'drop'; readonly when: 'before' | 'after' }
  /** The answer waits for this many milliseconds. */
  | { readonly kind: 'slow'; readonly ms: number };

export type FaultTarget = {
  /** Default: every method but getUpdates. */
  readonly method?: string | readonly string[];
  readonly chatId?: number;
  /** Default 1; Infinity until it is stopped. */
  readonly times?: number;
};

type Fault = FaultKind & { readonly target: FaultTarget; left: number };

export class Faults {
  readonly #updates: Updates;
  #faults: Fault[] = [];

  constructor(updates: Updates) {
    this.#updates = updates;
  }

  tooMany(retryAfterS: number, target: FaultTarget = {}): () => void {
    return this.#add({ kind: 'tooMany', retryAfterS }, target);
  }

  /** Everything to this chat is refused with 429 until the returned function is called. */
  storm(retryAfterS: number, chatId?: number): () => void {
    return this.tooMany(retryAfterS, { times: Infinity, ...(chatId === undefined ? {} : { chatId }) });
  }

  status(status: number, target: FaultTarget & { readonly description?: string } = {}): () => void {
    const { description, ...rest } = target;
    return this.#add({ kind: 'status', status, ...(description === undefined ? {} : { description }) }, rest);
  }

  drop(when: 'before' | 'after', target: FaultTarget = {}): () => void {
    return this.#add({ kind: 'drop', when }, target);
  }

  slow(ms: number, target: FaultTarget = {}): () => void {
    return this.#add({ kind: 'slow', ms }, target);
  }

  /** Each of the next updates comes twice, with the same update_id. */
  duplicateUpdates(count = 1): void {
    this.#updates.duplicateNext(count);
  }

  /** The next updates are kept until there are this many, and come newest first. */
  reorderUpdates(count: number): void {
    this.#updates.reorderNext(count);
  }

  /** An update that was delivered before comes once more. */
  redeliver(update: Update): void {
    this.#updates.again(update);
  }

  clear(): void {
    this.#faults = [];
    this.#updates.duplicateNext(0);
    this.#updates.release();
  }

  /** The faults that meet this call; each is used up by one. */
  take(method: string, chatId: unknown): readonly FaultKind[] {
    const met = this.#faults.filter(({ target, left }) => {
      if (left <= 0) return false;
      if (target.chatId !== undefined && Number(chatId) !== target.chatId) return false;
      return target.method === undefined ? method !== 'getUpdates' : [target.method].flat().includes(method);
    });
    for (const fault of met) fault.left -= 1;
    return met;
  }

  #add(kind: FaultKind, target: FaultTarget): () => void {
    const fault: Fault = { ...kind, target, left: target.times ?? 1 };
    this.#faults.push(fault);
    return () => {
      this.#faults = this.#faults.filter((one) => one !== fault);
    };
  }
}
