/** The ways into the web chat. Whoever has no valid seat gets nothing but the front door. */
import { Router } from 'express';
import type { WebAdapterOptions } from './options.ts';
import { originGate } from './origin-gate.ts';
import { imageRoutes } from './image-routes.ts';
import { pageRoutes } from './page-routes.ts';
import type { Parts } from './parts.ts';
import { createRefusals } from './refusals.ts';
import { seatRoutes } from './seat-routes.ts';

export function createRouter(options: WebAdapterOptions, parts: Parts): Router {
  const refusals = createRefusals(options, parts);
  const router = Router();
  router.use(parts.assets.router, imageRoutes(options));
  // Only our own paths: what else lives under this origin (webhooks) has other callers.
  router.use(['/seats', '/seat'], originGate(options.publicUrl, refusals.forbidden));
  router.use(pageRoutes(options, parts), seatRoutes(options, parts, refusals));
  router.use(['/seats', '/seat'], refusals.badBody);
  return router;
}
