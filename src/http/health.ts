import { Router } from 'express';

const PROBE_TIMEOUT_MS = 1_000;

export type HealthOptions = {
  /** A write that can be read back. */
  readonly probe: () => Promise<boolean>;
  /** False as soon as we mean to stop. */
  readonly taking: () => boolean;
};

/** For whoever runs us: alive at all, and fit for traffic. Nothing is told beyond that. */
export function healthRoutes({ probe, taking }: HealthOptions): Router {
  const router = Router();
  router.get('/livez', (_request, response) => void response.type('text').send('ok\n'));
  router.get('/readyz', async (_request, response) => {
    const ready = taking() && (await inTime(probe));
    response.set('Cache-Control', 'no-store').status(ready ? 200 : 503);
    response.type('text').send(ready ? 'ready\n' : 'not ready\n');
  });
  return router;
}

async function inTime(probe: () => Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), PROBE_TIMEOUT_MS);
  });
  try {
    return await Promise.race([probe(), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
