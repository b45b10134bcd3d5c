import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Log } from '../log.ts';

/** Names every request, and writes one line when its answer is out. The name is on error pages too. */
export function requestLog(log: Log): RequestHandler {
  return (req, res, next) => {
    const begun = performance.now();
    req.person = null;
    req.mailSystem = null;
    req.outsider = null;
    req.requestId = randomUUID().slice(0, 8);
    res.set('X-Request-Id', req.requestId);
    res.on('close', () => {
      const { method, requestId, person, mailSystem, outsider } = req;
      const path = pathForLog(req.path);
      const ms = Math.round(performance.now() - begun);
      const line = {
        requestId,
        method,
        path,
        status: res.statusCode,
        ms,
        person: person?.id ?? outsider?.person ?? undefined,
        system: mailSystem?.id,
        refusedFrom: outsider ? (req.ip ?? 'unknown') : undefined,
        cut: !res.writableEnded || undefined,
      };
      log.info(line, 'request');
    });
    next();
  };
}

/** A path as logs may keep it: what is long enough to be a secret that opens something is left out. */
export const pathForLog = (path: string): string => path.replace(/[\w-]{32,}/g, '…');
