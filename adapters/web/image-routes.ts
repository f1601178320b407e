/** Pictures of ours, by their digest. */
import { Router } from 'express';
import type { WebAdapterOptions } from './options.ts';

const DIGEST = /^[0-9a-f]{64}$/;

export function imageRoutes({ core }: Pick<WebAdapterOptions, 'core'>): Router {
  const router = Router();
  router.get('/images/:digest', async (request, response) => {
    const { digest } = request.params;
    const image = DIGEST.test(digest) ? await core.image(digest) : undefined;
    if (!image) return void response.sendStatus(404);
    // The name is the content: who has it once never asks again.
    const tag = `"${digest}"`;
    response.set({
      'Cache-Control': 'public, max-age=31536000, immutable',
      'Content-Type': image.mime,
      'X-Content-Type-Options': 'nosniff',
      ETag: tag,
    });
    if (request.headers['if-none-match'] === tag) response.status(304).end();
    else response.end(image.bytes);
  });
  return router;
}
