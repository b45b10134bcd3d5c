// Waiting for a mail, begun and ended on the page that shows what is missing.
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import { listDomainsOf } from '../../domains/store.ts';
import { NotFound } from '../../web/errors.ts';
import type { Route } from '../../web/router.ts';
import { mayAskForPool } from '../qualifying/prospect.ts';
import { endWatch, startWatch } from './actions.ts';
import { readWatched } from './watch.ts';

const PAGE = '/requests/qualifying';

export const watchRoutes = (deps: Deps): Route[] =>
  (['start', 'end'] as const).map((step) => ({
    method: 'post',
    path: step === 'start' ? `${PAGE}/watch` : `${PAGE}/watch/ending`,
    may: 'make requests',
    handle: (req, res) => take(deps, step, req, res),
  }));

async function take({ db, now }: Deps, step: 'start' | 'end', req: Request, res: Response): Promise<void> {
  const { person } = req;
  const read = readWatched(req.body);
  if (person === null || person.accountId === null) throw new NotFound();
  if (!read.ok) return res.redirect(303, `${PAGE}?note=watch-unclear`);
  const { domainId } = read.value;
  if (step === 'start' && domainId !== null) {
    const own = await listDomainsOf(db, person.accountId);
    if (!own.some((domain) => domain.id === domainId && mayAskForPool(domain))) throw new NotFound();
  }
  const actor = { person, at: now() };
  await (step === 'start' ? startWatch(db, actor, read.value) : endWatch(db, actor, read.value));
  res.redirect(303, `${PAGE}?note=${step === 'start' ? 'watching' : 'watch-ended'}`);
}
