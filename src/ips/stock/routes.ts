// The page on which an IP is taken out of stock, or put back.
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import { type FieldErrors, readForm, type Typed } from '../../form.ts';
import { NotFound } from '../../web/errors.ts';
import { idOf } from '../../web/params.ts';
import type { Route } from '../../web/router.ts';
import { findWithdrawal, type Withdrawal } from '../store-inventory.ts';
import { findIp, type Ip } from '../store-release.ts';
import { putIpBack, withdrawIp } from './actions.ts';

declare module '../../web/page.ts' {
  interface Views {
    'ips/stock': {
      title: string;
      ip: Ip;
      step: 'withdrawal' | 'return';
      effects: readonly string[];
      /** Why it was taken out, by whom and when; null: it was not. */
      withdrawal: Withdrawal | null;
      /** Whether the step is possible now. */
      isOpen: boolean;
      problem: string | null;
      typed: Typed;
      errors: FieldErrors;
    };
  }
}

type Step = 'withdrawal' | 'return';

export const stockRoutes = (deps: Deps): Route[] =>
  (['withdrawal', 'return'] as const).flatMap((step): Route[] => {
    const path = `/inventory/ips/:id/${step}`;
    const may = 'manage inventory';
    return [
      { method: 'get', path, may, handle: (req, res) => show(deps, req, res, { step }) },
      { method: 'post', path, may, handle: (req, res) => take(deps, req, res, step) },
    ];
  });

type Shown = { readonly step: Step; typed?: Typed; errors?: FieldErrors; problem?: string; status?: number };

async function show(deps: Deps, req: Request, res: Response, shown: Shown): Promise<void> {
  const { step, typed = {}, errors = {}, problem = null, status = 200 } = shown;
  const ip = await findIp(deps.db, idOf(req));
  if (!ip) throw new NotFound();
  const isOut = ip.status === 'withdrawn';
  const page = {
    title: step === 'withdrawal' ? `Take ${ip.address} out of stock` : `Put ${ip.address} back`,
    ...{ ip, step, typed, errors, problem },
    effects: step === 'withdrawal' ? WITHDRAWN : returned(ip, deps.now()),
    withdrawal: isOut ? ((await findWithdrawal(deps.db, ip.id)) ?? null) : null,
    isOpen: step === 'return' ? isOut : ip.status === 'free' || ip.status === 'quarantined',
  };
  res.page('ips/stock', page, status);
}

const WITHDRAWN = [
  'It is not allocated: approvals and the waitlist skip it.',
  'It stays in the inventory, with your reason, until somebody puts it back.',
  'What was sent over it stays in the reports.',
];

const returned = ({ quarantinedUntil }: Ip, now: number): string[] =>
  quarantinedUntil !== null && quarantinedUntil > now
    ? ['Its quarantine is not over, so it continues; after that the IP is free.']
    : ['It is free at once: the next approval, or the waitlist, may allocate it.'];

async function take(deps: Deps, req: Request, res: Response, step: Step): Promise<void> {
  if (req.person === null) throw new NotFound();
  const form = readForm(req.body);
  const reason = form.text('reason', { label: 'Reason', max: 2000 });
  const read = form.result(() => reason);
  if (!read.ok) return show(deps, req, res, { step, ...read, status: 422 });
  const actor = { person: req.person, at: deps.now() };
  const act = step === 'withdrawal' ? withdrawIp : putIpBack;
  const done = await act(deps.db, actor, { id: idOf(req), reason });
  if (done.ok) return res.redirect(303, `/inventory?note=${step === 'withdrawal' ? 'ip-withdrawn' : 'ip-put-back'}`);
  if (done.problem === 'not-found') throw new NotFound();
  const isMissing = done.problem === 'reason-missing';
  const errors = isMissing ? { reason: 'Reason is missing. Say why, for your colleagues.' } : {};
  await show(deps, req, res, { step, typed: read.typed, errors, problem: MOVED_ON, status: isMissing ? 422 : 409 });
}

const MOVED_ON = 'This is no longer possible: somebody else was faster. This is its current state.';
