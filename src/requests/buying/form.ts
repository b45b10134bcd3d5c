// What somebody chooses who adds an IP at once: domains, region, warm-up. Pure.
import type { Day } from '../../day.ts';
import type { Domain } from '../../domains/domain.ts';
import { type FormResult, readForm, type Typed } from '../../form.ts';
import type { Region, Stream } from '../../policy/checks/facts.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { formTokenIn } from '../form.ts';
import type { Answers } from '../request.ts';

/** S-14, S-15: what is chosen of one IP more. */
export type Choice = {
  readonly domainIds: readonly number[];
  readonly region: Region;
  readonly automatedWarmup: boolean;
};

/** Reads a choice as it was made on the page, from its address or from its form. */
export function readChoice(typed: unknown, policy: Policy): FormResult<Choice> {
  const form = readForm(typed);
  const domainIds = form.ids('domains', { label: 'Domains' });
  const region = form.choice('region', { label: 'a region', among: policy.regions.value as readonly Region[] });
  const isFree = policy.warmup.optional.value;
  const warmup = isFree ? form.choice('warmup', { label: 'how the IP is warmed up', among: WARMUPS }) : 'automated';
  return form.result(() => ({ domainIds, region: region ?? 'us', automatedWarmup: warmup !== 'own' }));
}

const WARMUPS = ['automated', 'own'] as const;

/** What the confirmation carries along: the form's token, and the monthly price that was shown (cents); undefined where broken. */
export function readConfirmed(body: unknown): { formToken: string | undefined; shownCents: number | null } {
  const form = readForm(body);
  const token = form.text('formToken', { label: 'Form', max: 36, required: false });
  return { formToken: formTokenIn(token), shownCents: form.whole('shownCents', { label: 'Price', min: 0, max: 1e12 }) };
}

/** A choice as the page's form holds it. */
export const typedChoice = ({ domainIds, region, automatedWarmup }: Choice): Typed => ({
  domains: domainIds.map(String),
  region,
  warmup: automatedWarmup ? 'automated' : 'own',
});

type Known = Pick<Domain, 'id' | 'usage'> & { readonly weekly: number | null };

/**
 * A choice as the answers of a request for one IP from `today` on: volume and kind of mail are what is measured and set of its
 * domains (emails a week), as nobody is asked.
 */
export function answersOf(
  { domainIds, region, automatedWarmup }: Choice,
  domains: readonly Known[],
  today: Day,
): Answers {
  const chosen = domains.filter(({ id }) => domainIds.includes(id));
  const weekly = chosen.reduce((sum, domain) => sum + (domain.weekly ?? 0), 0);
  return {
    kind: 'dedicated_ip',
    ipCount: 1,
    region,
    stream: streamOf(chosen.map(({ usage }) => usage)),
    startsOn: today,
    weeklyVolume: Math.max(1, weekly),
    peakWeeklyVolume: Math.max(1, weekly),
    sends: '',
    signup: '',
    mailing: null,
    automatedWarmup,
    domainIds,
  };
}

/** What goes over an IP by what its domains are used for. */
function streamOf(usages: readonly Stream[]): Stream {
  const [only, ...others] = new Set(usages);
  return only !== undefined && others.length === 0 ? only : 'both';
}
