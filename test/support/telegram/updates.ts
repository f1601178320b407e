// The queue of updates and the two ways out of it: a held long poll, or a webhook with retries.
import { request } from 'node:http';
import type { Update } from 'grammy/types';
import type { UpdateKind } from './methods.ts';
import { Refusal, badRequest } from './refusal.ts';

type Entry = { readonly update: Update; readonly lane: string; again: boolean; busy: boolean };
type Poll = { readonly finish: (answer: Update[] | Refusal) => void; readonly limit: number };
export type Webhook = { readonly url: string; readonly secret: string | undefined };

const SILENT_BY_DEFAULT: readonly string[] = ['chat_member', 'message_reaction', 'message_reaction_count'];
const ATTEMPTS_MAX = 200;
const SLOWEST_RETRY = 25;

export class Updates {
  /** Everything that was ever queued, oldest first. */
  readonly history: Update[] = [];
  webhook: Webhook | undefined;
  /** Where the host of a webhook's URL really listens; its path stays. */
  webhookOrigin: string | undefined;
  allowed: readonly string[] = [];
  lastError: { readonly at: number; readonly message: string } | undefined;
  readonly #clock: { now(): number };
  readonly #retryMs: number;
  readonly #changed: () => void;
  #queue: Entry[] = [];
  #lastId = 700_000_000;
  #poll: Poll | undefined;
  #duplicate = 0;
  #held: { readonly size: number; readonly entries: Entry[] } | undefined;
  #closed = false;

  constructor(options: { clock: { now(): number }; retryMs: number; changed: () => void }) {
    this.#clock = options.clock;
    this.#retryMs = options.retryMs;
    this.#changed = options.changed;
  }

  get pending(): number {
    return this.#queue.length + (this.#held?.entries.length ?? 0);
  }

  /** True while a long poll is held. */
  get isPolled(): boolean {
    return this.#poll !== undefined;
  }

  isAllowed(kind: UpdateKind): boolean {
    return this.allowed.length === 0 ? !SILENT_BY_DEFAULT.includes(kind) : this.allowed.includes(kind);
  }

  /** Queues an update; undefined when the bot did not ask for its kind. `lane`: updates of one lane keep their order. */
  add(kind: UpdateKind, value: unknown, lane: string): Update | undefined {
    if (!this.isAllowed(kind)) return undefined;
    this.#lastId += 1;
    const update = { update_id: this.#lastId, [kind]: value } as Update;
    this.history.push(update);
    const entry: Entry = { update, lane, again: false, busy: false };
    const copies = [entry];
    if (this.#duplicate > 0) {
      this.#duplicate -= 1;
      copies.push({ ...entry, again: true, lane: `${lane} again` });
    }
    if (this.#held) {
      this.#held.entries.push(...copies);
      if (this.#held.entries.length < this.#held.size) return update;
    }
    if (this.#held) this.release();
    else this.#push(copies);
    return update;
  }

  /** Puts an update that went out before into the queue again, as after a lost answer. */
  again(update: Update): void {
    this.#push([{ update, lane: `again ${update.update_id}`, again: true, busy: false }]);
  }

  duplicateNext(count: number): void {
    this.#duplicate = count;
  }

  reorderNext(count: number): void {
    this.#held = { size: count, entries: [] };
  }

  /** Lets go of what waits to be reordered, newest first. */
  release(): void {
    const entries = this.#held?.entries.toReversed() ?? [];
    this.#held = undefined;
    this.#push(entries);
  }

  drop(): void {
    this.#queue = [];
    this.#changed();
  }

  /** Answers a getUpdates. `gone` aborts when its client went away. */
  async poll(args: { offset: number; limit: number; timeoutS: number; gone: AbortSignal }): Promise<Update[]> {
    if (this.webhook) {
      const words =
        "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
      throw new Refusal(409, `Conflict: ${words}`);
    }
    const other = 'terminated by other getUpdates request; make sure that only one bot instance is running';
    this.#poll?.finish(new Refusal(409, `Conflict: ${other}`));
    if (args.offset < 0) this.#queue = this.#queue.slice(args.offset);
    else this.#queue = this.#queue.filter((entry) => entry.again || entry.update.update_id >= args.offset);
    this.#changed();
    if (this.#queue.length > 0 || args.timeoutS === 0) return this.#take(args.limit);
    return new Promise((resolve, reject) => {
      const poll: Poll = {
        limit: args.limit,
        finish: (answer) => {
          clearTimeout(timer);
          if (this.#poll === poll) this.#poll = undefined;
          if (answer instanceof Refusal) reject(answer);
          else resolve(answer);
        },
      };
      const timer = setTimeout(() => poll.finish([]), Math.min(args.timeoutS, 50) * 1000);
      args.gone.addEventListener('abort', () => poll.finish([]), { once: true });
      this.#poll = poll;
      this.#changed();
    });
  }

  setWebhook(webhook: Webhook | undefined): void {
    if (webhook && !webhook.url.startsWith('https:') && !/^http:\/\/127\.0\.0\.1[:/]/.test(webhook.url)) {
      throw badRequest('bad webhook: An HTTPS URL must be provided for webhook');
    }
    const { protocol, port } = URL.parse(webhook?.url ?? '') ?? { protocol: '', port: '' };
    if (protocol === 'https:' && !['', '80', '88', '443', '8443'].includes(port)) {
      throw badRequest('bad webhook: webhook can be set up only on ports 80, 88, 443 or 8443');
    }
    this.webhook = webhook;
    if (webhook) this.#poll?.finish(new Refusal(409, 'Conflict: terminated by setWebhook request'));
    this.#flush();
  }

  close(): void {
    this.#closed = true;
    this.#poll?.finish([]);
    this.#queue = [];
  }

  #push(entries: readonly Entry[]): void {
    this.#queue.push(...entries);
    this.#changed();
    this.#flush();
  }

  #take(limit: number): Update[] {
    const taken = this.#queue.slice(0, limit);
    // A copy goes out once, whatever offset the bot has confirmed.
    this.#queue = this.#queue.filter((entry) => !(entry.again && taken.includes(entry)));
    return taken.map((entry) => entry.update);
  }

  #flush(): void {
    if (this.#poll && this.#queue.length > 0) this.#poll.finish(this.#take(this.#poll.limit));
    if (!this.webhook || this.#closed) return;
    const busy = new Set(this.#queue.filter((entry) => entry.busy).map((entry) => entry.lane));
    for (const entry of this.#queue) {
      if (busy.has(entry.lane)) continue;
      busy.add(entry.lane);
      entry.busy = true;
      void this.#deliver(entry);
    }
  }

  async #deliver(entry: Entry): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      const { webhook } = this;
      if (!webhook || this.#closed || !this.#queue.includes(entry)) break;
      const status = await this.#post(webhook, entry.update);
      if (status >= 200 && status < 300) {
        this.#queue = this.#queue.filter((one) => one !== entry);
        break;
      }
      const words = status === 0 ? 'Connection failed' : `Wrong response from the webhook: ${status}`;
      this.lastError = { at: this.#clock.now(), message: words };
      this.#changed();
      await new Promise((resolve) => setTimeout(resolve, this.#retryMs * Math.min(attempt, SLOWEST_RETRY)));
    }
    entry.busy = false;
    this.#changed();
    if (!this.#queue.includes(entry)) this.#flush();
  }

  /** The status of the bot's answer; 0 when there was none. */
  #post(webhook: Webhook, update: Update): Promise<number> {
    const named = new URL(webhook.url);
    const url = this.webhookOrigin === undefined ? named : new URL(named.pathname + named.search, this.webhookOrigin);
    if (url.protocol !== 'http:') return Promise.resolve(0);
    return post(url, webhook.secret, update);
  }
}

function post(url: URL, secret: string | undefined, update: Update): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    ...(secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret }),
  };
  return new Promise((resolve) => {
    const sent = request(url, { method: 'POST', headers, timeout: 60_000, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', () => resolve(0));
    });
    sent.on('error', () => resolve(0));
    sent.on('timeout', () => sent.destroy());
    sent.end(JSON.stringify(update));
  });
}
