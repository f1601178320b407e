// Telegram's soft limits of speed, counted in the fake's clock: 30 messages a second in all, 20 a minute into one group.

export type Sent = { readonly at: number; readonly chatId: number };

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const PER_SECOND_MAX = 30;
const PER_GROUP_MINUTE_MAX = 20;

/** Methods that show something in a chat; an answer to a question or a look-up is not counted. */
const SHOWS = /^(send(?!ChatAction)|editMessage|editEphemeral)/;

export class Limits {
  readonly #clock: { now(): number };
  readonly #sent: Sent[] = [];
  readonly #enforced: boolean;

  constructor(clock: { now(): number }, enforced: boolean) {
    this.#clock = clock;
    this.#enforced = enforced;
  }

  /** Counts a call; seconds to wait when it is one too many and limits are enforced. */
  count(method: string, chatId: unknown): number | undefined {
    const id = Number(chatId);
    if (!SHOWS.test(method) || !Number.isFinite(id)) return undefined;
    const now = this.#clock.now();
    if (this.#enforced) {
      const waitMs = Math.max(
        this.#wait(now, SECOND_MS, PER_SECOND_MAX, () => true),
        id < 0 ? this.#wait(now, MINUTE_MS, PER_GROUP_MINUTE_MAX, (one) => one.chatId === id) : 0,
      );
      if (waitMs > 0) return Math.ceil(waitMs / 1000);
    }
    this.#sent.push({ at: now, chatId: id });
    return undefined;
  }

  /** The most messages that ever went out within a window, in all or into one chat. */
  most(windowMs: number, chatId?: number): number {
    const times = this.#sent.filter((one) => chatId === undefined || one.chatId === chatId).map(({ at }) => at);
    let most = 0;
    let from = 0;
    for (const [index, at] of times.entries()) {
      while ((times[from] ?? at) <= at - windowMs) from += 1;
      most = Math.max(most, index - from + 1);
    }
    return most;
  }

  /** How long until one of the calls that fill this window is old enough; 0 when there is room. */
  #wait(now: number, windowMs: number, max: number, counts: (one: Sent) => boolean): number {
    const within = this.#sent.filter((one) => one.at > now - windowMs && counts(one));
    const first = within.at(-max);
    return first ? first.at + windowMs - now : 0;
  }
}
