// The forms of this slice: what was posted in, values or an error for each field out. Pure.
import type { Day } from '../day.ts';
import { type FormReader, type FormResult, readForm } from '../form.ts';
import type { Region, Stream } from '../policy/checks/facts.ts';
import type { Policy } from '../policy/document/policy.ts';
import { readMailing } from './mailing.ts';
import type { Answers } from './request.ts';

export const TEXT_MAX = 2000;
const VOLUME_MAX = 10_000_000_000;

export const streams = ['marketing', 'transactional', 'both'] as const satisfies readonly Stream[];

const volume = (label: string, required = true) => ({ label, min: 1, max: VOLUME_MAX, required });
const text = (label: string) => ({ label, max: TEXT_MAX });

/**
 * A request for dedicated IPs as it was typed. `today`: of the person who asks, the first day on which it can start.
 * Where the mail of its domains was not measured for long enough (`isMeasured`), it has to say on which days it comes.
 */
export function readDedicated(
  body: unknown,
  policy: Policy,
  today: Day,
  isMeasured: (domainIds: readonly number[]) => boolean,
): FormResult<Answers> {
  const form = readForm(body);
  const domainIds = form.ids('domains', { label: 'Domains' });
  const ipCount = form.whole('ipCount', { label: 'Number of IPs', min: 1, max: policy.maxIpsPerRequest.value });
  const weeklyVolume = form.whole('weeklyVolume', volume('Expected weekly volume'));
  const peakWeeklyVolume = form.whole('peakWeeklyVolume', volume('Highest weekly volume', false));
  const stream = form.choice('stream', { label: 'what goes over the IPs', among: streams });
  const region = form.choice('region', { label: 'a region', among: policy.regions.value as readonly Region[] });
  const startsOn = form.day('startsOn', {
    label: 'Preferred start',
    min: today,
    tooEarly: 'Preferred start is in the past. Choose today or later.',
  });
  const automatedWarmup = readWarmup(form, policy);
  const sends = form.text('sends', text('What you send'));
  const signup = form.text('signup', text('How recipients signed up'));
  if (peakWeeklyVolume !== null && weeklyVolume !== null && peakWeeklyVolume < weeklyVolume) {
    form.fail(
      'peakWeeklyVolume',
      'Highest weekly volume must not be below the expected one. Leave it empty if every week is alike.',
    );
  }
  const isAsked = domainIds.length > 0 && !isMeasured(domainIds);
  const mailing = isAsked ? readMailing(form, { weekly: weeklyVolume, peak: peakWeeklyVolume }) : null;
  return form.result(() => ({
    kind: 'dedicated_ip',
    domainIds,
    ipCount: ipCount ?? 0,
    weeklyVolume: weeklyVolume ?? 0,
    peakWeeklyVolume: peakWeeklyVolume ?? weeklyVolume ?? 0,
    stream: stream ?? 'both',
    region: region ?? 'us',
    startsOn: startsOn ?? today,
    sends,
    signup,
    mailing,
    automatedWarmup,
  }));
}

/** S-15: whether automated warm-up is wanted. It is the default, and what was kept before there was a choice means it. */
function readWarmup(form: FormReader, { warmup }: Policy): boolean {
  const chosen = form.text('warmup', { label: 'Warm-up', max: 20, required: false });
  if (!warmup.optional.value) return true;
  if (!['', 'automated', 'own'].includes(chosen)) form.fail('warmup', 'Choose how the IP is warmed up.');
  return chosen !== 'own';
}

/** A request for the transactional pool as it was typed. The consequence has to be confirmed (C-05). */
export function readPool(body: unknown): FormResult<Answers> {
  const form = readForm(body);
  const domainIds = form.ids('domain', { label: 'Domain' });
  if (domainIds.length > 1) form.fail('domain', 'Domain: choose one. Each domain has a request of its own.');
  const weeklyVolume = form.whole('weeklyVolume', volume('Expected weekly volume'));
  const sends = form.text('sends', text('What you send'));
  const samples = form.text('samples', text('Sample subjects'));
  if (!form.flag('confirmed')) {
    form.fail('confirmed', 'Confirm that this domain can no longer send campaigns or broadcasts.');
  }
  return form.result(() => ({
    kind: 'transactional_pool',
    domainIds,
    weeklyVolume: weeklyVolume ?? 0,
    sends,
    samples,
  }));
}

/** One text that somebody has to write: an answer, a question, a note. */
export function readText(body: unknown, name: string, label: string): FormResult<string> {
  const form = readForm(body);
  const written = form.text(name, text(label));
  return form.result(() => written);
}

/** A decision: what the reviewer saw, the reason (where it is required), and for an offer the number. */
export function readDecision(
  body: unknown,
  reasonRequired: boolean,
): FormResult<{ seen: string; reason: string; approvedCount: number }> {
  const form = readForm(body);
  const reason = form.text('reason', { label: 'Reason', max: TEXT_MAX, required: reasonRequired });
  const seen = form.text('seen', { label: 'What you saw', max: 20_000, required: false });
  const approvedCount = form.whole('approvedCount', { label: 'Number of IPs', min: 1, max: 1000, required: false });
  return form.result(() => ({ seen, reason, approvedCount: approvedCount ?? 0 }));
}

const TOKEN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A form's token; undefined where `text` can be none. */
export const formTokenIn = (text: unknown): string | undefined =>
  typeof text === 'string' && TOKEN.test(text) ? text : undefined;

/** What the check page carries along: the form's token, and the price that was shown (cents). Undefined: missing or broken. */
export function readCarried(body: unknown): { formToken: string | undefined; shownCents: number | null } {
  const form = readForm(body);
  const token = form.text('formToken', { label: 'Form', max: 36, required: false });
  const shown = form.whole('shownCents', { label: 'Price', min: 0, max: 1e12, required: false });
  return { formToken: formTokenIn(token), shownCents: shown };
}
