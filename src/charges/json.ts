// Charges as programs read them. Pure.
import { kindOf } from './csv.ts';
import { isoDay, type Line } from './ledger.ts';

/** One line: days of UTC, both counted; integer cents. */
export const lineJson = (line: Line) => ({
  line: line.id,
  ip: line.address,
  from: isoDay(line.fromDay),
  to: isoDay(line.toDay),
  days: line.toDay - line.fromDay + 1,
  monthlyCents: line.monthlyCents,
  cents: line.cents,
  currency: line.currency,
  kind: kindOf(line),
  credits: line.creditsId,
});
