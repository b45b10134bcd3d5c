// How many IPs suit what an account sends today, what it will send if it grows as it did, and what it plans. Pure.
import type { Stream } from '../policy/checks/facts.ts';
import { type Sizing, sizeFor } from '../policy/checks/sizing.ts';
import type { Policy } from '../policy/document/policy.ts';
import type { WeekCount } from '../sending/counts.ts';
import { AHEAD_WEEKS, growthOf, type StreamMail, scaled } from '../sending/growth.ts';
import { capitalised, counted, grouped, inWords, listed } from '../wording.ts';

/** Mail of one time, and the IPs that suit it. */
export type Scenario = {
  readonly label: string;
  readonly mail: StreamMail;
  readonly size: Sizing;
  readonly sentence: string;
};

/** What somebody plans to send in a week, and of which kind. */
export type Planned = { readonly weekly: number; readonly stream: Stream };

type Sent = { readonly counts: readonly WeekCount[]; readonly at: number; readonly planned: Planned | null };

/** What is known of an account's mail, each with the IPs that suit it by the policy; nothing where nothing is known. */
export function sizingOf(policy: Policy, { counts, at, planned }: Sent): Scenario[] {
  const { today, later } = growthOf(counts, at);
  return [
    ...scenario(policy, 'Today', today),
    ...scenario(
      policy,
      `In ${AHEAD_WEEKS} weeks, if it goes on growing as it did`,
      isOther(today, later) ? later : null,
    ),
    ...scenario(policy, 'As you plan', planned && planMail(planned, today)),
  ];
}

const isOther = (one: StreamMail | null, other: StreamMail | null): boolean =>
  one?.marketing !== other?.marketing || one?.transactional !== other?.transactional;

/** A plan for both kinds has today's shares. */
function planMail({ weekly, stream }: Planned, today: StreamMail | null): StreamMail {
  if (stream === 'transactional') return { marketing: 0, transactional: weekly };
  return stream === 'both' && today !== null ? scaled(today, weekly) : { marketing: weekly, transactional: 0 };
}

function scenario(policy: Policy, label: string, mail: StreamMail | null): Scenario[] {
  if (mail === null) return [];
  const size = sizeFor(policy, mail);
  return [{ label, mail, size, sentence: inSentence(size, policy) }];
}

/** What suits, in a sentence. */
function inSentence({ most, count, streams, weekly }: Sizing, { weeklyVolumePerIp: { value: perIp } }: Policy): string {
  if (weekly === 0) return 'No mail, so no IP.';
  if (count === 0) return `Too little for an IP of its own, which needs ${grouped(perIp ?? 0)} a week.`;
  const apart = listed(streams.map((one) => `${inWords(one.count)} for ${one.stream} mail`));
  const advised = capitalised(`${counted(count, 'IP')}${streams.length === 0 ? '' : `: ${apart}`}.`);
  return most === null || most <= count ? advised : `${advised} It is enough for up to ${inWords(most)}.`;
}
