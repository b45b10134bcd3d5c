// Pages and acts of another build and of this one, each by its own `npm run bench`, in turn.
//   --before FOLDER     the other build, with its node_modules
//   --rounds 3          how often each is measured
//   --size 10000        the requests
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from './load.ts';
import { printed } from './table.ts';

/** A row's rate a second by its name and connections; of memory, MB. */
type Figures = ReadonlyMap<string, number>;

const HERE = join(import.meta.dirname, '../..');
const MEMORY = 'memory idle, MB';

/** Prints one table: each row's rate in both builds and the median of the rounds' ratios, their geometric mean and the least. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      before: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      size: { type: 'string', default: '10000' },
    },
  });
  if (values.before === undefined) throw new Error('--before: the folder of the build to compare with');
  const [before, after]: [Figures[], Figures[]] = [[], []];
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    for (const [folder, into] of [
      [values.before, before],
      [HERE, after],
    ] as const) {
      console.error(`round ${round}: ${folder}`);
      into.push(measure(folder, values.size));
    }
  }
  console.log(comparison(before, after));
}

function measure(folder: string, size: string): Figures {
  const args = ['test/bench/run.ts', '--size', size, '--markdown'];
  const out = execFileSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const rows = out.split('\n').flatMap((line): [string, number][] => {
    const [, name = '', connections = '', figure = ''] = line.split('|').map((cell) => cell.trim());
    return Number(figure) > 0 ? [[`${name}${connections === '' ? '' : ` (${connections})`}`, Number(figure)]] : [];
  });
  if (rows.length === 0) throw new Error(`no figures came from ${folder}:\n${out}`);
  return new Map(rows);
}

function comparison(before: readonly Figures[], after: readonly Figures[]): string {
  const of = (all: readonly Figures[], name: string) => all.map((figures) => figures.get(name) ?? Number.NaN);
  const names = [...(after[0]?.keys() ?? [])].filter((name) => before[0]?.has(name));
  const ratio = (name: string) => {
    const then = of(before, name);
    return median(of(after, name).map((now, round) => now / (then[round] ?? Number.NaN)));
  };
  const rates = names.filter((name) => !/, (MB|ms)$/.test(name));
  const ratios = rates.map(ratio);
  const mean = Math.exp(ratios.reduce((sum, one) => sum + Math.log(one), 0) / ratios.length);
  const line = (name: string) => [
    name,
    median(of(before, name)).toFixed(1),
    median(of(after, name)).toFixed(1),
    ratio(name).toFixed(2),
  ];
  const lines = [
    ['a second', 'before', 'now', 'ratio'],
    ...rates.map(line),
    ...names.filter((name) => name === MEMORY).map(line),
  ];
  return `${printed(lines, true)}\n\nGeometric mean of ${rates.length} rates: ${mean.toFixed(3)}; the least: ${Math.min(...ratios).toFixed(2)}.`;
}
