import type { RequestHandler } from 'express';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses posts that another site's page sent (403). Browsers say where a request comes from
 * (`Sec-Fetch-Site`, else `Origin`); a client that sends neither header isn't a browser, so it can't be tricked into sending someone's cookie.
 */
export function refuseCrossSite(baseUrl: string): RequestHandler {
  const home = new URL(baseUrl).host;
  return (req, _res, next) => {
    if (SAFE.has(req.method) || isOurs(req.get('sec-fetch-site'), req.get('origin'), [home, req.get('host')])) {
      return next();
    }
    next(Object.assign(new Error('cross-site request'), { status: 403 }));
  };
}

function isOurs(site: string | undefined, origin: string | undefined, hosts: (string | undefined)[]): boolean {
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  if (origin === undefined) return true;
  return URL.canParse(origin) && hosts.includes(new URL(origin).host);
}
