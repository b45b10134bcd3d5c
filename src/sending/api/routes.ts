// Counts that mail systems report (docs/sending-counts.md).
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import { NoToken } from '../../web/errors.ts';
import type { Route } from '../../web/router.ts';
import { acceptBatch } from './actions.ts';
import { type BatchProblem, readBatch } from './batch.ts';

export function sendingApiRoutes(deps: Deps): Route[] {
  return [
    {
      method: 'post',
      path: '/api/v1/sending-counts',
      may: 'mail system',
      handle: (req, res) => report(deps, req, res),
    },
  ];
}

async function report(deps: Deps, req: Request, res: Response): Promise<void> {
  const { db, policy, log, now } = deps;
  const system = req.mailSystem;
  if (system === null) throw new NoToken();
  const batch = readBatch(req.body);
  if (!batch.ok) return wrong(req, res, batch.problem);
  const taken = await acceptBatch(db, policy.document, { ...batch.value, source: `system:${system.id}` }, now());
  if (taken.ok) {
    log.info({ requestId: req.requestId, system: system.id, ...taken.value }, 'counts taken in');
    return void res.json({ batch: batch.value.name, ...taken.value });
  }
  if (taken.problem.name === 'wrong') return wrong(req, res, taken.problem.problems);
  const message =
    'A batch of this name was taken in before, with other content. Nothing was stored; send these counts under another name.';
  res.status(409).json({ error: { status: 409, message, reference: req.requestId } });
}

function wrong(req: Request, res: Response, all: readonly BatchProblem[]): void {
  const problems = all.map(({ index, field, sentence }) => ({ index, field, message: sentence }));
  const message = `${all.length === 1 ? 'One thing is' : `${all.length} things are`} wrong with this batch, so nothing of it was stored.`;
  res.status(422).json({ error: { status: 422, message, reference: req.requestId, problems } });
}
