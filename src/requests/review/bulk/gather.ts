import type { Person } from '../../../accounts/person.ts';
import type { Db } from '../../../database.ts';
import { listClaims } from '../../claims/store.ts';
import { gatherJudgedFor } from '../../evidence/gather.ts';
import type { IpRequest } from '../../request.ts';
import { listQuotedCents } from '../../store-decisions.ts';
import { isRequired } from '../checklist/checklist.ts';
import { basisOf, type DecisionBasis } from '../decision-basis.ts';
import { listRequests } from '../queue/store.ts';
import { whyNotClear } from './clear.ts';

/** A request that can be approved with others. `monthlyCents`: what it costs; null for the transactional pool. */
export type ClearRequest = {
  readonly request: IpRequest;
  readonly monthlyCents: number | null;
  readonly currency: string;
  /** How many checks pass, all of them. */
  readonly checks: number;
  readonly seen: DecisionBasis;
};

export type Chosen = {
  readonly clear: readonly ClearRequest[];
  readonly others: readonly { readonly request: IpRequest; readonly why: string }[];
};

/** The chosen requests, apart by whether `person` can approve them together at the instant `at` (UTC milliseconds). */
export async function gatherChosen(db: Db, person: Person, ids: readonly number[], at: number): Promise<Chosen> {
  const requests = await listRequests(db, ids);
  const judged = await gatherJudgedFor(db, requests, at);
  const claims = await listClaims(db, ids, at);
  const quoted = await listQuotedCents(db, ids);
  const clear: ClearRequest[] = [];
  const others: { request: IpRequest; why: string }[] = [];
  for (const [index, request] of requests.entries()) {
    const found = judged[index];
    if (!found) throw new Error(`request ${request.id} was not judged`);
    const nowCents = found.quote?.monthlyCents ?? null;
    const why = whyNotClear(request, person, {
      checks: found.findings,
      claim: claims.get(request.id) ?? null,
      hasChecklist: isRequired(found.policy.document, request.answers.kind),
      quotedCents: quoted.get(request.id) ?? null,
      nowCents,
    });
    const { currency } = found.policy.document;
    if (why !== null) others.push({ request, why });
    else
      clear.push({
        ...{ request, monthlyCents: nowCents, currency },
        ...{ checks: found.findings.length, seen: basisOf(request, found) },
      });
  }
  return { clear, others };
}
