// What a form starts with: what Warmdesk knows already, written as somebody would type it. Pure.
import { type Day, startOfDay } from '../../day.ts';
import type { Domain } from '../../domains/domain.ts';
import type { Typed } from '../../form.ts';
import type { Region } from '../../policy/checks/facts.ts';
import { grouped } from '../../wording.ts';
import { typedMailing } from '../mailing.ts';
import type { Answers } from '../request.ts';

type Known = Pick<Domain, 'id' | 'usage' | 'route'> & { readonly weekly: number | null };

const isoDay = (day: Day): string => new Date(startOfDay(day)).toISOString().slice(0, 10);

/** All domains that are not in the transactional pool, their measured volume, the region that the account is in, and today. */
export function prefillDedicated(domains: readonly Known[], region: Region | undefined, today: Day): Typed {
  const chosen = domains.filter((domain) => domain.route !== 'transactional');
  const weekly = chosen.reduce((sum, domain) => sum + (domain.weekly ?? 0), 0);
  const usages = new Set(chosen.map((domain) => domain.usage));
  const [only] = usages;
  return {
    domains: chosen.map((domain) => String(domain.id)),
    ipCount: '1',
    weeklyVolume: weekly > 0 ? grouped(weekly) : '',
    ...(region ? { region } : {}),
    stream: usages.size === 1 && only ? only : 'both',
    startsOn: isoDay(today),
  };
}

/** The first transactional domain that is not in the pool yet, with its measured volume. */
export function prefillPool(domains: readonly Known[]): Typed {
  const domain = domains.find((one) => one.usage === 'transactional' && one.route !== 'transactional');
  if (!domain) return {};
  return { domain: String(domain.id), ...(domain.weekly ? { weeklyVolume: grouped(domain.weekly) } : {}) };
}

/** An earlier request's answers, to be sent again; a start that is over becomes today. */
export function typedAgain(answers: Answers, domainIds: readonly number[], today: Day): Typed {
  const weeklyVolume = grouped(answers.weeklyVolume);
  if (answers.kind === 'transactional_pool') {
    return { domain: String(domainIds[0] ?? ''), weeklyVolume, sends: answers.sends, samples: answers.samples };
  }
  return {
    domains: domainIds.map(String),
    ipCount: String(answers.ipCount),
    weeklyVolume,
    // Where no peak was given the stored one is the volume itself: nobody said it.
    ...(answers.peakWeeklyVolume > answers.weeklyVolume ? { peakWeeklyVolume: grouped(answers.peakWeeklyVolume) } : {}),
    stream: answers.stream,
    region: answers.region,
    startsOn: isoDay(Math.max(answers.startsOn, today)),
    sends: answers.sends,
    signup: answers.signup,
    ...(answers.automatedWarmup ? {} : { warmup: 'own' }),
    ...typedMailing(answers.mailing),
  };
}
