// The policy in plain words, as everybody who signs in may read it. Every number comes from the document. Pure.
import type { AccountRole } from '../../accounts/person.ts';
import type { Calendar } from '../../calendar/calendar.ts';
import { hoursOfWork, workingHoursInWords } from '../../calendar/wording.ts';
import { formatMoney } from '../../money.ts';
import { capitalised, counted, grouped, inWords, listed, percent } from '../../wording.ts';
import type { Region } from '../checks/facts.ts';
import { overflowWords } from '../checks/warmup.ts';
import { automaticInWords, selfServiceInWords } from './automatic.ts';
import type { CheckName } from './check-names.ts';
import type { Plan, Policy } from './policy.ts';

/** A rule: what it is about, and the rule as a sentence. */
export type Published = { readonly about: string; readonly sentence: string };

const ROLES: Readonly<Record<AccountRole, string>> = {
  admin: 'an admin',
  billing: 'a billing contact',
  member: 'any member',
};
const REGIONS: Readonly<Record<Region, string>> = { us: 'the US', eu: 'the EU' };
const either = (items: readonly string[]): string => items.join(', ').replace(/, ([^,]*)$/, ' or $1');
const upTo = (most: number, noun: string): string => (most === 1 ? `one ${noun}` : `up to ${counted(most, noun)}`);

const DATE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' });

/** On which days of the year forecasts expect no mailing. */
function restInWords({ warmup }: Policy): string {
  const days = warmup.restDays.value.map((day) => DATE.format(Date.parse(`2000-${day}T00:00:00Z`)));
  if (days.length === 0) return '';
  return ` Forecasts expect no mail on ${listed(days)} from those who do not mail every day.`;
}

const volumeInWords = ({ weeklyVolumePerIp: { value: perIp } }: Policy): string =>
  perIp === null
    ? 'An IP needs no minimum volume. A reviewer sees what you expect and what our mail servers counted.'
    : `Each IP needs at least ${grouped(perIp)} emails a week, counted over all the domains that will use the IPs: as you expect them, and as our mail servers counted them over the last four weeks. With less, receivers forget an IP.`;

function blocklistsInWords({ blocklists: { value: lists }, warmup }: Policy): Published[] {
  if (lists.length === 0) return [];
  const pauses = warmup.listed.value === 'pause' ? ', and its warm-up pauses until they have looked' : '';
  const sentence = `We ask ${listed(lists.map(({ name }) => name))} about an IP before you get it, and every day after that. A listed IP is not allocated; if yours is listed, its page says so and our staff are told${pauses}.`;
  return [{ about: 'Blocklists', sentence }];
}

/** S-11. */
function whoAsks({ mayCommitToCost: { value: roles } }: Policy): Published[] {
  if (roles === null) return [];
  const sentence = `${capitalised(either(roles.map((role) => ROLES[role])))} of your account sends the request, because IPs may cost money.`;
  return [{ about: 'Who asks', sentence }];
}

function howMany({ maxIpsPerRequest, newIpsPerMonth: { value: monthly } }: Policy): string {
  const atOnce = `One request is for ${upTo(maxIpsPerRequest.value, 'IP')}; an account has one open request for IPs at a time.`;
  return monthly === null
    ? atOnce
    : `${atOnce} More than ${counted(monthly, 'new IP')} a month is looked at by a reviewer.`;
}

/** S-05, S-06: empty where the policy advises no number. */
function advice(policy: Policy): Published[] {
  const [two, perDay, perIp] = [policy.twoIpsFromMonthlyVolume, policy.dailyVolumePerIp, policy.weeklyVolumePerIp];
  const once =
    perIp.value === null ? '' : `, as soon as your volume reaches the ${grouped(2 * perIp.value)} a week that two need`;
  const parts = [
    ...(two.value === null
      ? []
      : [`From ${grouped(two.value)} emails a month two IPs, one for marketing and one for transactional mail${once}`]),
    ...(perDay.value === null
      ? []
      : [`one ${two.value === null ? 'IP' : 'more'} for every ${grouped(perDay.value)} a day`]),
  ];
  return parts.length === 0 ? [] : [{ about: 'What we recommend', sentence: `${capitalised(parts.join('; and '))}.` }];
}

/** S-19. */
const reverseInWords = ({ reverseDns }: Policy): Published[] =>
  reverseDns.value === null
    ? []
    : [
        {
          about: 'Linked domain',
          sentence:
            'You can link a host name of your domain to each of your IPs, at no cost: you publish its address, we set the PTR record. We give nobody an IP of which these two do not agree.',
        },
      ];

/** What a request for dedicated IPs must meet. */
export function dedicatedRules(policy: Policy): Published[] {
  const allowed = policy.plans.filter((plan) => plan.dedicatedIps.value).map((plan) => plan.name);
  return [
    { about: 'Volume', sentence: volumeInWords(policy) },
    {
      about: 'Expected growth',
      sentence: `If you expect more than ${inWords(policy.statedToMeasuredFactor.value)} times what we counted, a reviewer asks what will change.`,
    },
    {
      about: 'Clean sending',
      sentence: `At most ${percent(policy.maxBounceRate.value)} of the last 28 days’ mail bounced and at most ${percent(policy.maxComplaintRate.value)} was reported as spam. Below ${grouped(policy.minimumSample.value)} messages a reviewer looks at them one by one.`,
    },
    {
      about: 'Proven domains',
      sentence: 'SPF, DKIM and DMARC are found in DNS for every domain that will use the IPs.',
    },
    {
      about: 'Plan',
      sentence: `Your plan allows dedicated IPs. Today: ${either(allowed) || 'none does'}.`,
    },
    ...whoAsks(policy),
    { about: 'How many', sentence: howMany(policy) },
    {
      about: 'Where',
      sentence: `IPs are in ${either(policy.regions.value.map((region) => REGIONS[region]))}. An account that sends from one region only gets IPs there.${policy.pinnedRegions.value.map((region) => ` IPs in ${REGIONS[region]} are only for such accounts.`).join('')}`,
    },
    ...blocklistsInWords(policy),
    ...reverseInWords(policy),
    {
      about: 'While it warms up',
      sentence: `A new IP carries a little more each day. ${capitalised(overflowWords(policy))}. Without one of these we don’t assign an IP${policy.warmup.optional.value ? ' with automated warm-up. You can leave automated warm-up out: then nothing limits what the IP carries from its first day' : ''}.${restInWords(policy)}`,
    },
    ...advice(policy),
  ];
}

/** What a request for the transactional pool must meet. */
export function poolRules({ transactionalPool: pool }: Policy): Published[] {
  return [
    {
      about: 'Its own domain',
      sentence:
        'Only a separate domain that is used for transactional messages alone: receipts, password links, alerts.',
    },
    {
      about: 'Stricter limits',
      sentence: `At most ${percent(pool.maxBounceRate.value)} of its mail bounced and at most ${percent(pool.maxComplaintRate.value)} was reported as spam. Everyone in this pool relies on it.`,
    },
    {
      about: 'History',
      sentence: `The domain has sent for at least ${counted(pool.minimumWeeks.value, 'week')}; with less, a reviewer looks at it.`,
    },
    { about: 'Afterwards', sentence: 'Campaigns and broadcasts from the domain are refused. It costs nothing.' },
  ];
}

const PLAIN_NAMES: Readonly<Partial<Record<CheckName, string>>> = {
  'stated-volume': 'volume',
  'measured-volume': 'volume',
  'bounce-rate': 'clean sending',
  'complaint-rate': 'clean sending',
  'domains-proven': 'proven domains',
  region: 'the region',
  'new-ips': 'new IPs a month',
  history: 'history',
};

function withoutExceptions({ neverOverridden }: Policy): string {
  const names = [...new Set(neverOverridden.value.map((check) => PLAIN_NAMES[check] ?? check))];
  return names.length === 0 ? '' : `For ${listed(names)} there are no exceptions. `;
}

/** How long an order of several IPs is overtaken by smaller ones. */
const keptInWords = ({ waitlistKeepDays: { value: days } }: Policy): string =>
  days === 0
    ? 'What comes free is kept for an order of several IPs until there are enough.'
    : `An order of several IPs may be overtaken by smaller ones for ${counted(days, 'day')}; after that, what comes free is kept for it until there are enough.`;

/** How a request goes, from sending to the decision. */
export function courseOf(policy: Policy, calendar: Calendar): Published[] {
  const { decideWithinHours, answerWithinDays, quoteValidDays } = policy;
  return [
    {
      about: 'Before you send',
      sentence: `You see whether your request meets these rules, what it costs and how long warm-up takes. The price you see is valid for ${counted(quoteValidDays.value, 'day')}.`,
    },
    { about: 'Decision', sentence: decisionInWords(decideWithinHours.value, calendar) },
    ...automaticInWords(policy.automaticApproval),
    ...selfServiceInWords(policy.selfService),
    {
      about: 'Questions',
      sentence: `If we ask you something, the clock waits. Without an answer within ${counted(answerWithinDays.value, 'day')} we close the request; you can send a new one.`,
    },
    {
      about: 'Exceptions',
      sentence: `Against a rule that is not met, a request is approved only with a written reason and by two reviewers. ${withoutExceptions(policy)}Nobody decides a request of their own.`,
    },
    {
      about: 'Approved',
      sentence: `The IPs are yours at once, at the price you saw, and warm-up is planned. If too few are free, you wait for the next ones, in the order in which requests were approved; nothing is charged until then. ${keptInWords(policy)}`,
    },
    {
      about: 'Giving back',
      sentence: `You can give an IP back on any day, which is the last one charged. No new mail goes over it from then on; what is queued for it may leave for ${counted(policy.release.drainDays.value, 'day')}, and it rests for ${counted(policy.release.quarantineDays.value, 'day')} before anybody else gets it.`,
    },
    { about: 'Changed your mind', sentence: 'You can withdraw a request while it is open.' },
  ];
}

function decisionInWords(hours: number, calendar: Calendar): string {
  const working = workingHoursInWords(calendar);
  const within = `A person decides within ${hoursOfWork(hours, calendar)}.`;
  return working === null ? within : `${within} Working hours: ${working}.`;
}

/** A plan as the price table shows it. */
export type PlanRow = { readonly name: string; readonly included: string; readonly further: string };

export const planRows = (policy: Policy): PlanRow[] => policy.plans.map((plan) => planRow(plan, policy));

function planRow({ name, dedicatedIps, includedIps }: Plan, policy: Policy): PlanRow {
  if (!dedicatedIps.value) return { name, included: 'shared IPs only', further: 'not available' };
  const price = formatMoney(policy.extraIpMonthlyCents.value, policy.currency);
  return {
    name,
    included: includedIps.value === 0 ? 'none' : counted(includedIps.value, 'IP'),
    further: `${price} a month each`,
  };
}

/** Messages a week of an example, where the policy asks for no volume. */
const SMALL_SENDER = 25_000;

/** What one IP needs at the least (messages a week), or the volume of a small sender. */
export const leastVolume = ({ weeklyVolumePerIp }: Pick<Policy, 'weeklyVolumePerIp'>): number =>
  weeklyVolumePerIp.value ?? SMALL_SENDER;

/** Weekly volumes whose warm-up is shown: the least, four times and twenty times that. */
export const sampleVolumes = (policy: Policy): number[] => [1, 4, 20].map((factor) => factor * leastVolume(policy));
