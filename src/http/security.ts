import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** A hundred and eighty days; only where people come by https. */
const HSTS_S = 15_552_000;

/**
 * Everything that a page may load or send is ours. `formTargets`: other origins that a form's answer may redirect to (the checkouts of
 * the payment channels, on the pay page alone).
 */
export function securityHeaders({
  publicUrl,
  formTargets = [],
}: {
  publicUrl: string;
  formTargets?: readonly string[];
}): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        // A photo is looked at before it is sent.
        imgSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        formAction: ["'self'", ...formTargets],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: publicUrl.startsWith('https:') ? { maxAge: HSTS_S, includeSubDomains: false } : false,
    // Nobody else learns our addresses, which may be permissions. "no-referrer" would also hide the origin of our own forms from us.
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  });
}
