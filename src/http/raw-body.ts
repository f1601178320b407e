/** The bytes of a request as they came, up to a limit. */
import type { RequestHandler } from 'express';

/** So long the other side has to read our refusal before the line is cut. */
const LINGER_MS = 1_000;

/**
 * Puts a `Uint8Array` into `request.body`. 413 as soon as the limit is passed, without reading on (a body parser would read all of it
 * first); 415 for a compressed body: what is signed is what came.
 */
export function rawBody(bytesMax: number): RequestHandler {
  return (request, response, next) => {
    const refuse = (status: number) => {
      request.pause();
      response.set('Connection', 'close').sendStatus(status);
      setTimeout(() => request.destroy(), LINGER_MS).unref();
    };
    const { 'content-encoding': encoding = 'identity', 'content-length': length } = request.headers;
    if (encoding !== 'identity') return refuse(415);
    if (Number(length ?? 0) > bytesMax) return refuse(413);
    const chunks: Uint8Array[] = [];
    let size = 0;
    const take = (chunk: Uint8Array) => {
      size += chunk.length;
      if (size <= bytesMax) return void chunks.push(chunk);
      request.off('data', take);
      request.off('end', done);
      chunks.length = 0;
      refuse(413);
    };
    const done = () => {
      request.body = new Uint8Array(Buffer.concat(chunks));
      next();
    };
    // A caller who hangs up gets no answer, and the server has closed the response by itself.
    request.on('error', () => undefined);
    request.on('data', take);
    request.on('end', done);
  };
}
