/** The application behind the door: what every request passes, and who answers it. */
import express, { type Express, type Router } from 'express';
import type { Logger } from 'pino';
import type { Core } from '../ports/core.ts';
import type { Clock, Ids, Log, Vault } from '../ports/runtime.ts';
import type { Words } from '../ports/words.ts';
import { payAssets } from './assets.ts';
import { connectRoutes } from './connect-routes.ts';
import { errorReply } from './errors.ts';
import { healthRoutes, type HealthOptions } from './health.ts';
import type { Metrics } from './metrics.ts';
import { type OwnOptions, ownRoutes } from './own-routes.ts';
import { payRoutes, type PayOptions } from './pay-routes.ts';
import { requestLog } from './request-log.ts';
import { securityHeaders } from './security.ts';
import { webhookRoutes } from './webhooks.ts';

export type HttpOptions = {
  readonly core: Pick<
    Core,
    'bill' | 'openCheckout' | 'returned' | 'onProviderNotice' | 'onboarding' | 'openOnboarding' | 'onboarded'
  >;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly vault: Pick<Vault, 'digest'>;
  readonly log: Log;
  readonly pino: Logger;
  /** Our own origin, as people type it. */
  readonly publicUrl: string;
  /** It was told by the operator. Otherwise whoever comes by another name of this machine is led to ours, where their cookies are. */
  readonly publicUrlGiven: boolean;
  /** We listen on the loopback address and were told no other name: whoever asks by one was led here by somebody else's page. */
  readonly thisMachineOnly: boolean;
  readonly trustProxy: false | number | readonly string[];
  readonly checkoutOrigins: readonly string[];
  /** Where shops open accounts of their own. */
  readonly onboardingOrigins: readonly string[];
  readonly words: (locale: string, timeZone: string) => Words;
  readonly negotiate: PayOptions['negotiate'];
  readonly health: HealthOptions;
  readonly metrics: Metrics;
  /** The web chat's pages, and whose seats a browser has. */
  readonly web: { readonly router: Router; readonly visitors: PayOptions['visitors'] };
  /** Where a chat platform brings what happened there; reads bodies in its own way. */
  readonly updates?: Router | undefined;
  /** How a market without an owner gets one; absent in the demo. */
  readonly own?: Pick<OwnOptions, 'open' | 'claim'> | undefined;
};

export function createHttpApp(options: HttpOptions): Express {
  const { core, clock, ids, vault, log, publicUrl, words, negotiate, metrics, web } = options;
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.set('trust proxy', typeof options.trustProxy === 'object' ? [...options.trustProxy] : options.trustProxy);

  app.use(securityHeaders({ publicUrl }));
  app.use(healthRoutes(options.health));
  app.use(metrics.timing, requestLog(options.pino));
  app.use(webhookRoutes({ core, clock, count: metrics.counts.webhook }));
  if (options.thisMachineOnly) app.use(noOtherName);
  if (options.updates) app.use(options.updates);
  app.use(metrics.router);
  if (!options.publicUrlGiven) app.use(ownName(publicUrl));
  const assets = payAssets();
  app.use(assets.router);
  // Browsers ask for it by themselves on pages that name no icon.
  app.get(
    '/favicon.ico',
    (_request, response) => void response.set('Cache-Control', 'max-age=86400').status(204).end(),
  );
  const pay = { core, clock, vault, publicUrl, assets, words, negotiate, checkoutOrigins: options.checkoutOrigins };
  app.use(payRoutes({ ...pay, visitors: web.visitors, count: metrics.counts.checkout }));
  if (options.onboardingOrigins.length > 0)
    app.use(connectRoutes({ core, publicUrl, assets, words, negotiate, origins: options.onboardingOrigins }));
  if (options.own) app.use(ownRoutes({ ...options.own, publicUrl, assets, words, negotiate }));
  app.use(web.router);
  app.use((_request, response) => void response.sendStatus(404));
  app.use(errorReply({ log, ids, t: (request) => words(negotiate(request.headers['accept-language']), 'UTC').t }));
  return app;
}

/** "localhost" and "127.0.0.1" are two sites to a browser: a seat taken on one is unknown on the other. */
function ownName(publicUrl: string): express.RequestHandler {
  const { hostname, port, host: own } = new URL(publicUrl);
  const names = new Set(
    ['localhost', '127.0.0.1', '[::1]'].filter((name) => name !== hostname).map((name) => `${name}:${port}`),
  );
  return (request, response, next) => {
    const { host } = request.headers;
    if (host === undefined || host === own || !names.has(host) || request.method !== 'GET') return next();
    response.redirect(307, `${publicUrl}${request.originalUrl}`);
  };
}

/**
 * A page of the wide world whose own name was made to lead to this machine (DNS rebinding) is of one origin with us to its browser.
 * What it cannot change is the name that the browser sends.
 */
const noOtherName: express.RequestHandler = (request, response, next) => {
  const { host = '' } = request.headers;
  if (/^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/.test(host)) return next();
  response.status(421).type('text').send('Set PUBLIC_URL to the address that people type.\n');
};
