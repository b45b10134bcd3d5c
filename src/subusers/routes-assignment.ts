// The page on which the people of an account say which of its subusers send over one of its IPs (S-17, S-18, S-22).
import type { Account } from '../accounts/store.ts';
import type { Deps } from '../deps.ts';
import { type FieldErrors, readForm, type Typed } from '../form.ts';
import type { Allocation } from '../ips/allocation.ts';
import { type IpDesk, routesAtOwnIp, type ShownAgain } from '../ips/routes-place.ts';
import { regionNames } from '../policy/checks/dedicated.ts';
import type { Policy } from '../policy/document/policy.ts';
import { mayLeaveFrom } from '../policy/document/regions.ts';
import { NotFound } from '../web/errors.ts';
import { idIn } from '../web/params.ts';
import type { Route } from '../web/router.ts';
import { type AssignmentProblem, assignIp } from './actions.ts';
import { type Assignment, assignedIds, fitsSubuser } from './assignment.ts';
import { gatherAssignment } from './gather.ts';
import { ASSIGNMENT_PROBLEMS } from './wording.ts';

declare module '../web/page.ts' {
  interface Views {
    'subusers/assignment': {
      title: string;
      account: string;
      allocation: Allocation;
      options: readonly {
        readonly value: string;
        readonly label: string;
        readonly hint: string;
        readonly disabled: boolean;
      }[];
      /** Who may send over it now: ids of subusers, and `owner` for the account itself. */
      seen: readonly string[];
      /** Whether nothing can be changed any more. */
      isClosed: boolean;
      problem: string | null;
      typed: Typed;
      errors: FieldErrors;
    };
  }
}

export const assignmentRoutes = (deps: Deps): Route[] =>
  routesAtOwnIp(deps, { name: 'subusers', may: 'assign IPs' }, show, change);

/** In the form, the account itself. */
const OWNER = 'owner';

function optionsOf({ allocation, assignees }: Assignment, account: Account, policy: Policy) {
  const { ownerSends } = allocation;
  const ownerFits = mayLeaveFrom(account.region, allocation.region, policy);
  const subusers = assignees.map((one) => {
    const fits = fitsSubuser(allocation, one);
    const isOpen = one.status === 'active' || one.allocationIds.includes(allocation.id);
    const where = `Sends from ${regionNames[one.region]}`;
    const hint = fits ? where : `${where}, and this IP is in ${regionNames[allocation.region]}`;
    return {
      ...{ value: String(one.id), label: one.name, disabled: !(fits && isOpen) },
      hint: isOpen ? `${hint}.` : `${hint}. Suspended.`,
    };
  });
  const elsewhere = ` Its own mail may not leave from ${regionNames[allocation.region]}, where this IP is.`;
  const owner = {
    ...{ value: OWNER, label: account.name, hint: `This account itself.${ownerFits ? '' : elsewhere}` },
    disabled: !(ownerFits || ownerSends),
  };
  return [owner, ...subusers];
}

async function show(desk: IpDesk, { typed, errors = {}, problem, status = 200 }: ShownAgain = {}): Promise<void> {
  const { deps, res, account, allocation } = desk;
  const assignment = await gatherAssignment(deps.db, account.id, allocation.id);
  const seen = assignment
    ? [...(assignment.allocation.ownerSends ? [OWNER] : []), ...assignedIds(assignment).map(String)]
    : [];
  const page = {
    title: `Who sends over ${allocation.address}`,
    ...{ account: account.name, allocation, seen, errors },
    options: assignment ? optionsOf(assignment, account, deps.policy.document) : [],
    typed: typed ?? { senders: seen },
    isClosed: assignment === undefined,
    problem: assignment === undefined ? ASSIGNMENT_PROBLEMS['not-open'] : (problem ?? null),
  };
  res.page('subusers/assignment', page, status);
}

/** Who sends, as the boxes of a form say; an id that no row has is kept as 0, which nobody has. */
function sendersIn(value: unknown) {
  const all = [value ?? []].flat();
  const ids = all.filter((one) => one !== OWNER).map((one) => idIn(one) ?? 0);
  return { subuserIds: [...new Set(ids)], ownerSends: all.includes(OWNER) };
}

/** What is wrong with who was chosen, so that it is said beside the boxes. */
const IN_THE_FORM: readonly AssignmentProblem[] = ['nobody', 'region', 'owner-region', 'suspended'];

async function change(desk: IpDesk): Promise<void> {
  const { deps, req, res, account, allocation, actor } = desk;
  const { typed } = readForm(req.body).result(() => null);
  const { senders = [], seen } = typed;
  const of = { accountId: account.id, allocationId: allocation.id, policy: deps.policy.document };
  const form = { ...of, ...sendersIn(senders), seen: sendersIn(seen) };
  const done = await assignIp(deps.db, actor, form);
  if (done.ok) return res.redirect(303, '/ips?note=ip-assigned');
  if (done.problem === 'not-found') throw new NotFound();
  const words = ASSIGNMENT_PROBLEMS[done.problem];
  const isWrong = IN_THE_FORM.includes(done.problem);
  if (isWrong) return show(desk, { typed: { ...typed, senders }, errors: { senders: words }, status: 422 });
  await show(desk, { typed: { ...typed, senders }, problem: words, status: 409 });
}
