// Who asks, among programs: the token in `Authorization: Bearer …` is looked up by its hash.
import type { RequestHandler } from 'express';
import { isWithin } from '../accounts/addresses/ranges.ts';
import { findRanges } from '../accounts/addresses/store.ts';
import type { Deps } from '../deps.ts';
import { NotFromHere } from '../web/errors.ts';
import { findByTokenHash, markTokenUsed, markUsed } from './store.ts';
import { hashOf } from './token.ts';

const USED_KEPT_TO_MS = 60_000;

/** The hash of the token in an `Authorization` header; undefined where there is none. */
export function hashOfBearer(header: string | undefined): string | undefined {
  const [, token] = /^Bearer +([\w-]{1,200})$/i.exec(header ?? '') ?? [];
  return token === undefined ? undefined : hashOf(token);
}

/** Notes the use of good tokens, by their hashes, for processes that keep them in memory; no answer waits for it. */
export function usesNoted({ db, now, log }: Pick<Deps, 'db' | 'now' | 'log'>): (hash: string) => void {
  const notedAt = new Map<string, number>();
  return (hash) => {
    const at = now();
    if (at - (notedAt.get(hash) ?? 0) < USED_KEPT_TO_MS) return;
    notedAt.set(hash, at);
    markTokenUsed(db, hash, at).catch((err: unknown) => log.warn({ err }, 'the use of a token could not be noted'));
  };
}

/**
 * Finds the mail system whose token came along; a request without a good one stays without. From an address that is not
 * allowed (S-27) no token is looked at: the answer does not tell whether it is good.
 */
export function mailSystems({ db, now }: Pick<Deps, 'db' | 'now'>): RequestHandler {
  return async (req, _res, next) => {
    const ranges = await findRanges(db, { kind: 'mail systems' });
    if (ranges.length > 0 && !isWithin([ranges], req.ip)) {
      req.outsider = { person: null };
      throw new NotFromHere();
    }
    const hash = hashOfBearer(req.get('authorization'));
    const found = hash === undefined ? undefined : await findByTokenHash(db, hash);
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
