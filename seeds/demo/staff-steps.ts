// What the provider's people and Warmdesk itself do in the demo, each as one step.
import { actIn } from '../../src/act.ts';
import { addIps } from '../../src/ips/actions.ts';
import type { Region } from '../../src/policy/checks/facts.ts';
import type { Policy } from '../../src/policy/document/policy.ts';
import { findNewestPolicy } from '../../src/policy/store.ts';
import { expireUnanswered } from '../../src/requests/background.ts';
import { addNote, askForInformation } from '../../src/requests/review/actions.ts';
import { tickChecklist } from '../../src/requests/review/checklist/actions.ts';
import {
  approveRequest,
  confirmApproval,
  declineRequest,
  evidenceOf,
  offerFewer,
  type Reviewer,
} from '../../src/requests/review/decide.ts';
import { basisOf, type DecisionBasis } from '../../src/requests/review/decision-basis.ts';
import { findRequest } from '../../src/requests/store.ts';
import { serveWaitlist } from '../../src/requests/waitlist/background.ts';
import type { Result } from '../../src/result.ts';
import { choosePolicy } from '../../src/setup/actions.ts';
import { acting, type Desk, done, known, type Step } from './desk.ts';

type Deed = (desk: Desk, actor: Reviewer, id: number) => Promise<Result<unknown, unknown>>;

const byStaff = (what: string, key: string, email: string, at: number, deed: Deed): Step => ({
  at,
  take: async (desk) => done(await deed(desk, acting(desk, email, at), known(desk.requests, key)), `${what} ${key}`),
});

/** What the reviewer's page showed at that instant. */
async function seenAt(desk: Desk, at: number, id: number): Promise<DecisionBasis> {
  const request = await findRequest(desk.trx, id);
  if (!request) throw new Error(`the demo has no request ${id}`);
  return basisOf(request, await evidenceOf(desk.trx, request, at));
}

/** Approves; against a failed check, with `reason`, this only proposes. */
export const approve = (key: string, email: string, at: number, reason = ''): Step =>
  byStaff('approve', key, email, at, async (desk, actor, id) =>
    approveRequest(desk.trx, actor, id, { seen: await seenAt(desk, at, id), reason }),
  );

export const confirm = (key: string, email: string, at: number, reason = ''): Step =>
  byStaff('confirm', key, email, at, async (desk, actor, id) =>
    confirmApproval(desk.trx, actor, id, { seen: await seenAt(desk, at, id), reason }),
  );

export const offer = (key: string, email: string, at: number, approvedCount: number, reason: string): Step =>
  byStaff('offer', key, email, at, async (desk, actor, id) =>
    offerFewer(desk.trx, actor, id, { seen: await seenAt(desk, at, id), reason, approvedCount }),
  );

export const decline = (key: string, email: string, at: number, reason: string): Step =>
  byStaff('decline', key, email, at, async (desk, actor, id) =>
    declineRequest(desk.trx, actor, id, { seen: await seenAt(desk, at, id), reason }),
  );

export const askBack = (key: string, email: string, at: number, question: string): Step =>
  byStaff('ask about', key, email, at, (desk, actor, id) => askForInformation(desk.trx, actor, id, question));

export const note = (key: string, email: string, at: number, body: string): Step =>
  byStaff('note', key, email, at, (desk, actor, id) => addNote(desk.trx, actor, id, body));

/** Ticks items of the checklist that a request's policy has. */
export const tick = (key: string, email: string, at: number, items: readonly string[]): Step =>
  byStaff('tick', key, email, at, (desk, actor, id) =>
    tickChecklist(desk.trx, actor, id, { shown: [], chosen: items }),
  );

/** An administrator uploads the policy in force with a checklist for the reviewers. */
export const uploadChecklist = (email: string, at: number, value: Policy['checklist']['value']): Step => ({
  at,
  async take(desk) {
    const { name } = desk.policy;
    const stored = (await findNewestPolicy(desk.trx, name)) ?? desk.policy;
    const document = { ...stored.document, checklist: { value, rule: 'own choice' } };
    await choosePolicy(desk.trx, acting(desk, email, at), { source: 'file', document });
    desk.policy = (await findNewestPolicy(desk.trx, name)) ?? desk.policy;
  },
});

/** Adds the addresses `network`.first to `network`.last to the inventory. */
export const stock = (
  email: string,
  at: number,
  region: Region,
  network: string,
  first: number,
  last: number,
): Step => ({
  at,
  take: (desk) => {
    const addresses = Array.from({ length: last - first + 1 }, (_, index) => `${network}.${first + index}`);
    return addIps(actIn(desk.trx, acting(desk, email, at)), addresses, region);
  },
});

export const expire = (at: number): Step => ({ at, take: (desk) => expireUnanswered(desk.trx, at) });
export const serve = (at: number): Step => ({ at, take: (desk) => serveWaitlist(desk.trx, at) });
