// `npm run simulate -- --weekly 200000 --schedule sendgrid`: a warm-up tried out, one line a day.
import { parseArgs } from 'node:util';
import { dayOf, weekStart } from '../day.ts';
import { parseWhole } from '../form.ts';
import { loadPolicy, policyPath } from '../policy/document/load.ts';
import type { Policy } from '../policy/document/policy.ts';
import { ok, type Result, refused } from '../result.ts';
import { simulationLines } from '../warmup/simulation/print.ts';
import { EVEN, simulate, type Trial } from '../warmup/simulation/simulate.ts';
import { MOST_WEEKLY, parseBadDay, parsePattern } from '../warmup/simulation/trial.ts';
import type { Clock } from '../warmup/state.ts';

const USAGE = `Usage: npm run simulate -- --weekly 200000 [--schedule NAME] [--clock progress|calendar]
         [--pattern 20,20,20,20,15,3,2] [--bad-day 12:bounce=6] [--policy NAME|FILE]`;

const read = readArguments(process.argv.slice(2));
if (read.ok) {
  const { trial, policy } = read.value;
  process.stdout.write(
    `${simulationLines(simulate(trial, policy), trial, policy, process.stdout.columns ?? 100).join('\n')}\n`,
  );
} else {
  process.stderr.write(`${read.problem}\n${USAGE}\n`);
  process.exitCode = 2;
}

function readArguments(args: string[]): Result<{ trial: Trial; policy: Policy }, string> {
  let values: Record<string, string | undefined>;
  try {
    const text = { type: 'string' } as const;
    const options = { weekly: text, schedule: text, clock: text, pattern: text, 'bad-day': text, policy: text };
    values = parseArgs({ args, options }).values;
  } catch (error) {
    return refused(`${(error as Error).message.split('. ')[0]}.`);
  }
  const loaded = loadPolicy(policyPath(values['policy'] ?? 'customerio'));
  if (!loaded.ok) return refused(`The policy cannot be read: ${loaded.problem.join('; ')}.`);
  return readTrial(values, loaded.value);
}

function readTrial(
  values: Record<string, string | undefined>,
  policy: Policy,
): Result<{ trial: Trial; policy: Policy }, string> {
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
  const pattern = values['pattern'] === undefined ? EVEN : parsePattern(values['pattern']);
  if (!pattern)
    return refused(
      '--pattern must be seven numbers from Monday to Sunday, at least one above zero, such as 20,20,20,20,15,3,2.',
    );
  const badDay = values['bad-day'] === undefined ? null : parseBadDay(values['bad-day'], policy);
  if (typeof badDay === 'string') return refused(`--bad-day: ${badDay}`);
  // From the coming Monday on, as plans usually start.
  const startsOn = weekStart(dayOf(Date.now())) + 7;
  return ok({ trial: { weekly, schedule, clock: clock satisfies Clock, pattern, badDay, startsOn }, policy });
}
