// What a sign-in still needs once somebody has shown one thing, a password say. Pure.

/** `code`: something of the second factor that they have. `enrolment`: to set one up, as the provider asks for it. */
export type Need = 'code' | 'enrolment';

/** What somebody has as a second factor. */
export type SecondFactor = {
  /** Since when there is an authenticator app; null: there is none. */
  readonly appSince: number | null;
  readonly passkeys: number;
  /** Recovery codes that were not used yet. */
  readonly codesLeft: number;
};

/** Of whom a second factor is asked who does not have one. */
export const secondFactorRules = ['optional', 'staff'] as const;
export type SecondFactorRule = (typeof secondFactorRules)[number];

export const hasSecondFactor = ({ appSince, passkeys }: SecondFactor): boolean => appSince !== null || passkeys > 0;

/** Whether somebody has to have a second factor. */
export const mustHave = (rule: SecondFactorRule, { staffRole }: { readonly staffRole: string | null }): boolean =>
  rule === 'staff' && staffRole !== null;

/** What is still missing; null: they can be let in. */
export function needOf(factor: SecondFactor, isRequired: boolean): Need | null {
  if (hasSecondFactor(factor)) return 'code';
  return isRequired ? 'enrolment' : null;
}
