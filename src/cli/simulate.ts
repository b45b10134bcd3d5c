// `npm run simulate -- --weekly 200000 --schedule sendgrid`: a warm-up tried out, one line a day.
import { parseArgs } from 'node:util';
import { dayOf, weekStart } from '../day.ts';
import { parseWhole } from '../form.ts';
import { loadPolicy, policyPath } from '../policy/document/load.ts';
import type { Policy } from '../policy/document/policy.ts';
import { ok, type Result, refused } from '../result.ts';
import { simulationCsv, simulationLines } from '../warmup/simulation/print.ts';
import { EVEN, monthlyPattern, patternOf, simulate, type Trial } from '../warmup/simulation/simulate.ts';
import { MOST_WEEKLY, parseBadDay, parseMonthDays, parsePattern, parseSeason } from '../warmup/simulation/trial.ts';

const USAGE = `Usage: npm run simulate -- --weekly 200000 [--schedule NAME] [--clock progress|calendar]
         [--pattern 20,20,20,20,15,3,2] [--month 1,15] [--season 60:40] [--hours 8] [--recipients 10]
         [--bad-day 12:bounce=6] [--policy NAME|FILE] [--csv]
  --pattern     the week's mail by weekdays, Monday first
  --month       mailings on these days of each month instead
  --season      days with mail, then days without, in turn
  --hours       in how many hours of a day mail goes out
  --recipients  recipients of each message
  --csv         one line of CSV a day`;

const OPTIONS = 'weekly schedule clock pattern month season hours recipients bad-day policy'.split(' ');

const read = readArguments(process.argv.slice(2));
if (read.ok) {
  const { trial, policy, isCsv } = read.value;
  const trialled = simulate(trial, policy);
  const lines = isCsv
    ? simulationCsv(trialled)
    : simulationLines(trialled, trial, policy, process.stdout.columns ?? 100);
  process.stdout.write(`${lines.join('\n')}\n`);
} else {
  process.stderr.write(`${read.problem}\n${USAGE}\n`);
  process.exitCode = 2;
}

type Read = { readonly trial: Trial; readonly policy: Policy; readonly isCsv: boolean };
type Given = Readonly<Record<string, string | undefined>>;

function readArguments(args: string[]): Result<Read, string> {
  let values: Given;
  let isCsv = false;
  try {
    const options = Object.fromEntries(OPTIONS.map((name) => [name, { type: 'string' as const }]));
    const { csv, ...given } = parseArgs({ args, options: { ...options, csv: { type: 'boolean' } } }).values;
    isCsv = csv === true;
    values = given as Given;
  } catch (error) {
    return refused(`${(error as Error).message.split('. ')[0]}.`);
  }
  const loaded = loadPolicy(policyPath(values['policy'] ?? 'customerio'));
  if (!loaded.ok) return refused(`The policy cannot be read: ${loaded.problem.join('; ')}.`);
  const trial = readTrial(values, loaded.value);
  return trial.ok ? ok({ trial: trial.value, policy: loaded.value, isCsv }) : trial;
}

function readTrial(values: Given, policy: Policy): Result<Trial, string> {
  const weekly = parseWhole(values['weekly'] ?? '');
  if (values['weekly'] === undefined)
    return refused('--weekly is missing: say how many messages a week one IP will carry.');
  if (weekly === undefined || weekly < 1 || weekly > MOST_WEEKLY)
    return refused(`--weekly must be a whole number from 1 to ${MOST_WEEKLY}; it is “${values['weekly']}”.`);
  const schedule = values['schedule'] ?? policy.warmup.schedule;
  const schedules = Object.keys(policy.schedules);
  if (!schedules.includes(schedule))
    return refused(`--schedule: the policy ${policy.name} has no “${schedule}”. It has ${schedules.join(', ')}.`);
  const clock = values['clock'] ?? policy.warmup.clock.value;
  if (clock !== 'progress' && clock !== 'calendar')
    return refused(`--clock must be progress or calendar; it is “${clock}”.`);
  const badDay = values['bad-day'] === undefined ? null : parseBadDay(values['bad-day'], policy);
  if (typeof badDay === 'string') return refused(`--bad-day: ${badDay}`);
  const coming = readComing(values, weekly);
  // From the coming Monday on, as plans usually start.
  const startsOn = weekStart(dayOf(Date.now())) + 7;
  return coming.ok ? ok({ ...coming.value, schedule, clock, badDay, startsOn }) : coming;
}

/** On which days the mail comes, and how within a day. */
function readComing(
  values: Given,
  weekly: number,
): Result<Omit<Trial, 'schedule' | 'clock' | 'badDay' | 'startsOn'>, string> {
  const shares = values['pattern'] === undefined ? EVEN : parsePattern(values['pattern']);
  if (!shares)
    return refused(
      '--pattern must be seven numbers from Monday to Sunday, at least one above zero, such as 20,20,20,20,15,3,2.',
    );
  const monthDays = values['month'] === undefined ? undefined : parseMonthDays(values['month']);
  if (monthDays === null) return refused('--month must be days of the month, such as 1 or 1,15.');
  const season = values['season'] === undefined ? undefined : parseSeason(values['season']);
  if (season === null) return refused('--season must be days with mail and days without, such as 60:40.');
  const hours = values['hours'] === undefined ? 24 : parseWhole(values['hours']);
  if (hours === undefined || hours < 1 || hours > 24) return refused('--hours must be a whole number from 1 to 24.');
  const recipients = values['recipients'] === undefined ? 1 : parseWhole(values['recipients']);
  if (recipients === undefined || recipients < 1 || recipients > 1000)
    return refused('--recipients must be a whole number from 1 to 1000.');
  const pattern = monthDays ? monthlyPattern(weekly, monthDays) : patternOf(weekly, shares);
  return ok({ pattern, hours, recipients, ...(monthDays && { monthDays }), ...(season && { season }) });
}
