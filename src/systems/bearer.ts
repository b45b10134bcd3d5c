// Who asks, among programs: the token in `Authorization: Bearer …` is looked up by its hash.
import type { RequestHandler } from 'express';
import type { Deps } from '../deps.ts';
import { findByTokenHash, markUsed } from './store.ts';
import { hashOf } from './token.ts';

const USED_KEPT_TO_MS = 60_000;

/** Finds the mail system whose token came along; a request without a good one stays without. */
export function mailSystems({ db, now }: Pick<Deps, 'db' | 'now'>): RequestHandler {
  return async (req, _res, next) => {
    const [, token] = /^Bearer +([\w-]{1,200})$/i.exec(req.get('authorization') ?? '') ?? [];
    const found = token === undefined ? undefined : await findByTokenHash(db, hashOf(token));
    if (found !== undefined) {
      req.mailSystem = { id: found.id, name: found.name };
      if (now() - (found.usedAt ?? 0) >= USED_KEPT_TO_MS) await markUsed(db, found.id, now());
    }
    next();
  };
}

/** Does what `handler` does for mail systems alone: nobody else's bodies are worth reading. */
export const ofSystems =
  (handler: RequestHandler): RequestHandler =>
  (req, res, next) =>
    req.mailSystem === null ? next() : handler(req, res, next);
