// The page on which the people of an account say which of its subusers send over one of its IPs (S-17, S-18, S-22).
import type { Deps } from '../deps.ts';
import { type FieldErrors, readForm, type Typed } from '../form.ts';
import type { Allocation } from '../ips/allocation.ts';
import { type IpDesk, routesAtOwnIp, type ShownAgain } from '../ips/routes-place.ts';
import { regionNames } from '../policy/checks/dedicated.ts';
import { NotFound } from '../web/errors.ts';
import { idIn } from '../web/params.ts';
import type { Route } from '../web/router.ts';
import { assignIp } from './actions.ts';
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

function optionsOf({ allocation, assignees }: Assignment, account: string) {
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
  return [{ value: OWNER, label: account, hint: 'This account itself.', disabled: false }, ...subusers];
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
    options: assignment ? optionsOf(assignment, account.name) : [],
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

async function change(desk: IpDesk): Promise<void> {
  const { deps, req, res, account, allocation, actor } = desk;
  const { typed } = readForm(req.body).result(() => null);
  const { senders = [], seen } = typed;
  const form = { accountId: account.id, allocationId: allocation.id, ...sendersIn(senders), seen: sendersIn(seen) };
  const done = await assignIp(deps.db, actor, form);
  if (done.ok) return res.redirect(303, '/ips?note=ip-assigned');
  if (done.problem === 'not-found') throw new NotFound();
  const words = ASSIGNMENT_PROBLEMS[done.problem];
  const isWrong = done.problem === 'nobody' || done.problem === 'region' || done.problem === 'suspended';
  if (isWrong) return show(desk, { typed: { ...typed, senders }, errors: { senders: words }, status: 422 });
  await show(desk, { typed: { ...typed, senders }, problem: words, status: 409 });
}
