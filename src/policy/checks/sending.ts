import { capitalised, counted, grouped, listed, percent } from '../../wording.ts';
import type { Policy } from '../document/policy.ts';
import { type Check, finding } from './check.ts';
import type { DomainFacts, Facts, Measured } from './facts.ts';
import type { Finding } from './finding.ts';
import { lackingInWords, lackingOf } from './lacking.ts';

type Fault = 'bounced' | 'complained';

const words = {
  bounced: { check: 'bounce-rate', title: 'Bounce rate', many: 'bounces', did: 'bounced', limit: 'maxBounceRate' },
  complained: {
    check: 'complaint-rate',
    title: 'Complaint rate',
    many: 'complaints',
    did: 'was reported as spam',
    limit: 'maxComplaintRate',
  },
} as const;

const advice = {
  bounced: 'Remove addresses that no longer exist from your lists.',
  complained: 'Write only to people who asked for your mail, and make leaving easy.',
};

/** Own choice: account-wide limits, over the last 28 complete days. */
export const bounceRate: Check<Facts> = (policy, { measured }) =>
  rateOf('bounced', measured, policy, policy.maxBounceRate);
export const complaintRate: Check<Facts> = (policy, { measured }) =>
  rateOf('complained', measured, policy, policy.maxComplaintRate);

/** C-03: the transactional pool is stricter. */
export const poolBounceRate: Check<Facts> = (policy, { measured }) =>
  rateOf('bounced', measured, policy, {
    ...policy.transactionalPool.maxBounceRate,
    rule: policy.transactionalPool.rule,
  });
export const poolComplaintRate: Check<Facts> = (policy, { measured }) =>
  rateOf('complained', measured, policy, {
    ...policy.transactionalPool.maxComplaintRate,
    rule: policy.transactionalPool.rule,
  });

type Limit = { readonly value: number; readonly rule: string };

const rateOf = (fault: Fault, measured: Measured, policy: Policy, { value: limit, rule }: Limit): Finding => {
  const { check, title, many, did } = words[fault];
  const { sent, asOf } = measured;
  const about = {
    check,
    rule,
    title: `${title}, 28 days`,
    limit: `≤ ${percent(limit, 4)}`,
    source: 'mail servers',
    asOf,
  };
  const least = policy.minimumSample.value;
  if (sent < least) {
    return finding({
      ...about,
      fact: `too little mail to judge: ${grouped(sent)} sent`,
      verdict: 'look',
      says: [
        `${title}: too little mail to judge.`,
        `You sent ${counted(sent, 'message')} in the last 28 days; we judge ${many} from ${grouped(least)} on. A reviewer looks at this.`,
      ],
      remedy: `Send ${grouped(least - sent)} more, so that we can judge your ${many}.`,
    });
  }
  const most = atMost(limit, sent);
  const passes = measured[fault] <= most;
  const share = shown(measured[fault], sent, limit);
  return finding({
    ...about,
    fact: share,
    verdict: passes ? 'passes' : 'fails',
    says: [
      passes ? `Few ${many}.` : `Too many ${many}.`,
      `${share} of your mail of the last 28 days ${did} (limit ${percent(limit, 4)}).`,
    ],
    remedy: `${advice[fault]} Of ${grouped(sent)} messages at most ${grouped(most)} may ${fault === 'bounced' ? 'bounce' : 'be reported'}; ${grouped(measured[fault])} ${fault === 'bounced' ? 'did' : 'were'}.`,
  });
};

/** The largest whole number within the limit. The limit is taken in millionths, so that no rounding error decides. */
export const atMost = (limit: number, sent: number): number => Math.floor((Math.round(limit * 1e6) * sent) / 1e6);

/** A rate that is not the limit is never shown as the limit: as many decimals as that takes. */
export const shown = (count: number, sent: number, limit: number): string => {
  const rate = count / sent;
  const same = (text: string) => rate !== limit && text === percent(limit, 4);
  return (
    [percent(rate), percent(rate, 2), percent(rate, 3), percent(rate, 4)].find((text) => !same(text)) ??
    percent(rate, 6)
  );
};

/** Own choice: every domain has SPF, DKIM and DMARC. */
export const domainsProven: Check<Facts> = (_policy, facts) => {
  const domains = facts.kind === 'dedicated_ip' ? facts.domains : [facts.domain];
  const lacks = domains.filter((domain) => lackingInWords(domain) !== '');
  // What was never looked at is not known to be missing.
  const bad = lacks.filter((domain) => domain.checkedAt !== null);
  if (lacks.length > 0 && bad.length === 0) return notLookedAt(domains, lacks);
  const names = domains.map((domain) => domain.name);
  const lacking = bad.map(factOf);
  const some = domains.length > 0;
  return finding({
    check: 'domains-proven',
    rule: 'own choice',
    title: domains.length === 1 ? 'Domain proven' : 'Domains proven',
    fact: some ? (lacking.length > 0 ? lacking : names).join(', ') : 'no domain',
    limit: 'SPF, DKIM, DMARC',
    verdict: some ? (bad.length > 0 ? 'fails' : 'passes') : 'blocks',
    says: says(names, bad),
    remedy: some ? `${bad.flatMap(publish).join(' ')} Then check DNS again.` : 'Choose at least one domain.',
    source: 'DNS',
    asOf: oldest(domains.map((domain) => domain.checkedAt)),
  });
};

const notLookedAt = (domains: readonly DomainFacts[], unseen: readonly DomainFacts[]): Finding => {
  const names = listed(unseen.map(({ name }) => name));
  const isOne = unseen.length === 1;
  return finding({
    check: 'domains-proven',
    rule: 'own choice',
    title: domains.length === 1 ? 'Domain proven' : 'Domains proven',
    fact: `${names} not checked yet`,
    limit: 'SPF, DKIM, DMARC',
    verdict: 'look',
    says: [
      isOne
        ? 'A domain is not looked up yet.'
        : `${capitalised(counted(unseen.length, 'domain'))} are not looked up yet.`,
      `We look for SPF, DKIM and DMARC of ${names} in the background, usually within seconds.`,
    ],
    remedy: 'Load this page again in a few seconds.',
    source: 'DNS',
    asOf: null,
  });
};

const says = (names: string[], bad: DomainFacts[]): [string, string] => {
  if (names.length === 0) return ['No domain is chosen.', 'An IP needs a domain that sends over it.'];
  if (bad.length === 0) {
    const title = names.length === 1 ? 'Your domain is set up.' : 'Your domains are set up.';
    return [title, `SPF, DKIM and DMARC were found for ${listed(names)}.`];
  }
  return [
    bad.length === 1 ? 'A domain is not set up.' : `${capitalised(counted(bad.length, 'domain'))} are not set up.`,
    `${bad.flatMap(sentencesOf).join('; ')}.`,
  ];
};

/** Like `shop.example lacks SPF`, or that its record is not right. */
const factOf = (domain: DomainFacts): string => {
  const { wrong, missing } = lackingOf(domain);
  return wrong.length > 0 ? `${domain.name}: ${lackingInWords(domain)}` : `${domain.name} lacks ${listed(missing)}`;
};

function sentencesOf(domain: DomainFacts): string[] {
  const { wrong, missing } = lackingOf(domain);
  const be = (records: readonly string[], one: string, more: string) => (records.length === 1 ? one : more);
  return [
    ...(wrong.length > 0 ? [`${listed(wrong)} of ${domain.name} ${be(wrong, 'is', 'are')} there but not right`] : []),
    ...(missing.length > 0 ? [`${listed(missing)} ${be(missing, 'was', 'were')} not found for ${domain.name}`] : []),
  ];
}

function publish(domain: DomainFacts): string[] {
  const { wrong, missing } = lackingOf(domain);
  const records = (of: string[]) => `the ${listed(of)} ${of.length === 1 ? 'record' : 'records'}`;
  return [
    ...(wrong.length > 0 ? [`Correct ${records(wrong)} of ${domain.name}: its page says what is not right.`] : []),
    ...(missing.length > 0 ? [`Publish ${records(missing)} of ${domain.name}.`] : []),
  ];
}

const oldest = (instants: (number | null)[]): number | null =>
  instants.reduce(
    (least, each) => (least === null || each === null ? null : Math.min(least, each)),
    instants[0] ?? null,
  );

/** Own choice: one open request of a kind at a time. */
export const oneOpen: Check<Facts> = (_policy, { kind, openRequest }, at) => {
  const what = kind === 'dedicated_ip' ? 'dedicated IPs' : 'the transactional pool';
  return finding({
    check: 'one-open',
    rule: 'own choice',
    title: 'Other open request',
    fact: openRequest ?? 'none',
    limit: 'none',
    verdict: openRequest ? 'blocks' : 'passes',
    says: openRequest
      ? ['Another request is open.', `Your request ${openRequest} for ${what} is still open; only one can be.`]
      : ['No other request is open.', `You have no other open request for ${what}.`],
    remedy: `Wait until ${openRequest} is decided, or withdraw it.`,
    source: 'account',
    asOf: at,
  });
};

/** Own choice: nothing new is approved for an account that is suspended or closed. Says nothing of one that is not. */
export const accountOpen: Check<Facts> = (_policy, { account }, at) =>
  account.status === undefined || account.status === 'active'
    ? null
    : finding({
        check: 'account-open',
        rule: 'own choice',
        title: 'Account',
        fact: account.status,
        limit: 'active',
        verdict: 'blocks',
        says: [`Your account is ${account.status}.`, 'Nothing new can be requested until it is reopened.'],
        remedy: 'Ask us what it takes to have it reopened.',
        source: 'account',
        asOf: at,
      });
