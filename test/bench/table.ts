// The one table: figures of each size, beside the bare server's and the smaller size's.
import { type Measured, median } from './load.ts';
import type { Beside, Row } from './measure.ts';
import type { Site } from './site.ts';

const digits = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
const middle = (all: readonly Measured[], of: keyof Measured): number => median(all.map((one) => one[of]));
const sizeOf = (site: Site): string => site.filling.requests.toLocaleString('en-US');

/** The table's lines: the head first. Each is as long as the others. */
export function tableOf(rows: readonly Row[], sites: readonly Site[], beside: readonly Beside[]): string[][] {
  const head = [
    '',
    'at once',
    ...sites.flatMap((site) => [`${sizeOf(site)}: a second`, 'p50 ms', 'p99 ms', 'of bare']),
  ];
  const growth = sites.length > 1 ? ['times slower'] : [];
  return [[...head, ...growth], ...rows.map((row) => lineOf(row)), ...besideLines(sites, beside)];
}

function lineOf({ name, connections, sites }: Row): string[] {
  const figures = sites.flatMap(({ warmdesk, bare }) => [
    digits(middle(warmdesk, 'rate')),
    digits(middle(warmdesk, 'p50')),
    digits(middle(warmdesk, 'p99')),
    digits(median(warmdesk.map((one, round) => one.rate / (bare[round]?.rate ?? Number.NaN)))),
  ]);
  const [small, large] = sites;
  const slower =
    small && large
      ? [digits(median(small.warmdesk.map((one, round) => one.rate / (large.warmdesk[round]?.rate ?? Number.NaN))))]
      : [];
  return [name, String(connections), ...figures, ...slower];
}

/** What is measured once for each size. */
function besideLines(sites: readonly Site[], beside: readonly Beside[]): string[][] {
  const line = (name: string, value: (site: Site, index: number) => string): string[] => [
    name,
    '',
    ...sites.flatMap((site, index) => [value(site, index), '', '', '']),
    ...(sites.length > 1 ? [''] : []),
  ];
  return [
    line('mails a second', (_, index) => mailRate(beside[index]?.mailRates ?? [])),
    line('memory idle, MB', (site) => String(site.idleMb)),
    line('memory at most, MB', (_, index) => String(beside[index]?.loadMb)),
    line('start-up, ms', (site) => digits(site.startMs)),
  ];
}

/** The lines for a terminal, or as a Markdown table. */
export function printed(lines: readonly string[][], markdown: boolean): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const padded = lines.map((line) =>
    line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))),
  );
  if (!markdown) return padded.map((line) => line.join('  ')).join('\n');
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(Math.max(1, width - 1))}:`,
  );
  return [padded[0] ?? [], rule, ...padded.slice(1)].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** Nothing where none was measured. */
const mailRate = (rates: readonly number[]): string => (rates.length === 0 ? '' : digits(median(rates)));
