// What only somebody does who showed a moment ago that it is them. Others are asked first, and what they sent is kept.
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import { typedOf } from '../../form.ts';
import type { Route } from '../../web/router.ts';
import { showSignIn } from '../routes-sign-in.ts';
import { isFresh } from './session.ts';
import type { Onward } from './sign-in.ts';

type Exchange = { readonly deps: Deps; readonly req: Request; readonly res: Response };

/** What a request sent, and where to. */
const sentWith = (req: Request): Onward => ({ next: req.originalUrl, kept: typedOf(req.body) });

/**
 * Answers 401 with the page on which somebody shows again that it is them. What they sent is kept in it, and they send it
 * themselves afterwards. `onward`: another form than the one that was sent.
 */
export function askAgain({ deps, req, res }: Exchange, onward: Onward = sentWith(req)): void {
  const typed = { email: req.person?.email ?? '' };
  showSignIn({ deps, res }, onward, { typed, isAgain: true, status: 401 });
}

/** A form's handler, for those who showed a moment ago that it is them; others are asked first. */
export const onceShown =
  (deps: Deps, handle: Route['handle']): Route['handle'] =>
  (req, res) =>
    isFresh(req, deps.now()) ? handle(req, res) : askAgain({ deps, req, res });
