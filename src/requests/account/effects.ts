// What a change of an account brings about, told before it is made and compared when it is. Pure.
import type { Allocation } from '../../ips/allocation.ts';
import type { PriceChange } from '../../ips/prices/plan-change.ts';
import type { ReleaseEffects } from '../../release/effects.ts';
import type { IpRequest } from '../request.ts';

/** An open request whose price the new plan changes. */
export type Requote = {
  readonly request: IpRequest;
  readonly beforeCents: number;
  readonly monthlyCents: number;
  readonly currency: string;
  /** Whether what was decided on it no longer holds: it became dearer. */
  readonly isBack: boolean;
};

export type PlanEffects = { readonly prices: readonly PriceChange[]; readonly requotes: readonly Requote[] };

export type ClosingEffects = {
  readonly requests: readonly IpRequest[];
  readonly domains: readonly string[];
  /** Live IPs, and what follows from giving all of them back. */
  readonly ips: readonly Allocation[];
  readonly release: ReleaseEffects;
  readonly people: number;
  /** Names of its subusers that are not closed. */
  readonly subusers: readonly string[];
};

/** Whether a decision that was made on a request binds to its price: then a dearer one undoes it. */
export const isDecided = ({ status }: IpRequest): boolean =>
  status === 'second_review' || status === 'offered' || status === 'waitlisted';
