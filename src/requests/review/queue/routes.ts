// The reviewers' queue, as a page and as a file.
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import type { Person } from '../../../accounts/person.ts';
import type { Deps } from '../../../deps.ts';
import { countQuarantined } from '../../../inbound/store.ts';
import { NotFound } from '../../../web/errors.ts';
import type { Route } from '../../../web/router.ts';
import { MOST_TEXTS } from '../../search/store.ts';
import { type Words, viewWords as words } from '../../wording.ts';
import { recordExport } from '../actions.ts';
import type { Reviewer } from '../decide.ts';
import { listViews } from '../views/store.ts';
import { addressOf, isSameView, type QueueView } from '../views/view.ts';
import { MOST_EXPORTED, queueCsvHead, queueCsvLines } from './csv.ts';
import { CHOICES, isNarrowed, type QueueFilter, queueAddress, readQueueFilter } from './filter.ts';
import { gatherIds, gatherQueue, MOST_JUDGED, type QueuePage, rowsOf } from './gather.ts';
import { PAGE_SIZE, TABS } from './queue.ts';

declare module '../../../web/page.ts' {
  interface Views {
    'review/queue': Words &
      QueuePage & {
        title: string;
        filter: QueueFilter;
        isNarrowed: boolean;
        address: (change: Partial<QueueFilter>, path?: string) => string;
        choices: typeof CHOICES;
        plans: readonly { readonly key: string; readonly name: string }[];
        tabs: typeof TABS;
        pageSize: number;
        mostJudged: number;
        mostExported: number;
        mostTexts: number;
        now: number;
        /** Who looks. */
        me: Person;
        /** What reviewers keep under a name, where each leads to, and whether it shows what is shown now. */
        views: readonly QueueView[];
        viewAddress: typeof addressOf;
        isShown: (view: QueueView) => boolean;
        /** Replies by mail that wait until somebody has looked at them. */
        quarantined: number;
      };
  }
}

export function queueRoutes(deps: Deps): Route[] {
  const may = 'review requests';
  return [
    { method: 'get', path: '/review', may, handle: (req, res) => queue(deps, req, res) },
    { method: 'get', path: '/review.csv', may, handle: (req, res) => download(deps, req, res) },
  ];
}

function readerOf({ now }: Deps, { person }: Request): Reviewer {
  if (!person) throw new NotFound();
  return { person, at: now() };
}

async function queue(deps: Deps, req: Request, res: Response): Promise<void> {
  const filter = readQueueFilter(req.query);
  const reader = readerOf(deps, req);
  res.page('review/queue', {
    words,
    title: 'Queue',
    filter,
    isNarrowed: isNarrowed(filter),
    address: (change, path) => queueAddress(filter, change, path),
    choices: CHOICES,
    plans: deps.policy.document.plans,
    tabs: TABS,
    ...(await gatherQueue(deps.db, filter, reader)),
    pageSize: PAGE_SIZE,
    mostJudged: MOST_JUDGED,
    mostExported: MOST_EXPORTED,
    mostTexts: MOST_TEXTS,
    now: reader.at,
    me: reader.person,
    views: await listViews(deps.db, reader.person.id),
    viewAddress: addressOf,
    isShown: (view) => isSameView(view, queueAddress(filter).split('?')[1] ?? ''),
    quarantined: deps.config.inboundDomain === null ? 0 : await countQuarantined(deps.db, reader.person.accountId),
  });
}

async function download(deps: Deps, req: Request, res: Response): Promise<void> {
  const { db } = deps;
  const filter = { ...readQueueFilter(req.query), page: 1 };
  const reader = readerOf(deps, req);
  const ids = await gatherIds(db, filter, reader, MOST_EXPORTED);
  // Part of what was asked for would look like all of it.
  if (ids === null) return res.redirect(303, queueAddress(filter, {}, '/review') + noteAfter(filter));
  const [, query = ''] = queueAddress(filter).split('?');
  // A HEAD request takes nothing with it.
  const isTaken = req.method === 'GET';
  if (isTaken) await recordExport(db, reader, { requests: ids.length, filter: query });
  // Not before: the page of an error would be saved as the file.
  res.attachment('requests.csv').type('text/csv');
  if (!isTaken) return void res.end();
  try {
    await pipeline(linesOf(deps, ids, reader), res);
  } catch (err) {
    // It has begun, so all that can be said is that it ends too early: the browser sees the connection cut.
    deps.log.warn({ err, person: reader.person.id, requestId: req.requestId }, 'an export of the queue was cut short');
  }
}

async function* linesOf({ db }: Deps, ids: readonly number[], reader: Reviewer): AsyncGenerator<string> {
  yield queueCsvHead;
  for await (const rows of rowsOf(db, ids, reader)) yield queueCsvLines(rows, reader.person);
}

const noteAfter = (filter: QueueFilter): string =>
  `${queueAddress(filter).includes('?') ? '&' : '?'}note=too-many-to-export`;
