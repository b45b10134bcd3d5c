// Importing customers, and the dedicated IPs that they have: a file is looked at whole, then taken in while its page shows
// how far it is.
import type { Request, Response } from 'express';
import { choicesOf } from '../accounts/customers/routes.ts';
import type { Person } from '../accounts/person.ts';
import { dayOf } from '../day.ts';
import type { Deps } from '../deps.ts';
import type { FieldErrors } from '../form.ts';
import { type NotReceived, receiveFile } from '../sending/upload/receive.ts';
import { MOST_SHOWN, type RejectedLine } from '../sending/upload/rejected-lines.ts';
import { NotFound } from '../web/errors.ts';
import { idOf } from '../web/params.ts';
import type { Route } from '../web/router.ts';
import { runImports, stageImport } from './actions.ts';
import type { Checked } from './checked.ts';
import { checkCustomers } from './customers/actions.ts';
import { CUSTOMER_COLUMNS } from './customers/row.ts';
import { checkHoldings } from './holdings/actions.ts';
import { HOLDING_COLUMNS } from './holdings/row.ts';
import { findImport, type Import, type ImportKind, listImports } from './store.ts';
import { KIND_WORDS, type KindWords } from './wording.ts';

type Form = {
  title: string;
  words: KindWords;
  errors: FieldErrors;
  columns: readonly string[];
  regions: readonly string[];
  imports: readonly Import[];
};

declare module '../web/page.ts' {
  interface Views {
    'imports/customers': Form & { plans: readonly string[] };
    'imports/holdings': Form & { currency: string };
    'imports/rejected': {
      title: string;
      words: KindWords;
      file: string;
      rejected: number;
      rejectedLines: readonly RejectedLine[];
      mostShown: number;
    };
    'imports/show': { title: string; words: KindWords; found: Import };
  }
}

const MOST_BYTES = 200_000_000;

export function importRoutes(deps: Deps): Route[] {
  const may = 'manage customers';
  const pages = (['customers', 'holdings'] as const).flatMap((kind): Route[] => {
    const { path } = KIND_WORDS[kind];
    return [
      { method: 'get', path, may, handle: (_req, res) => form(deps, res, kind) },
      { method: 'post', path, may, handle: (req, res) => upload(deps, req, res, kind) },
    ];
  });
  return [...pages, { method: 'get', path: '/imports/:id', may, handle: (req, res) => show(deps, req, res) }];
}

async function form(
  { db, policy }: Deps,
  res: Response,
  kind: ImportKind,
  { errors, status }: { readonly errors: FieldErrors; readonly status: number } = { errors: {}, status: 200 },
): Promise<void> {
  const { plans, regions } = choicesOf(policy.document);
  const words = KIND_WORDS[kind];
  const page = { title: words.title, words, errors, regions, imports: await listImports(db, kind) };
  if (kind === 'customers') return res.page('imports/customers', { ...page, columns: CUSTOMER_COLUMNS, plans }, status);
  const { currency } = policy.document;
  res.page('imports/holdings', { ...page, columns: HOLDING_COLUMNS, currency }, status);
}

const PROBLEMS: Readonly<Record<NotReceived, readonly [number, string]>> = {
  'no form': [422, 'Choose a CSV file.'],
  'no file': [422, 'Choose a CSV file.'],
  'cut off': [400, 'The file did not arrive whole. Nothing was stored; send it again.'],
  'too large': [413, 'The file is larger than 200 MB, so nothing was stored. Split it and import the parts.'],
};

const check = (
  { db, policy, now }: Deps,
  { kind, person }: { readonly kind: ImportKind; readonly person: Person },
  file: AsyncIterable<Buffer>,
): Promise<Checked> =>
  kind === 'customers'
    ? checkCustomers(db, choicesOf(policy.document), file)
    : checkHoldings(db, { policy: policy.document, today: dayOf(now()), own: person.accountId }, file);

async function upload(deps: Deps, req: Request, res: Response, kind: ImportKind): Promise<void> {
  const { db, now, log } = deps;
  const { person } = req;
  if (person === null) throw new NotFound();
  const received = await receiveFile(
    req,
    MOST_BYTES,
    async (file, name) => ({ name: nameOf(name), checked: await check(deps, { kind, person }, file) }),
    ({ checked }) => checked.spool.close(),
  );
  if (!received.ok) {
    const [status, sentence] = PROBLEMS[received.problem];
    return form(deps, res, kind, { errors: { file: sentence }, status });
  }
  const { name: file, checked } = received.value;
  try {
    if (checked.rejected > 0) return showRejected(res, file, kind, checked);
    const invites = kind === 'customers' && req.query['invite'] === '1';
    const ready = { kind, file, items: checked.items, invites, spool: checked.spool };
    const id = await stageImport(db, { person, at: now() }, ready);
    log.info({ import: id, kind, items: checked.items, person: person.id, requestId: req.requestId }, 'import begun');
    // What is not done when this process ends goes on with the next.
    runImports(deps).catch((error: unknown) => log.error({ err: error, import: id }, 'an import could not go on'));
    res.redirect(303, `/imports/${id}`);
  } finally {
    await checked.spool.close();
  }
}

function showRejected(res: Response, file: string, kind: ImportKind, { rejected, rejectedLines }: Checked): void {
  const words = KIND_WORDS[kind];
  const page = { title: 'Nothing was imported', words, file, rejected, rejectedLines, mostShown: MOST_SHOWN };
  res.page('imports/rejected', page, 422);
}

async function show({ db }: Deps, req: Request, res: Response): Promise<void> {
  const found = await findImport(db, idOf(req));
  if (!found) throw new NotFound();
  res.page('imports/show', { title: `Import of ${found.file}`, words: KIND_WORDS[found.kind], found });
}

/** A file's name as pages and the history can carry it. */
const nameOf = (name: string): string =>
  name
    .toWellFormed()
    .replace(/\p{Cc}/gu, '')
    .slice(0, 120);
