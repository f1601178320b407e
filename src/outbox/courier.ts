/** What a delivery stands on, and the one way to hand a view to a platform. */
import type { ChatPlatform, Sent } from '../ports/chat.ts';
import type { Core } from '../ports/core.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import type { Words } from '../ports/words.ts';
import type { View } from '../view/view.ts';

/** Calls to payment channels. Each may be repeated: it carries its own key. They throw when a later try may help. */
export type OutboxCalls = {
  openAttempt(attemptId: string): Promise<void>;
  closeAttempt(attemptId: string): Promise<void>;
  submitRefund(refundId: string): Promise<void>;
  renewCardInvoices(productId: string): Promise<void>;
};

export type Platforms = ReadonlyMap<string, ChatPlatform<View>>;

export type Courier = {
  readonly store: Store;
  readonly core: Pick<Core, 'load' | 'profile'>;
  readonly platforms: Platforms;
  readonly calls: OutboxCalls;
  readonly words: (locale: string, timeZone: string) => Words;
  readonly clock: Clock;
  readonly log: Log;
};

/** A delivery that takes longer is given up, well before its lease is over: nobody else may begin what we still do. */
export const DELIVERY_MS = 20_000;

/** A platform that throws, or does not answer in time, may have sent. */
export async function handOver(
  { log }: Pick<Courier, 'log'>,
  platform: ChatPlatform<View>,
  send: () => Promise<Sent>,
): Promise<Sent> {
  try {
    return await inTime(send());
  } catch (error) {
    log.warn({ err: error, platform: platform.platform }, 'a chat platform did not answer');
    return { outcome: 'unknown' };
  }
}

/** Rejects when `work` takes too long; `work` itself cannot be stopped, and what it answers later is not heard. */
export async function inTime<T>(work: Promise<T>): Promise<T> {
  const { promise: tooLong, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${DELIVERY_MS / 1000} seconds`)), DELIVERY_MS);
  timer.unref();
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
