/** Posts come from our own pages only. Browsers say where a request comes from, and no page can make them say otherwise. */
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * `Sec-Fetch-Site` where the browser sends it; before that, and over plain http beyond this machine, `Origin`. A request with neither
 * is no browser's, and a cookie that travels without a browser is refused as well.
 */
function isOurOwn(request: IncomingMessage, publicUrl: string): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin, host } = request.headers;
  if (origin === undefined || !URL.canParse(origin)) return false;
  const [from, own] = [new URL(origin), new URL(publicUrl)];
  // A page that came by plain http may be anybody's on the way: it does not speak for an https market of the same name.
  return from.origin === own.origin || (from.host === host && from.protocol === own.protocol);
}

/** Refuses by `refuse` what another site made the browser send. */
export function originGate(publicUrl: string, refuse: RequestHandler): RequestHandler {
  return (request, response, next) => {
    if (SAFE.has(request.method) || isOurOwn(request, publicUrl)) next();
    else void refuse(request, response, next);
  };
}
