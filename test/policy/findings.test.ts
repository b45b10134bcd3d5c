// Every finding as customers and reviewers read it, against a text that was read by hand: golden/findings.txt. After a
// change of words run it with GOLDEN=write, and read the difference.
import { readFileSync, writeFileSync } from 'node:fs';
import test from 'ava';
import { assess } from '../../src/policy/checks/assess.ts';
import { recommend, recommendedIps } from '../../src/policy/checks/recommend.ts';
import { overflowWords } from '../../src/policy/checks/warmup.ts';
import { CASES, RECOMMENDED, VOLUMES, withOverflow } from './cases.ts';
import { acme, customerio, found, now, receipts, sendgrid } from './facts.ts';

const GOLDEN = new URL('./golden/findings.txt', import.meta.url);

const lines = (what: object): string =>
  Object.entries(what)
    .flatMap(([name, value]) =>
      value !== null && typeof value === 'object'
        ? Object.entries(value).map(([part, text]) => `  ${name} ${part}: ${text}`)
        : [`  ${name}: ${value}`],
    )
    .join('\n');

function written(): string {
  const parts: string[] = [];
  for (const [check, cases] of Object.entries(CASES)) {
    parts.push(
      ...cases.map(([facts, policy], index) => `${check} ${index + 1}\n${lines(found(check, facts, policy))}`),
    );
  }
  parts.push(
    ...RECOMMENDED.map(
      (facts, i) => `recommended ${i + 1}\n${lines(recommend(assess(customerio, facts, now), facts))}`,
    ),
  );
  for (const policy of [customerio, sendgrid]) {
    for (const stream of ['both', 'marketing'] as const) {
      for (const volume of VOLUMES) {
        const { count, reasons } = recommendedIps(policy, volume, stream);
        const said = reasons.map(({ rule, sentence }) => `  ${rule}: ${sentence}`);
        parts.push([`${policy.name}: ${volume} a week of ${stream} suits ${count}`, ...said].join('\n'));
      }
    }
  }
  for (const ways of [['warm-ips', 'pool', 'wait'], ['pool'], ['wait'], []] as const)
    parts.push(`overflow ${ways.join(', ')}\n  ${overflowWords(withOverflow([...ways]))}`);
  return `${parts.join('\n\n')}\n`;
}

test('R-02, R-03: every finding says its fact, its limit, its verdict, why and what to do as it was read by hand', (t) => {
  const now = written();
  if (process.env.GOLDEN === 'write') writeFileSync(GOLDEN, now);
  const [is, was] = [now.split('\n\n'), readFileSync(GOLDEN, 'utf8').split('\n\n')];
  t.is(is.length, was.length);
  for (const [index, finding] of is.entries()) t.is(finding, was[index] ?? '');
});

test('each check of both kinds of request is among them', (t) => {
  const checks = [customerio, sendgrid].flatMap((policy) =>
    [acme(), receipts()].flatMap((facts) => assess(policy, facts, now).map(({ check }) => check)),
  );
  for (const check of checks) t.true(check in CASES, check);
});
