// What a decline says besides its reason: codes that stay the same whatever the words, and the way to a yes. Pure.
import { type Finding, remedyOf } from '../policy/checks/finding.ts';

export type Decline = {
  /** The names of the checks that failed; `judgement` where all passed and somebody decided against it nevertheless. */
  readonly codes: string[];
  /** What would get it approved, as far as a check can say it. A new request can be asked otherwise. */
  readonly remedies: string[];
};

/** Returns the codes and the way to a yes that follow from the findings at the time of the decline. */
export function declineOf(findings: readonly Finding[]): Decline {
  const against = findings.filter(({ verdict }) => verdict === 'fails' || verdict === 'blocks');
  return {
    codes: against.length > 0 ? against.map(({ check }) => check) : ['judgement'],
    remedies: against.flatMap((finding) => remedyOf(finding, false) || []),
  };
}

/** Reads them from a recorded decline; one from before they were kept has none. */
export function declineIn(facts: Readonly<Record<string, unknown>>): Decline {
  const textsIn = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
  return { codes: textsIn(facts.codes), remedies: textsIn(facts.remedies) };
}
