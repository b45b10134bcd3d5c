import type { Request, Response } from 'express';
import { can } from '../accounts/permissions.ts';
import type { Deps } from '../deps.ts';
import { countQuarantined } from '../inbound/store.ts';
import { NotFound } from '../web/errors.ts';
import { idOf } from '../web/params.ts';
import type { Route } from '../web/router.ts';
import { sendAgain } from './actions.ts';
import { type RenderSettings, subjectOf } from './render.ts';
import { mailboxRoutes } from './routes-mailbox.ts';
import { countUnsent, listBounced, listOutbox, type OutboxMail, type OutboxStatus } from './store.ts';

declare module '../web/page.ts' {
  interface Views {
    'outbox/list': {
      title: string;
      tabs: readonly { href: string; label: string; current: boolean; count?: number }[];
      tab: Tab;
      mails: readonly (OutboxMail & { subject: string })[];
      /** Days after which a mail that ended is removed; null: never. */
      keptDays: number | null;
      pager: { label: string; from: number; to: number; total: null; prev: string | null; next: string | null };
    };
  }
}

type Tab = 'failed' | 'waiting' | 'sent' | 'bounced';
const statusesOf: Readonly<Record<Exclude<Tab, 'bounced'>, readonly OutboxStatus[]>> = {
  failed: ['failed'],
  waiting: ['waiting', 'sending'],
  sent: ['sent'],
};
const PAGE = 50;

/** `/mail` for staff: what failed, waits and was sent; and the development mailbox, where there is one. */
export function mailRoutes(deps: Deps, settings: RenderSettings): Route[] {
  const { smtpUrl, production } = deps.config;
  return [
    { method: 'get', path: '/mail', may: 'see mail', handle: async (req, res) => showOutbox(deps, settings, req, res) },
    { method: 'post', path: '/mail/:id/again', may: 'see mail', handle: (req, res) => again(deps, settings, req, res) },
    ...(smtpUrl === null && !production ? mailboxRoutes(deps, settings) : []),
  ];
}

async function showOutbox(deps: Deps, settings: RenderSettings, req: Request, res: Response) {
  const unsent = await countUnsent(deps.db);
  const tab = tabAsked(req.query['tab']) ?? (unsent.failed > 0 || unsent.waiting === 0 ? 'failed' : 'waiting');
  const page = Number(/^[1-9][0-9]{0,5}$/.exec(String(req.query['page']))?.[0] ?? 1);
  const skip = (page - 1) * PAGE;
  const some = { skip, limit: PAGE + 1 };
  const found = tab === 'bounced' ? await listBounced(deps.db, some) : await listOutbox(deps.db, statusesOf[tab], some);
  const mails = found.slice(0, PAGE).map((mail) => ({ ...mail, subject: subjectOf(mail, settings) }));
  const pageAt = (number: number) => `/mail?tab=${tab}&page=${number}`;
  res.page('outbox/list', {
    title: 'Mail',
    tab,
    tabs: [
      { href: '/mail?tab=failed', label: 'Failed', current: tab === 'failed', count: unsent.failed },
      { href: '/mail?tab=waiting', label: 'Waiting', current: tab === 'waiting', count: unsent.waiting },
      { href: '/mail?tab=sent', label: 'Sent', current: tab === 'sent' },
      { href: '/mail?tab=bounced', label: 'Came back', current: tab === 'bounced' },
      ...(await quarantineTab(deps, req)),
    ],
    mails,
    keptDays: deps.config.keep.mails,
    pager: {
      label: 'Mails',
      from: skip + 1,
      to: skip + mails.length,
      total: null,
      prev: page > 1 ? pageAt(page - 1) : null,
      next: found.length > PAGE ? pageAt(page + 1) : null,
    },
  });
}

/** The way to replies that wait for somebody, where replies come in. */
async function quarantineTab({ db, config }: Deps, { person }: Request) {
  if (config.inboundDomain === null || !can(person, 'review requests')) return [];
  return [
    {
      href: '/mail/inbound',
      label: 'Quarantine',
      current: false,
      count: await countQuarantined(db, person?.accountId ?? null),
    },
  ];
}

const tabAsked = (asked: unknown): Tab | undefined =>
  (['failed', 'waiting', 'sent', 'bounced'] as const).find((tab) => tab === asked);

async function again(deps: Deps, settings: RenderSettings, req: Request, res: Response) {
  const actor = { person: req.person, at: deps.now() };
  const result = await sendAgain(deps.db, actor, idOf(req), (mail) => subjectOf(mail, settings));
  if (!result.ok && result.problem === 'no such mail') throw new NotFound();
  res.redirect(303, result.ok ? '/mail?tab=waiting&note=mail-again' : '/mail?tab=failed&note=mail-not-failed');
}
