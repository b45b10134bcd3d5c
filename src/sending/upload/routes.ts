// Counts as a CSV file that staff upload: checked whole while it comes in, then stored while its page shows how far it is.
import { setTimeout } from 'node:timers/promises';
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import type { FieldErrors } from '../../form.ts';
import { refused } from '../../result.ts';
import { NotFound } from '../../web/errors.ts';
import { idOf } from '../../web/params.ts';
import type { Route } from '../../web/router.ts';
import { type Checked, checkFile, keepUpload, MOST_ROWS } from './actions.ts';
import { storeUploads } from './background.ts';
import { type NotReceived, receiveFile } from './receive.ts';
import { MOST_SHOWN, type RejectedLine } from './rejected-lines.ts';
import { COLUMNS, MORE_COLUMNS } from './rows.ts';
import { findUpload, listUploads, type Upload } from './store.ts';

declare module '../../web/page.ts' {
  interface Views {
    'sending/upload': {
      title: string;
      errors: FieldErrors;
      columns: readonly string[];
      /** S-24: columns that a file may have as well. */
      more: readonly string[];
      pools: readonly string[];
      providers: readonly string[];
      mostRows: number;
      mostBytes: number;
      uploads: readonly Upload[];
    };
    'sending/rejected': {
      title: string;
      file: string;
      rows: number;
      rejected: number;
      rejectedLines: readonly RejectedLine[];
      mostShown: number;
    };
    'sending/uploaded': { title: string; found: Upload };
  }
}

export type UploadLimits = { readonly mostBytes: number; readonly mostRows: number };
const LIMITS: UploadLimits = { mostBytes: 1_000_000_000, mostRows: MOST_ROWS };

/** How long an answer waits for its file to be stored, so that a small one is done when its page comes. */
const WAIT_MS = 2_000;

export function uploadRoutes(deps: Deps, limits = LIMITS): Route[] {
  const may = 'report sending';
  const path = '/sending/upload';
  return [
    { method: 'get', path, may, handle: (_req, res) => form(deps, res, limits) },
    { method: 'post', path, may, handle: (req, res) => upload(deps, req, res, limits) },
    { method: 'get', path: '/sending/uploads/:id', may, handle: (req, res) => show(deps, req, res) },
  ];
}

async function form(
  { db, policy }: Deps,
  res: Response,
  limits: UploadLimits,
  { errors = {}, status = 200 }: { readonly errors?: FieldErrors; readonly status?: number } = {},
): Promise<void> {
  const { pools, providers } = policy.document;
  res.page(
    'sending/upload',
    {
      title: 'Upload counts',
      errors,
      columns: COLUMNS,
      more: MORE_COLUMNS,
      pools: pools.map(({ key }) => key),
      providers: [...providers.value.map(({ key }) => key), 'other'],
      ...limits,
      uploads: await listUploads(db),
    },
    status,
  );
}

const PROBLEMS: Readonly<Record<NotReceived | 'no room', readonly [number, string]>> = {
  'no form': [422, 'Choose a CSV file.'],
  'no file': [422, 'Choose a CSV file.'],
  'cut off': [400, 'The file did not arrive whole. Nothing was stored; send it again.'],
  'too large': [413, 'The file is larger than 1 GB, so nothing was stored. Split it by days and upload the parts.'],
  'no room': [
    507,
    'The folder for temporary files (TMPDIR) is full: a file needs about 1.5 times its size there. Nothing was stored.',
  ],
};

async function upload(deps: Deps, req: Request, res: Response, limits: UploadLimits): Promise<void> {
  const { db, policy, log, now } = deps;
  const received = await receiveFile(
    req,
    limits.mostBytes,
    async (file, name) => ({
      name: nameOf(name),
      checked: await checkFile(db, policy.document, file, { now: now(), mostRows: limits.mostRows }),
    }),
    ({ checked }) => checked.spool.close(),
  ).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOSPC') return refused('no room' as const);
    throw error;
  });
  if (!received.ok) {
    const [status, sentence] = PROBLEMS[received.problem];
    return form(deps, res, limits, { errors: { file: sentence }, status });
  }
  const { name, checked } = received.value;
  const { rows, rejected } = checked;
  try {
    if (rejected > 0) {
      log.info({ requestId: req.requestId, person: req.person?.id, rows, rejected }, 'counts rejected');
      return showRejected(res, name, checked);
    }
    const id = await keepUpload(db, { person: req.person, at: now() }, name, checked);
    log.info({ requestId: req.requestId, person: req.person?.id, upload: id, rows }, 'counts uploaded');
    // What is not stored when this process ends is stored by the next.
    const stored = storeUploads(deps).catch((error: unknown) =>
      log.error({ err: error, upload: id }, 'an upload could not go on'),
    );
    await Promise.race([stored, setTimeout(WAIT_MS, undefined, { ref: false })]);
    res.redirect(303, `/sending/uploads/${id}`);
  } finally {
    await checked.spool.close();
  }
}

function showRejected(res: Response, file: string, { rows, rejected, rejectedLines }: Checked): void {
  const page = { title: 'Nothing was stored', file, rows, rejected, rejectedLines, mostShown: MOST_SHOWN };
  res.page('sending/rejected', page, 422);
}

async function show({ db }: Deps, req: Request, res: Response): Promise<void> {
  const found = await findUpload(db, idOf(req));
  if (!found) throw new NotFound();
  res.page('sending/uploaded', {
    title: found.finishedAt === null ? 'Counts are being stored' : 'Counts uploaded',
    found,
  });
}

/** A file's name as pages and the history can carry it. */
const nameOf = (name: string): string =>
  name
    .toWellFormed()
    .replace(/\p{Cc}/gu, '')
    .slice(0, 120);
