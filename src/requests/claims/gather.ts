// What a reviewer reads of who else is on a request.
import type { Person } from '../../accounts/person.ts';
import type { Db } from '../../database.ts';
import type { IpRequest } from '../request.ts';
import { barToClaim, type Claim, OPENED_SHOWN_MS, type Opening } from './claim.ts';
import { listDesk } from './store.ts';

export type Desk = {
  readonly claim: Claim | null;
  readonly isOwn: boolean;
  /** Whether this person may claim it. */
  readonly mayClaim: boolean;
  /** To whom this person may hand it over. */
  readonly colleagues: readonly Pick<Person, 'id' | 'name'>[];
  /** Who else opened it lately, the last one first. */
  readonly openings: readonly Opening[];
  /** When this person opened it last (UTC milliseconds), if that was lately. */
  readonly openedAt: number | null;
};

const NOBODY: Desk = { claim: null, isOwn: false, mayClaim: false, colleagues: [], openings: [], openedAt: null };

type Asked = { readonly at: number; readonly staff: () => Promise<readonly Person[]> };

/** Who has a request on the desk and who opened it, for `person` at the instant `at` (UTC milliseconds). */
export async function gatherDesk(db: Db, person: Person, request: IpRequest, { at, staff }: Asked): Promise<Desk> {
  // Who of the staff looks at it is not for the customer's own people, be they staff or not.
  if (request.dueAt === null || person.accountId === request.account.id) return NOBODY;
  const { claim, openings } = await listDesk(db, request.id, { at, since: at - OPENED_SHOWN_MS });
  const isOwn = claim?.personId === person.id;
  const mayClaim = barToClaim(request, person) === null;
  const mayHandOver = mayClaim && (claim === null || isOwn);
  const others = mayHandOver ? (await staff()).filter((one) => one.id !== person.id && one.away === undefined) : [];
  return {
    claim,
    isOwn,
    mayClaim,
    colleagues: others.filter((one) => barToClaim(request, one) === null),
    openings: openings.filter(({ personId }) => personId !== person.id),
    openedAt: openings.find(({ personId }) => personId === person.id)?.at ?? null,
  };
}
