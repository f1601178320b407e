// What comes over the wire: JSON or multipart bodies of the Bot API, taken apart without guessing.
import type { IncomingMessage } from 'node:http';

export type Upload = { readonly name: string; readonly mime: string; readonly bytes: Buffer };

export type WireCall = {
  readonly fields: Record<string, unknown>;
  /** Files of a multipart body by the name of their part, which a field names as attach://<name>. */
  readonly uploads: ReadonlyMap<string, Upload>;
  /** In a multipart body every field is text; objects, numbers and booleans still have to be read from it. */
  readonly isText: boolean;
};

const BODY_MAX_BYTES = 60 * 1024 * 1024;

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_MAX_BYTES) throw new Error('Request Entity Too Large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Throws an Error, whose message is Telegram's, for a body that cannot be read. */
export function parseCall(contentType: string | undefined, body: Buffer): WireCall {
  if (body.length === 0) return { fields: {}, uploads: new Map(), isText: false };
  if (contentType?.startsWith('application/json')) {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new Error('object expected');
    return { fields: { ...parsed }, uploads: new Map(), isText: false };
  }
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/.exec(contentType ?? '')?.[1];
  if (boundary === undefined) throw new Error(`unsupported content type ${contentType ?? 'none'}`);
  return parseMultipart(body, boundary);
}

function parseMultipart(body: Buffer, boundary: string): WireCall {
  const fields: Record<string, unknown> = {};
  const uploads = new Map<string, Upload>();
  const mark = Buffer.from(`--${boundary}`);
  let from = body.indexOf(mark);
  if (from < 0) throw new Error('no boundary in the multipart body');
  for (;;) {
    const start = from + mark.length;
    const end = body.indexOf(mark, start);
    if (end < 0) break;
    const part = body.subarray(start + 2, end - 2);
    const split = part.indexOf('\r\n\r\n');
    if (split < 0) throw new Error('a part of the multipart body has no header');
    const head = part.subarray(0, split).toString('utf8');
    const bytes = part.subarray(split + 4);
    const name = /[; ]name="?([^";\r\n]+)"?/i.exec(head)?.[1];
    if (name === undefined) throw new Error('a part of the multipart body has no name');
    const file = /filename\*?="?([^";\r\n]+)"?/i.exec(head)?.[1];
    if (file === undefined) fields[name] = bytes.toString('utf8');
    else {
      const mime = /content-type:\s*([^\r\n;]+)/i.exec(head)?.[1] ?? 'application/octet-stream';
      uploads.set(name, { name: decodeURIComponent(file.replace(/^UTF-8''/i, '')), mime, bytes: Buffer.from(bytes) });
    }
    from = end;
  }
  return { fields, uploads, isText: true };
}
