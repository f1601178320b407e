/** Calls to the provider's API. What cannot be believed is `unclear`, never an error: the work may have been done. */
import { z } from 'zod';
import { ChannelTrouble } from '../../ports/payment-channel.ts';
import type { MerchantAccount } from '../../ports/store/people.ts';

/** Bytes of an answer. The largest is a statement. */
const ANSWER_MAX = 16 * 1024 * 1024;

export type Call = {
  readonly account: MerchantAccount;
  readonly method: 'GET' | 'POST';
  /** Under `/v1`. */
  readonly path: string;
  readonly key?: string;
  readonly body?: unknown;
};

export type Reply =
  /** `replayed`: the provider repeated its first answer to this key, which tells of the past. */
  | { readonly kind: 'answered'; readonly body: unknown; readonly replayed: boolean }
  /** The provider said no, in its own words: this call did nothing. */
  | { readonly kind: 'refused'; readonly code: string }
  /** Time-out, broken line, 5xx, or an answer that is not the provider's. `replayed`: no other will come by this key. */
  | { readonly kind: 'unclear'; readonly replayed: boolean };

export type Client = {
  /** Throws `ChannelTrouble`, retryable, when the provider put the call off (429, 503, its key still under way). */
  call(call: Call): Promise<Reply>;
};

const refusal = z.object({ error: z.object({ code: z.string().regex(/^[a-z0-9_]{1,60}$/) }) });

export function createClient(settings: { baseUrl: string; apiKey: string; timeoutMs: number }): Client {
  const base = settings.baseUrl.replace(/\/+$/, '');
  return {
    async call(call) {
      const answer = await send(`${base}/v1${call.path}`, call, settings);
      if (answer === undefined) return { kind: 'unclear', replayed: false };
      return judge(answer, call);
    },
  };
}

type Answer = { readonly status: number; readonly replayed: boolean; readonly body: unknown };

function judge({ status, replayed, body }: Answer, call: Call): Reply {
  if (status === 200) return body === undefined ? { kind: 'unclear', replayed } : { kind: 'answered', body, replayed };
  const said = refusal.safeParse(body);
  // A proxy answers 4xx and 503 too; only the provider's own words say that nothing was done.
  if (!said.success) return { kind: 'unclear', replayed };
  const { code } = said.data.error;
  if (status === 429 || status === 503 || code === 'idempotency_in_progress') {
    throw new ChannelTrouble(`sandbox ${call.method} ${folderOf(call)}: ${status} ${code}, try again later.`, {
      retryable: true,
    });
  }
  if (status >= 400 && status < 500) return { kind: 'refused', code };
  return { kind: 'unclear', replayed };
}

/** For messages: the path without identifiers. */
const folderOf = ({ path }: Call): string => path.split(/[/?]/)[1] ?? '';

/** Undefined when no whole answer came. */
async function send(
  url: string,
  call: Call,
  { apiKey, timeoutMs }: { apiKey: string; timeoutMs: number },
): Promise<Answer | undefined> {
  try {
    const response = await fetch(url, {
      method: call.method,
      // A redirect could hand the request, and its key, to somebody else.
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        authorization: `Bearer ${apiKey}`,
        'sandbox-account': call.account.accountRef,
        ...(call.key === undefined ? {} : { 'idempotency-key': call.key }),
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    });
    const body = parse(await bounded(response));
    return { status: response.status, replayed: response.headers.get('sandbox-replayed') === 'true', body };
  } catch {
    // fetch and its stream throw for time-outs and every break of the line; whether the request was executed is not known.
    return undefined;
  }
}

async function bounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const body: AsyncIterable<Uint8Array> | null = response.body;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > ANSWER_MAX) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
