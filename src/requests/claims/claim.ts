// Who has a request on the desk. A claim is an attribute of a request, not a state: it tells colleagues to leave it, and
// keeps nobody from deciding. Pure.
import type { Person } from '../../accounts/person.ts';
import { type Bar, barTo } from '../lifecycle.ts';
import type { IpRequest } from '../request.ts';

const MINUTE = 60_000;

/**
 * How long a claim lasts (working time, milliseconds): half a working day. Long enough for a hard case with a lunch in
 * between; what somebody took up late is still theirs the next morning. Own choice.
 */
export const CLAIM_MS = 4 * 60 * MINUTE;

/** The page names a colleague who opened it this long ago (milliseconds), by which time they may still be reading. */
export const OPENED_SHOWN_MS = 30 * MINUTE;

/** An opening within this time (milliseconds) of the last is not written again. */
export const SAME_OPENING_MS = 30_000;

/** "Next" leaves out what a colleague opened this long ago (milliseconds): an ordinary decision takes less. */
export const OPENED_AVOIDED_MS = 10 * MINUTE;

/** Older openings are forgotten (milliseconds). */
export const OPENED_KEPT_MS = 24 * 60 * MINUTE;

/** Times are UTC milliseconds. */
export type Claim = {
  readonly personId: number;
  readonly name: string;
  readonly since: number;
  readonly until: number;
};

/** Somebody who opened the request's page, and when last (UTC milliseconds). */
export type Opening = { readonly personId: number; readonly name: string; readonly at: number };

/** Why somebody cannot have the request on their desk: as with deciding it, and only while reviewers have it. */
export const barToClaim = (request: IpRequest, person: Person): Bar | null =>
  barTo(request.status === 'second_review' ? 'confirm' : 'approve', request, person);
