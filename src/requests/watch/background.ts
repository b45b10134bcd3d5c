// Looks whether those who wait qualify by now. Run with the background jobs.
import type { Person } from '../../accounts/person.ts';
import { findActivePerson } from '../../accounts/store.ts';
import { act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import type { Db } from '../../database.ts';
import type { Deps } from '../../deps.ts';
import { queueMail } from '../../notifications/actions.ts';
import { gatherAsking, gatherProspects } from '../qualifying/gather.ts';
import type { Prospect } from '../qualifying/prospect.ts';
import { claimLook, deleteWatch, listDueWatches, type Watch } from './store.ts';
import { formOf, LOOK_EVERY_MS, reached } from './watch.ts';

const MOST_AT_ONCE = 50;

/**
 * Looks at the waits that are due at the instant `at`, each claimed by one process, and mails those whose checks all pass: in
 * one transaction with the end of the wait. What fails for one holds up none behind it, and is thrown at the end. Returns
 * how many were mailed.
 */
export async function mailQualified(deps: Pick<Deps, 'db' | 'policy'>, at: number): Promise<number> {
  const faults: unknown[] = [];
  let told = 0;
  for (const watch of await listDueWatches(deps.db, at, MOST_AT_ONCE)) {
    try {
      if ((await claimLook(deps.db, watch, at + LOOK_EVERY_MS)) && (await look(deps, watch, at))) told += 1;
    } catch (error) {
      faults.push(error);
    }
  }
  if (faults.length > 0)
    throw new AggregateError(faults, `of ${faults.length} it could not be seen whether they qualify`);
  return told;
}

async function look(deps: Pick<Deps, 'db' | 'policy'>, watch: Watch, at: number): Promise<boolean> {
  const { db } = deps;
  const person = await findActivePerson(db, watch.personId);
  const asking = person && (await gatherAsking(db, person, at));
  const isGone = !asking || (watch.domainId !== null && !asking.domains.some(({ id }) => id === watch.domainId));
  // Nobody is left who could ask for it: the person, their account or the domain is gone.
  if (person === null || isGone) return end(db, watch, at);
  const prospects = await gatherProspects(deps, { ...asking, about: watch.domainId ?? undefined }, at, [watch.kind]);
  const prospect = watch.kind === 'dedicated_ip' ? prospects.dedicated : prospects.pool.find(isOf(watch));
  if (prospect === undefined || !reached(prospect).isReached) return false;
  return end(db, watch, at, { person, account: asking.account.name, prospect });
}

const isOf =
  ({ domainId }: Watch) =>
  ({ evidence }: Prospect): boolean =>
    evidence.domains.some(({ id }) => id === domainId);

type Reached = { readonly person: Person; readonly account: string; readonly prospect: Prospect };

/** Ends a wait, with a mail where it was reached. Returns whether there was one. */
async function end(db: Db, watch: Watch, at: number, found?: Reached): Promise<boolean> {
  const done = await act<boolean, 'ended'>(db, { person: null, at }, async (act) => {
    if (!(await deleteWatch(act.trx, watch))) return act.refuse('ended');
    if (found === undefined) return false;
    const { id, email, name, timeZone, accountId } = found.person;
    const domains = found.prospect.evidence.domains.map((domain) => domain.name);
    const subject = { type: 'account', id: accountId ?? 0 } as const;
    const facts = { to: name, kind: watch.kind };
    const eventId = await record(act, { name: 'account.qualified', subject, accountId, facts });
    const mail = {
      account: found.account,
      kind: watch.kind,
      domains,
      checks: found.prospect.findings.map(({ title }) => title),
      needsColleague: reached(found.prospect).needsColleague,
      path: formOf(watch),
    };
    await queueMail(act, [
      { eventId, to: { id, email, name, timeZone }, template: 'qualified', facts: mail, thread: null },
    ]);
    return true;
  });
  return done.ok && done.value;
}
