/** What changes something comes from our own pages only. A browser says where a request comes from; no page can make it say otherwise. */
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';

/**
 * `Sec-Fetch-Site` where the browser sends it; where it does not (plain http beyond this machine, old browsers) `Origin`. With
 * neither it is no browser's request, and a cookie that travels without a browser is refused as well.
 */
function isSameOrigin(request: Pick<IncomingMessage, 'headers'>, publicUrl: string): boolean {
  const { origin, host, 'sec-fetch-site': site } = request.headers;
  if (site !== undefined) return site === 'same-origin';
  if (origin === undefined || !URL.canParse(origin)) return false;
  const from = new URL(origin);
  // A page that came by plain http may be anybody's on the way: it does not speak for an https market of the same name.
  return from.origin === publicUrl || (from.host === host && from.protocol === new URL(publicUrl).protocol);
}

export function sameOriginOnly(publicUrl: string, refuse: RequestHandler): RequestHandler {
  return (request, response, next) => {
    if (isSameOrigin(request, publicUrl)) next();
    else void refuse(request, response, next);
  };
}
