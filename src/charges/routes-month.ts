// What the pages and files of a month share.
import type { Request, Response } from 'express';
import type { Span } from './gather.ts';
import { type Month, readMonth } from './ledger.ts';

/** The month that the address asks for, if the ledger has it; else the one that runs. */
export function monthIn(req: Request, { first, current }: Span): Month {
  const asked = readMonth(req.query['month']);
  return asked === undefined || asked < first || asked > current ? current : asked;
}

/** Says that the answer is a file to be kept. */
export function attachCsv(res: Response, name: string): void {
  res.attachment(name).type('text/csv');
}
