// `npm run simulate` as somebody types it.
import { execFile } from 'node:child_process';
import test from 'ava';

type Said = { readonly code: number; readonly out: string; readonly err: string };

const simulate = (...args: string[]): Promise<Said> =>
  new Promise((resolve) => {
    execFile(process.execPath, ['src/cli/simulate.ts', ...args], (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, out, err }),
    );
  });

test('S-20: a warm-up is written day by day, with its stage, cap, what is sent, the verdict and a bar', async (t) => {
  const { code, out, err } = await simulate('--weekly', '14,000', '--schedule', 'sendgrid', '--policy', 'sendgrid');
  t.is(code, 0, err);
  const lines = out.split('\n');
  t.regex(
    lines[0] ?? '',
    /^14,000 messages a week over one IP, 2,000 on the busiest day, schedule sendgrid of .*, calendar clock\.$/,
  );
  const days = lines.filter((line) => /^ +\d+ {2}\d{4}-\d{2}-\d{2} /.test(line));
  t.is(days.length, 6);
  t.regex(days[0] ?? '', /^ +1 {2}\d{4}-\d{2}-\d{2} +1\/6 +480 +480 {2}passed +█/);
  t.regex(days[5] ?? '', / 6\/6 +2,000 +2,000 {2}passed/);
  t.true(out.endsWith('Complete after six days; 7,256 messages went over the IP.\n'), out.slice(-120));
});

test('a bad day is told with the reason that the plan gives', async (t) => {
  const { code, out } = await simulate('--weekly', '200000', '--bad-day', '12:bounce=40', '--clock', 'progress');
  t.is(code, 0);
  t.regex(out, /on hold, cap cut/);
  t.regex(out, /Days that did not pass:\n {2}day 12: Over the last seven days, .* of the mail bounced \(limit 5 %\)\./);
  t.regex(out, /Complete after 46 days, of them eight days on hold/);
});

test('a pattern of weekdays is followed', async (t) => {
  const { out } = await simulate('--weekly', '200000', '--pattern', '20,20,20,20,15,3,2');
  t.regex(out, / 6,000 {2}not yet/, 'Saturday');
  t.regex(out, /\nPlanned: 33 stages, until \d{4}-\d\d-\d\d, day 38\.\n/);
  t.true(out.endsWith('Complete after 38 days; 285,029 messages went over the IP.\n'), out.slice(-120));
});

test('C-14: a newsletter a week, a monthly statement and a season are tried out like any other mail', async (t) => {
  const last = async (...args: string[]) =>
    (await simulate('--weekly', '50000', ...args)).out.trim().split('\n').at(-1);
  t.is(
    await last('--pattern', '0,1,0,0,0,0,0'),
    'Complete after 58 days, of them 49 days without mail; 100,096 messages went over the IP.',
  );
  t.regex((await last('--month', '1')) ?? '', /^Complete after 2[34]\d days, of them 2\d\d days without mail/);
  t.regex((await last('--season', '20:40')) ?? '', /^Complete after \d+ days/);
  t.regex((await last('--recipients', '50')) ?? '', /^Complete after 4[5-9] days/);
});

test('S-20: where a schedule limits hours, mail in one hour of a day gets one hour’s part', async (t) => {
  const { out } = await simulate('--weekly', '14000', '--policy', 'sendgrid', '--hours', '1');
  t.regex(out, /^ +1 {2}\S+ +1\/6 +480 +20 /m);
});

test('a trial is written as CSV for a sheet', async (t) => {
  const { out } = await simulate('--weekly', '14000', '--policy', 'sendgrid', '--csv');
  const [head, first, ...more] = out.trim().split('\n');
  t.is(head, 'day,date,stage,stage_cap,cap,sent,delivered,verdict');
  t.regex(first ?? '', /^1,\d{4}-\d\d-\d\d,1,480,480,480,\d+,advance$/);
  t.is(more.length, 5);
});

test('wrong arguments are answered with a sentence and the usage, and nothing else', async (t) => {
  const wrong: [string[], RegExp][] = [
    [[], /^--weekly is missing: say how many messages a week one IP will carry\./],
    [['--weekly', 'many'], /^--weekly must be a whole number from 1 to 1000000000; it is “many”\./],
    [['--weekly', '0'], /^--weekly must be a whole number from 1/],
    [['--weekly', '5', '--schedule', 'none'], /^--schedule: the policy customerio has no “none”\. It has growth, /],
    [['--weekly', '5', '--clock', 'sun'], /^--clock must be progress or calendar; it is “sun”\./],
    [['--weekly', '5', '--pattern', '1,2'], /^--pattern must be seven numbers from Monday to Sunday/],
    [['--weekly', '5', '--month', '32'], /^--month must be days of the month/],
    [['--weekly', '5', '--season', '0:5'], /^--season must be days with mail and days without/],
    [['--weekly', '5', '--hours', '25'], /^--hours must be a whole number from 1 to 24/],
    [['--weekly', '5', '--recipients', '0'], /^--recipients must be a whole number from 1/],
    [['--weekly', '5', '--bad-day', 'x'], /^--bad-day: “x” is not a bad day\./],
    [['--weekly', '5', '--policy', 'none'], /^The policy cannot be read: the file .*none\.json cannot be read\./],
    [['--weekly'], /^Option '--weekly <value>' argument missing\./],
    [['--speed', '5'], /^Unknown option '--speed'\./],
    [['5'], /^Unexpected argument '5'\./],
  ];
  await Promise.all(
    wrong.map(async ([args, sentence]) => {
      const { code, out, err } = await simulate(...args);
      t.is(code, 2, args.join(' '));
      t.is(out, '');
      t.regex(err, sentence);
      t.regex(err, /\nUsage: npm run simulate -- --weekly/);
    }),
  );
});
