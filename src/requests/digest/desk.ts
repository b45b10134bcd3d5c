// What waits on the desk, as one reviewer's summary lists it. Pure.
import type { Person } from '../../accounts/person.ts';
import type { Morning } from '../../calendar/morning.ts';
import { barToClaim, type Claim } from '../claims/claim.ts';
import { askedFor, type IpRequest, reference } from '../request.ts';

/** A request that waits, with what the checks say of it. */
export type Undecided = {
  readonly request: IpRequest;
  /** null: nobody has it. */
  readonly claim: Claim | null;
  readonly recommended: string;
  /** The checks that it fails, by title. */
  readonly failed: readonly string[];
};

export const urgencies = ['overdue', 'soon', 'new', 'waiting'] as const;
export type Urgency = (typeof urgencies)[number];

/** One request as the summary lists it. `isOwn`: the reader has it on the desk. */
export type Line = {
  readonly reference: string;
  readonly what: string;
  readonly dueAt: number;
  readonly urgency: Urgency;
  readonly isOwn: boolean;
  readonly recommended: string;
  readonly failed: readonly string[];
};

/** `waiting`: how many wait for this reader, or at least this many where `isCut`; `lines`: the first of them. */
export type DeskFacts = {
  readonly waiting: number;
  readonly isCut: boolean;
  readonly withColleagues: number;
  readonly lines: readonly Line[];
};

const MOST_LINES = 20;

/** How urgent a request is at the instant `at`; new: sent since the working day before began. */
export function urgencyOf(
  { dueAt, clock, submittedAt }: Pick<IpRequest, 'dueAt' | 'clock' | 'submittedAt'>,
  { at, before }: { readonly at: number; readonly before: number },
): Urgency {
  if (dueAt !== null && dueAt <= at) return 'overdue';
  if (clock.soonAt !== null && clock.soonAt <= at) return 'soon';
  return submittedAt >= before ? 'new' : 'waiting';
}

/** What of `all` waits for this reviewer: their own, and what nobody has, as far as they may decide it. */
export function deskOf(
  all: readonly Undecided[],
  person: Person,
  { at, morning, isCut }: { readonly at: number; readonly morning: Morning; readonly isCut: boolean },
): DeskFacts {
  const able = all.filter(({ request }) => barToClaim(request, person) === null);
  const isTheirs = ({ claim }: Undecided): boolean => claim === null || claim.personId === person.id;
  const theirs = able.filter(isTheirs);
  return {
    waiting: theirs.length,
    isCut,
    withColleagues: able.length - theirs.length,
    lines: theirs.slice(0, MOST_LINES).map(({ request, claim, recommended, failed }) => ({
      reference: reference(request.id),
      what: `${askedFor(request.answers)} for ${request.account.name}`,
      dueAt: request.dueAt ?? at,
      urgency: urgencyOf(request, { at, before: morning.before }),
      isOwn: claim !== null,
      recommended,
      failed,
    })),
  };
}
