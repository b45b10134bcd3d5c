import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Headers of every answer: nothing inline, nothing from elsewhere, no framing. */
export function securityHeaders(https: boolean): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        baseUri: ["'none'"],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        frameSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        ...(https ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: https,
    referrerPolicy: { policy: 'same-origin' },
  });
}

/**
 * Refuses compressed request bodies (415) before anything could unpack them: decoders have had holes,
 * and no browser compresses a form.
 */
export const refuseEncodedBodies: RequestHandler = (req, _res, next) => {
  const encoding = req.get('content-encoding');
  if (encoding === undefined || encoding === 'identity') return next();
  next(Object.assign(new Error('encoded request body'), { status: 415 }));
};

/**
 * Refuses bodies in a character set other than UTF-8 (415): browsers and programs send no other, and what the same bytes
 * mean would depend on who reads them.
 */
export const refuseOtherCharsets: RequestHandler = (req, _res, next) => {
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(req.get('content-type') ?? '') ?? [];
  if (/^(utf-?8|us-ascii)$/i.test(charset)) return next();
  next(Object.assign(new Error('a character set that is not read'), { status: 415 }));
};

/** Answers what asks about no address at all, as `OPTIONS *` does (204); routes begin with a slash. */
export const answerAsterisk: RequestHandler = (req, res, next) => {
  if (req.url !== '*') return next();
  res.set('Allow', 'GET, HEAD, POST').status(204).end();
};

/** Pages show what only the signed-in person may see, so no cache keeps them. */
export const neverCached: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store');
  next();
};
