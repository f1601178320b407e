/** Updates that Telegram brings: durable before it is told so. The secret is compared in constant time, before anything is read. */
import { createHash, timingSafeEqual } from 'node:crypto';
import express, { type Request, Router } from 'express';
import type { Update } from 'grammy/types';
import { z } from 'zod';
import type { Log } from '../../src/ports/runtime.ts';

export const WEBHOOK_PATH = '/telegram/webhook';
const BYTES_MAX = '1mb';

/** Everything else of an update is read where it is used. */
const shape = z.looseObject({ update_id: z.int().min(0) });

type Options = {
  readonly secret: string;
  readonly log: Log;
  /** False before we know who we are: Telegram keeps what it has, and comes again. */
  readonly isOpen: () => boolean;
  readonly take: (updates: readonly Update[]) => Promise<void>;
};

export function webhookRouter({ secret, log, take, isOpen }: Options): Router {
  const router = Router();
  const expected = digest(secret);
  const known = (request: Request) =>
    timingSafeEqual(digest(request.get('x-telegram-bot-api-secret-token') ?? ''), expected);
  router.post(
    WEBHOOK_PATH,
    (request, response, next) => {
      if (!known(request)) response.sendStatus(401);
      else if (!isOpen()) response.sendStatus(503);
      else next();
    },
    express.json({ limit: BYTES_MAX, type: () => true }),
    async (request, response) => {
      const update = shape.safeParse(request.body);
      if (!update.success) {
        log.warn({}, 'a webhook call of Telegram held no update');
        response.sendStatus(400);
        return;
      }
      await take([update.data]);
      response.sendStatus(200);
    },
  );
  return router;
}

/** Of equal length whatever came, so that the comparison takes equally long. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
