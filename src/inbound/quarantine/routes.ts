// Incoming mails that were not filed: those in quarantine, and automatic ones.
import type { Request, Response } from 'express';
import type { Person } from '../../accounts/person.ts';
import type { Deps } from '../../deps.ts';
import { reference } from '../../requests/request.ts';
import { NotFound } from '../../web/errors.ts';
import { type Paging, pageOf } from '../../web/paging.ts';
import { idOf } from '../../web/params.ts';
import type { Route } from '../../web/router.ts';
import { countQuarantined, type Listed, listInbound } from '../store.ts';
import { acceptMail, deleteMail, type QuarantineProblem } from './actions.ts';

declare module '../../web/page.ts' {
  interface Views {
    'inbound/list': {
      title: string;
      tabs: readonly { href: string; label: string; current: boolean; count?: number }[];
      tab: Tab;
      mails: readonly (Listed & { readonly reference: string })[];
      /** Days after which a settled mail is removed; null: never. */
      keptDays: number | null;
      pager: Paging & { readonly label: string };
      problem: string | null;
    };
  }
}

type Tab = 'quarantined' | 'ignored';
const PAGE = 20;
const PATH = '/mail/inbound';

export function quarantineRoutes(deps: Deps): Route[] {
  const may = 'review requests';
  return [
    { method: 'get', path: PATH, may, handle: (req, res) => show(deps, req, res) },
    { method: 'post', path: `${PATH}/:id/acceptance`, may, handle: (req, res) => decide(deps, req, res, ACCEPTED) },
    { method: 'post', path: `${PATH}/:id/deletion`, may, handle: (req, res) => decide(deps, req, res, DELETED) },
  ];
}

async function show({ db, config }: Deps, req: Request, res: Response, problem: string | null = null): Promise<void> {
  const tab: Tab = req.query['tab'] === 'ignored' ? 'ignored' : 'quarantined';
  const page = pageOf(req);
  const skip = (page - 1) * PAGE;
  // Nobody decides about their own account's requests.
  const found = await listInbound(db, tab, { skip, limit: PAGE + 1, notOf: req.person?.accountId ?? null });
  const mails = found.slice(0, PAGE).map((mail) => ({ ...mail, reference: reference(mail.requestId ?? 0) }));
  const pageAt = (number: number) => `${PATH}?tab=${tab}&page=${number}`;
  const tabOf = (name: Tab, label: string) => ({ href: `${PATH}?tab=${name}`, label, current: tab === name });
  res.page(
    'inbound/list',
    {
      title: 'Incoming mail',
      tab,
      tabs: [
        { ...tabOf('quarantined', 'Quarantine'), count: await countQuarantined(db, req.person?.accountId ?? null) },
        tabOf('ignored', 'Automatic mail'),
      ],
      mails,
      keptDays: config.keep.inbound,
      pager: {
        label: 'Mails',
        from: skip + 1,
        to: skip + mails.length,
        total: null,
        prev: page > 1 ? pageAt(page - 1) : null,
        next: found.length > PAGE ? pageAt(page + 1) : null,
      },
      problem,
    },
    problem === null ? 200 : 409,
  );
}

const ACCEPTED = { step: acceptMail, note: 'mail-accepted' } as const;
const DELETED = { step: deleteMail, note: 'mail-deleted' } as const;

async function decide(
  deps: Deps,
  req: Request,
  res: Response,
  { step, note }: typeof ACCEPTED | typeof DELETED,
): Promise<void> {
  const actor = { person: req.person as Person, at: deps.now() };
  const done = await step({ db: deps.db, folder: deps.config.attachmentsDir }, actor, idOf(req));
  if (done.ok) return res.redirect(303, `${PATH}?note=${note}`);
  if (done.problem.name === 'not-found') throw new NotFound();
  await show(deps, req, res, sentenceOf(done.problem));
}

function sentenceOf({ name }: QuarantineProblem): string {
  if (name === 'decided') return 'A colleague has already dealt with that mail.';
  if (name === 'empty') return 'That mail has no text to add, so you can only delete it.';
  return 'The request is closed, so that mail cannot be added to it. You can only delete it.';
}
