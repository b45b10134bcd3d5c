// Asks DNS about the domains that are due: never while somebody waits for a page, and in pieces of a bounded number.
import { setTimeout } from 'node:timers/promises';
import { act } from '../../act.ts';
import type { Db } from '../../database.ts';
import type { Resolver } from '../../dns/resolver.ts';
import type { Policy } from '../../policy/document/policy.ts';
import type { Domain } from '../domain.ts';
import { addProven } from '../pending/actions.ts';
import { judgeProof, type PendingDomain, type Proof, proofRecord } from '../pending/pending.ts';
import { takeDuePending, updateProof } from '../pending/store.ts';
import { keepLook } from '../records/actions.ts';
import { type Looked, lookAtRecords } from '../records/look.ts';
import type { RecordSetting } from '../records/setting.ts';
import { type DueDomain, takeDueDomains } from '../records/store.ts';
import { nextProof } from './schedule.ts';

/** How many are looked up in one piece, and for how long no other process takes them. */
const PIECE = 40;
const TAKEN_FOR_MS = 5 * 60_000;
/** How many are looked up at once; a slow one does not hold up the others. */
const AT_ONCE = 8;
/** Own choice: how long pages go first after each domain. */
const PAUSE_MS = 10;

type Looking = { readonly db: Db; readonly dns: Resolver; readonly now: () => number };
type Providing = {
  readonly provider: { readonly records: RecordSetting };
  readonly policy: { readonly document: Policy };
};

/** Looks up the records of the domains that are due. Returns how many it looked up. */
export async function lookDue({ db, dns, now, provider, policy }: Looking & Providing): Promise<number> {
  const due = await takeDueDomains(db, { at: now(), limit: PIECE, forMs: TAKEN_FOR_MS });
  if (due.length === 0) return 0;
  let last = Promise.resolve();
  const keep = async (domain: DueDomain, looked: readonly Looked[]): Promise<void> => {
    await act<void, never>(db, { person: null, at: now() }, (act) => keepLook(act, domain, looked));
    await setTimeout(PAUSE_MS);
  };
  const queue = due.values();
  const work = async (): Promise<void> => {
    for (const domain of queue) {
      const subject = { ...domain, addresses: addressesOf(domain, policy.document) };
      const looked = await lookAtRecords(dns, subject, provider.records);
      // One by one, with a pause, as on SQLite pages wait for each transaction.
      last = last.then(() => keep(domain, looked));
      await last;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return due.length;
}

/** Addresses of the shared pool that a domain's mail goes over. */
const addressesOf = ({ route }: Domain, { pools }: Policy): readonly string[] =>
  pools
    .filter(({ kind }) => kind === (route === 'transactional' ? 'transactional' : 'default'))
    .flatMap(({ addresses }) => addresses ?? []);

/** Looks for the proofs that are due. Returns how many were looked for. */
export async function proveDue({ db, dns, now }: Looking): Promise<number> {
  const due = await takeDuePending(db, { at: now(), limit: PIECE, forMs: TAKEN_FOR_MS });
  const proofs = await Promise.all(due.map((pending) => lookForProof(dns, pending)));
  const at = now();
  const seen: { readonly pending: PendingDomain; readonly proof: Exclude<Proof, { state: 'proven' }> }[] = [];
  for (const [index, pending] of due.entries()) {
    const proof = proofs[index];
    if (proof?.state === 'proven') await addProven(db, { person: null, at }, pending, { dueAt: laterOf(pending, at) });
    else if (proof) seen.push({ pending, proof });
  }
  if (seen.length > 0)
    await act<void, never>(db, { person: null, at }, async ({ trx }) => {
      for (const { pending, proof } of seen) {
        const next = { id: pending.id, triedAt: at, dueAt: laterOf(pending, at), tries: pending.tries + 1 };
        await updateProof(trx, proof.state === null ? { ...next, trouble: proof.trouble } : { ...next, ...proof });
      }
    });
  return due.length;
}

const laterOf = ({ tries, createdAt }: PendingDomain, at: number): number | null =>
  nextProof(at, { tries, since: createdAt });

async function lookForProof(dns: Resolver, pending: PendingDomain): Promise<Proof> {
  const { at, value } = proofRecord(pending);
  const cname = await dns.cname(at);
  if (cname.outcome === 'found') return judgeProof(value, { cname, txt: { outcome: 'no-such-record' } });
  return judgeProof(value, { cname, txt: await dns.txt(at) });
}
