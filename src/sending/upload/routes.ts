// Counts as a CSV file that staff upload.
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import type { FieldErrors } from '../../form.ts';
import type { Route } from '../../web/router.ts';
import { type Applied, applyFile, type Checked, checkFile, MOST_ROWS } from './actions.ts';
import { type NotReceived, receiveFile } from './receive.ts';
import { MOST_SHOWN, type RejectedLine } from './rejected-lines.ts';
import { COLUMNS } from './rows.ts';

declare module '../../web/page.ts' {
  interface Views {
    'sending/upload': {
      title: string;
      errors: FieldErrors;
      columns: readonly string[];
      pools: readonly string[];
      providers: readonly string[];
      mostRows: number;
      mostBytes: number;
    };
    'sending/report': {
      title: string;
      file: string;
      rows: number;
      /** null: nothing was stored. */
      applied: Applied | null;
      rejected: number;
      rejectedLines: readonly RejectedLine[];
      mostShown: number;
    };
  }
}

export type UploadLimits = { readonly mostBytes: number; readonly mostRows: number };
const LIMITS: UploadLimits = { mostBytes: 1_000_000_000, mostRows: MOST_ROWS };

export function uploadRoutes(deps: Deps, limits = LIMITS): Route[] {
  const route = { path: '/sending/upload', may: 'report sending' } as const;
  return [
    { ...route, method: 'get', handle: (_req, res) => form(deps, res, limits) },
    { ...route, method: 'post', handle: (req, res) => upload(deps, req, res, limits) },
  ];
}

function form(
  { policy }: Deps,
  res: Response,
  limits: UploadLimits,
  { errors = {}, status = 200 }: { readonly errors?: FieldErrors; readonly status?: number } = {},
): void {
  const { pools, providers } = policy.document;
  res.page(
    'sending/upload',
    {
      title: 'Upload counts',
      errors,
      columns: COLUMNS,
      pools: pools.map(({ key }) => key),
      providers: [...providers.value.map(({ key }) => key), 'other'],
      ...limits,
    },
    status,
  );
}

const PROBLEMS: Readonly<Record<NotReceived, readonly [number, string]>> = {
  'no form': [422, 'Choose a CSV file.'],
  'no file': [422, 'Choose a CSV file.'],
  'cut off': [400, 'The file did not arrive whole. Nothing was stored; send it again.'],
  'too large': [413, 'The file is larger than 1 GB, so nothing was stored. Split it by days and upload the parts.'],
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
  );
  if (!received.ok) {
    const [status, sentence] = PROBLEMS[received.problem];
    return form(deps, res, limits, { errors: { file: sentence }, status });
  }
  const { name, checked } = received.value;
  try {
    const actor = { person: req.person, at: now() };
    const applied = checked.rejected > 0 ? null : await applyFile(db, actor, name, checked);
    log.info(
      { requestId: req.requestId, person: req.person?.id, rejected: checked.rejected, ...applied },
      'counts uploaded',
    );
    report(res, name, checked, applied);
  } finally {
    await checked.spool.close();
  }
}

function report(res: Response, file: string, checked: Checked, applied: Applied | null): void {
  const { rows, rejected, rejectedLines } = checked;
  const title = applied ? 'Counts uploaded' : 'Nothing was stored';
  const data = { title, file, rows, applied, rejected, rejectedLines, mostShown: MOST_SHOWN };
  res.page('sending/report', data, applied ? 200 : 422);
}

/** A file's name as pages and the history can carry it. */
const nameOf = (name: string): string =>
  name
    .toWellFormed()
    .replace(/\p{Cc}/gu, '')
    .slice(0, 120);
