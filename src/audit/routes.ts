// The history: all of it for staff, an account's own for its admins.
import type { Request, Response } from 'express';
import { findAccount } from '../accounts/store.ts';
import type { Deps } from '../deps.ts';
import { ROUTE_WORDS } from '../domains/domain.ts';
import { listInUse } from '../domains/store.ts';
import { ALLOCATION_WORDS } from '../ips/allocation.ts';
import { reference, STATUS_WORDS } from '../requests/request.ts';
import { NotFound } from '../web/errors.ts';
import { accountIdOf } from '../web/params.ts';
import type { Route } from '../web/router.ts';
import { capitalised } from '../wording.ts';
import { type Change, changes } from './changes.ts';
import type { AuditRecord, SubjectType } from './event.ts';
import { INTERNAL_EVENTS } from './internal.ts';
import { type Reader, sentence, who } from './sentence.ts';
import { type HistoryFilter, listEvents, listMessages } from './store.ts';

/** One record as it is read. */
export type HistoryLine = {
  readonly id: number;
  readonly at: number;
  readonly who: string;
  readonly what: string;
  readonly changes: readonly Change[];
  /** What was written with it, a reason or a message, which staff read here; null: nothing. */
  readonly said: string | null;
  readonly account: { readonly id: number; readonly name: string } | null;
  /** The page of what it is about, where there is one for this reader. */
  readonly href: string | null;
};

declare module '../web/page.ts' {
  interface Views {
    'audit/list': {
      title: string;
      lines: readonly HistoryLine[];
      /** Staff see whose it is, and may look at one customer. */
      staff: boolean;
      account: { readonly id: number; readonly name: string } | null;
      /** Addresses of the newest and of the next older records; null where this is that. */
      newest: string | null;
      older: string | null;
    };
  }
}

const PAGE_SIZE = 50;

export function auditRoutes(deps: Deps): Route[] {
  return [
    { method: 'get', path: '/audit', may: 'see audit', handle: (req, res) => audit(deps, req, res) },
    { method: 'get', path: '/history', may: 'see account history', handle: (req, res) => history(deps, req, res) },
  ];
}

async function audit({ db }: Deps, req: Request, res: Response): Promise<void> {
  const accountId = numberIn(req, 'account');
  const account = accountId === undefined ? null : await findAccount(db, accountId);
  if (accountId !== undefined && account === null) throw new NotFound();
  const reader: Reader = { staff: true, accountId: null };
  const filter = account === null ? {} : { accountId: account.id };
  const path = account === null ? '/audit?' : `/audit?account=${account.id}&`;
  const page = await pageOf(db, req, { filter, path, reader });
  const title = account === null ? 'Audit history' : `Audit history of ${account.name}`;
  res.page('audit/list', { title, staff: true, account, ...page });
}

async function history({ db }: Deps, req: Request, res: Response): Promise<void> {
  const accountId = accountIdOf(req);
  const filter = { accountId, without: INTERNAL_EVENTS };
  const page = await pageOf(db, req, { filter, path: '/history?', reader: { staff: false, accountId } });
  res.page('audit/list', { title: 'History', staff: false, account: null, ...page });
}

async function pageOf(
  db: Deps['db'],
  req: Request,
  {
    filter,
    path,
    reader,
  }: { readonly filter: Omit<HistoryFilter, 'limit'>; readonly path: string; readonly reader: Reader },
) {
  const before = numberIn(req, 'before');
  const more = before === undefined ? filter : { ...filter, before };
  const found = await listEvents(db, { ...more, limit: PAGE_SIZE + 1 });
  const shown = found.slice(0, PAGE_SIZE);
  const ids = reader.staff ? shown.map(({ id }) => id) : [];
  const said = await listMessages(db, ids);
  const domains = shown.flatMap(({ subject }) => (subject.type === 'domain' ? [subject.id] : []));
  const inUse = await listInUse(db, domains);
  return {
    lines: shown.map((record) => ({
      ...lineOf(record, reader),
      said: said.get(record.id) ?? null,
      href: hrefOf(record, reader, inUse),
    })),
    newest: before === undefined ? null : path.slice(0, -1),
    older: found.length > shown.length ? `${path}before=${shown.at(-1)?.id}` : null,
  };
}

function lineOf(record: AuditRecord, reader: Reader): Omit<HistoryLine, 'said' | 'href'> {
  return {
    id: record.id,
    at: record.at,
    who: who(record, reader),
    what: sentence(record, reader, reference),
    changes: changes(record, stateWords),
    account: record.accountId === null ? null : { id: record.accountId, name: record.account ?? '' },
  };
}

/** `domains`: those in use. One that was removed has no page any more. */
function hrefOf({ subject }: AuditRecord, { staff }: Reader, domains: ReadonlySet<number>): string | null {
  if (subject.type === 'request') return `/${staff ? 'review' : 'requests'}/${reference(subject.id)}`;
  return subject.type === 'domain' && !staff && domains.has(subject.id) ? `/domains/${subject.id}` : null;
}

/** A state as other pages call it; one that no page knows any more is shown as it is stored. */
function stateWords(type: SubjectType, value: string): string {
  const words: Readonly<Partial<Record<SubjectType, Readonly<Record<string, string | undefined>>>>> = {
    request: labels(STATUS_WORDS),
    allocation: labels(ALLOCATION_WORDS),
    domain: Object.fromEntries(Object.entries(ROUTE_WORDS).map(([key, { title }]) => [key, title])),
  };
  return words[type]?.[value] ?? capitalised(value);
}

const labels = (words: Readonly<Record<string, { readonly label: string }>>): Record<string, string> =>
  Object.fromEntries(Object.entries(words).map(([key, { label }]) => [key, label]));

/** A whole number in the address, or undefined where there is none. */
function numberIn(req: Request, name: string): number | undefined {
  const text = req.query[name];
  return typeof text === 'string' && /^[1-9][0-9]{0,8}$/.test(text) ? Number(text) : undefined;
}
