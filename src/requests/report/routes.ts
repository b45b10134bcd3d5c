// The monthly report, as a page and as a file.
import type { Request, Response } from 'express';
import { isoMonth, type Month, monthOf, readMonth } from '../../charges/ledger.ts';
import { monthName } from '../../charges/wording.ts';
import { dayOf } from '../../day.ts';
import type { Deps } from '../../deps.ts';
import type { Route } from '../../web/router.ts';
import { reportCsv } from './csv.ts';
import { gatherReport, OUTCOME_MONTHS } from './gather.ts';
import { KIND_WORDS, OUTCOME_WORDS, type Report } from './report.ts';
import { findFirstDecided } from './store.ts';

declare module '../../web/page.ts' {
  interface Views {
    'report/show': Report & {
      title: string;
      name: string;
      iso: string;
      /** The month before unless it was before the first decision, and the one after unless it has not begun, as the address has them. */
      earlier: string | null;
      later: string | null;
      isRunning: boolean;
      /** The month whose IPs the outcomes are of. */
      outcomesOf: string;
      kindWords: typeof KIND_WORDS;
      outcomeWords: typeof OUTCOME_WORDS;
      isMonthKnown: boolean;
    };
  }
}

export function reportRoutes(deps: Deps): Route[] {
  const may = 'review requests';
  return [
    { method: 'get', path: '/report', may, handle: (req, res) => show(deps, req, res) },
    { method: 'get', path: '/report.csv', may, handle: (req, res) => download(deps, req, res) },
  ];
}

type Months = { readonly month: Month; readonly first: Month; readonly current: Month };

/** The month that the address asks for; the one that runs where it names none, or one without a report. */
async function monthsIn({ db, now }: Deps, req: Request): Promise<Months> {
  const current = monthOf(dayOf(now()));
  const decided = await findFirstDecided(db);
  const first = decided === null ? current : monthOf(dayOf(decided));
  const asked = readMonth(req.query['month']) ?? current;
  return { month: asked < first || asked > current ? current : asked, first, current };
}

async function show(deps: Deps, req: Request, res: Response): Promise<void> {
  const { month, first, current } = await monthsIn(deps, req);
  const asked = req.query['month'];
  res.page('report/show', {
    title: `Report, ${monthName(month)}`,
    ...(await gatherReport(deps.db, month, deps.now())),
    name: monthName(month),
    iso: isoMonth(month),
    earlier: month > first ? isoMonth(month - 1) : null,
    later: month < current ? isoMonth(month + 1) : null,
    isRunning: month === current,
    outcomesOf: monthName(month - OUTCOME_MONTHS),
    kindWords: KIND_WORDS,
    outcomeWords: OUTCOME_WORDS,
    isMonthKnown: asked === undefined || asked === isoMonth(month),
  });
}

async function download(deps: Deps, req: Request, res: Response): Promise<void> {
  const { month } = await monthsIn(deps, req);
  res.attachment(`report-${isoMonth(month)}.csv`).type('text/csv');
  res.send(reportCsv(month, await gatherReport(deps.db, month, deps.now())));
}
