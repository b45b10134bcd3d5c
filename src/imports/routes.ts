// Importing customers: the file is looked at whole, then taken in while its page shows how far it is.
import type { Request, Response } from 'express';
import { choicesOf } from '../accounts/customers/routes.ts';
import type { Deps } from '../deps.ts';
import type { FieldErrors } from '../form.ts';
import { type NotReceived, receiveFile } from '../sending/upload/receive.ts';
import { MOST_SHOWN, type RejectedLine } from '../sending/upload/rejected-lines.ts';
import { NotFound } from '../web/errors.ts';
import { idOf } from '../web/params.ts';
import type { Route } from '../web/router.ts';
import { runImports, stageImport } from './actions.ts';
import { type Checked, checkCustomers } from './customers/actions.ts';
import { CUSTOMER_COLUMNS } from './customers/row.ts';
import { findImport, type Import, listImports } from './store.ts';

declare module '../web/page.ts' {
  interface Views {
    'imports/form': {
      title: string;
      errors: FieldErrors;
      columns: readonly string[];
      plans: readonly string[];
      regions: readonly string[];
      imports: readonly Import[];
    };
    'imports/rejected': {
      title: string;
      file: string;
      rejected: number;
      rejectedLines: readonly RejectedLine[];
      mostShown: number;
    };
    'imports/show': { title: string; found: Import };
  }
}

const MOST_BYTES = 200_000_000;

export function importRoutes(deps: Deps): Route[] {
  const may = 'manage customers';
  const path = '/customers/import';
  return [
    { method: 'get', path, may, handle: (_req, res) => form(deps, res, {}, 200) },
    { method: 'post', path, may, handle: (req, res) => upload(deps, req, res) },
    { method: 'get', path: '/imports/:id', may, handle: (req, res) => show(deps, req, res) },
  ];
}

async function form({ db, policy }: Deps, res: Response, errors: FieldErrors, status: number): Promise<void> {
  const { plans, regions } = choicesOf(policy.document);
  const imports = await listImports(db);
  const page = { title: 'Import customers', errors, columns: CUSTOMER_COLUMNS, plans, regions, imports };
  res.page('imports/form', page, status);
}

const PROBLEMS: Readonly<Record<NotReceived, readonly [number, string]>> = {
  'no form': [422, 'Choose a CSV file.'],
  'no file': [422, 'Choose a CSV file.'],
  'cut off': [400, 'The file did not arrive whole. Nothing was stored; send it again.'],
  'too large': [413, 'The file is larger than 200 MB, so nothing was stored. Split it and import the parts.'],
};

async function upload(deps: Deps, req: Request, res: Response): Promise<void> {
  const { db, policy, now, log } = deps;
  if (req.person === null) throw new NotFound();
  const received = await receiveFile(
    req,
    MOST_BYTES,
    async (file, name) => ({ name: nameOf(name), checked: await checkCustomers(db, choicesOf(policy.document), file) }),
    ({ checked }) => checked.spool.close(),
  );
  if (!received.ok) {
    const [status, sentence] = PROBLEMS[received.problem];
    return form(deps, res, { file: sentence }, status);
  }
  const { name: file, checked } = received.value;
  try {
    if (checked.rejected > 0) return showRejected(res, file, checked);
    const ready = { kind: 'customers', file, items: checked.items, invites: req.query['invite'] === '1' } as const;
    const id = await stageImport(db, { person: req.person, at: now() }, { ...ready, spool: checked.spool });
    log.info({ import: id, items: checked.items, person: req.person.id, requestId: req.requestId }, 'import begun');
    // What is not done when this process ends goes on with the next.
    runImports(deps).catch((error: unknown) => log.error({ err: error, import: id }, 'an import could not go on'));
    res.redirect(303, `/imports/${id}`);
  } finally {
    await checked.spool.close();
  }
}

function showRejected(res: Response, file: string, { rejected, rejectedLines }: Checked): void {
  const page = { title: 'Nothing was imported', file, rejected, rejectedLines, mostShown: MOST_SHOWN };
  res.page('imports/rejected', page, 422);
}

async function show({ db }: Deps, req: Request, res: Response): Promise<void> {
  const found = await findImport(db, idOf(req));
  if (!found) throw new NotFound();
  res.page('imports/show', { title: `Import of ${found.file}`, found });
}

/** A file's name as pages and the history can carry it. */
const nameOf = (name: string): string =>
  name
    .toWellFormed()
    .replace(/\p{Cc}/gu, '')
    .slice(0, 120);
