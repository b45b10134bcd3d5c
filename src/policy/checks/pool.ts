import { counted, grouped, inWords } from '../../wording.ts';
import { type Check, finding } from './check.ts';
import type { PoolFacts, SendingRoute, Stream } from './facts.ts';
import type { Verdict } from './finding.ts';

const sends: Record<Stream, string> = {
  transactional: 'transactional mail only',
  marketing: 'marketing mail',
  both: 'marketing mail too',
};

/** C-04, C-05: only a separate domain, used for transactional mail alone, may send over the transactional pool. */
export const transactionalOnly: Check<PoolFacts> = ({ transactionalPool: pool }, { domain }, at) => {
  const passes = domain.usage === 'transactional';
  return finding({
    check: 'transactional-only',
    rule: pool.rule === 'C-03' ? 'C-04' : pool.rule,
    title: 'What the domain sends',
    fact: `${domain.name}: ${sends[domain.usage]}`,
    limit: 'transactional only',
    verdict: passes ? 'passes' : 'blocks',
    says: [
      passes ? 'A domain for transactional mail.' : 'Not a domain for transactional mail alone.',
      `${domain.name} sends ${sends[domain.usage]}${passes ? '' : '; the transactional pool takes none'}.`,
    ],
    remedy: `Send transactional mail from a domain of its own, such as receipts.${domain.name}, and ask for that one.`,
    source: 'account',
    asOf: at,
  });
};

const routes: Record<SendingRoute, { fact: string; verdict: Verdict; title: string; goes: string }> = {
  default: {
    fact: 'default pool',
    verdict: 'passes',
    title: 'It sends over the default pool.',
    goes: 'is on the default shared pool',
  },
  dedicated: {
    fact: 'dedicated IPs',
    verdict: 'look',
    title: 'It sends over dedicated IPs.',
    goes: 'would leave your dedicated IPs for the pool',
  },
  transactional: {
    fact: 'transactional pool',
    verdict: 'blocks',
    title: 'Already there.',
    goes: 'is on the transactional pool',
  },
};

/** Own choice: a domain comes from the default pool; leaving dedicated IPs should be deliberate. */
export const routeNow: Check<PoolFacts> = (_policy, { domain }, at) => {
  const { fact, verdict, title, goes } = routes[domain.route];
  return finding({
    check: 'route-now',
    rule: 'own choice',
    title: 'Sends over',
    fact,
    limit: 'default pool',
    verdict,
    says: [title, `${domain.name} ${goes}${verdict === 'look' ? '; a reviewer looks at this' : ''}.`],
    remedy: verdict === 'look' ? 'Say in your request why the domain should leave your dedicated IPs.' : null,
    source: 'account',
    asOf: at,
  });
};

/** Own choice: some weeks of mail to judge by. */
export const history: Check<PoolFacts> = (policy, { domain, measured }) => {
  const { value: least, rule } = policy.transactionalPool.minimumWeeks;
  const weeks = measured.weeks.filter((week) => week.sent > 0).length;
  const passes = weeks >= least;
  const among = `${grouped(weeks)} of the last ${grouped(measured.weeks.length)} weeks`;
  return finding({
    check: 'history',
    rule,
    title: 'History',
    fact: among,
    limit: `≥ ${grouped(least)}`,
    verdict: passes ? 'passes' : 'look',
    says: [
      passes ? 'We know your mail.' : 'We hardly know your mail.',
      `${domain.name} sent mail in ${among}${passes ? '' : `; we judge by ${inWords(least)} or more. A reviewer looks at this`}.`,
    ],
    remedy: `Send over the default pool for ${counted(least - weeks, 'more week')}.`,
    source: 'mail servers',
    asOf: measured.asOf,
  });
};
