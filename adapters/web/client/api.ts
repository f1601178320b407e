/** Posts to our own seat. A lost answer is asked for again under the same key, so that one wish has one effect. */
import type { WirePhotoReply, WireReply } from './wire.ts';

export type Values = Readonly<Record<string, string | boolean | readonly string[]>>;

/** Nobody knows whether it arrived: asking again with the same key is safe. */
export class Lost extends Error {
  constructor() {
    super('No answer came from the market.');
    this.name = 'Lost';
  }
}

const TRIES = 3;
const PAUSE_MS = 700;
const ANSWER_TIMEOUT_MS = 15_000;

export type Api = {
  readonly say: (said: { chatId: string; text: string; key: string }) => Promise<WireReply>;
  readonly press: (press: {
    handle: string;
    chatId: string | null;
    key?: string;
    formId?: string;
    values?: Values;
  }) => Promise<WireReply>;
  readonly photo: (file: Blob) => Promise<WirePhotoReply>;
};

/** 128 bits of chance. (`crypto.randomUUID` is missing on a page that came by plain http.) */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function createApi(seat: number): Api {
  const json = (path: string, body: object) =>
    post<WireReply>(`/seat/${seat}/${path}`, JSON.stringify(body), 'application/json');
  return {
    say: (said) => json('say', said),
    press: (press) => json('press', press),
    photo: (file) => post<WirePhotoReply>(`/seat/${seat}/photos`, file, 'application/octet-stream'),
  };
}

async function post<R extends { ok: boolean }>(path: string, body: string | Blob, type: string): Promise<R> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const reply = await once<R>(path, body, type);
    if (reply) return reply;
    if (attempt < TRIES) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt));
  }
  throw new Lost();
}

async function once<R extends { ok: boolean }>(
  path: string,
  body: string | Blob,
  type: string,
): Promise<R | undefined> {
  try {
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const answer = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': type, Accept: 'application/json' },
      body,
      signal,
    });
    if (answer.status === 401) {
      location.assign('/');
      return undefined;
    }
    if (!answer.headers.get('Content-Type')?.startsWith('application/json')) return undefined;
    return readReply((await answer.json()) as R & Partial<Broken>);
  } catch {
    return undefined;
  }
}

type Broken = { readonly text: string; readonly fault: object };

/** What broke on the other side tells its text and number without being a reply of ours. */
function readReply<R extends { ok: boolean }>(body: R & Partial<Broken>): R {
  if (body.ok || body.fault) return body;
  return { ...body, fault: { code: 'bug', text: body.text ?? '', field: null } };
}
