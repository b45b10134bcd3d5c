// The page on which is chosen which domains use an IP, and for which of their mail.
import type { Account } from '../../accounts/store.ts';
import type { Deps } from '../../deps.ts';
import { ROUTE_WORDS } from '../../domains/domain.ts';
import { type FieldErrors, readForm, type Typed } from '../../form.ts';
import type { Allocation } from '../../ips/allocation.ts';
import { type IpDesk, routesAtIp, type ShownAgain } from '../../ips/routes-place.ts';
import type { Stream } from '../../policy/checks/facts.ts';
import { NotFound } from '../../web/errors.ts';
import { idIn } from '../../web/params.ts';
import type { Route } from '../../web/router.ts';
import { changeUse, findUse } from './actions.ts';
import { maySplit, USE_PROBLEMS } from './use.ts';

declare module '../../web/page.ts' {
  interface Views {
    'ips/use': {
      title: string;
      account: Account;
      allocation: Allocation;
      base: string;
      back: string;
      isStaff: boolean;
      options: readonly { value: string; label: string; hint: string; disabled: boolean }[];
      seen: readonly string[];
      seenStream: Stream;
      /** Which mail the IP can be chosen for; empty: it is the account's only one, which carries all. */
      streams: readonly { value: Stream; label: string }[];
      /** The account's own pools that it is in (S-07). */
      pools: readonly string[];
      /** Whether nothing can be changed any more. */
      isClosed: boolean;
      problem: string | null;
      typed: Typed;
      errors: FieldErrors;
    };
  }
}

export const useRoutes = (deps: Deps): Route[] => routesAtIp(deps, 'use', show, change);

async function show(desk: IpDesk, { typed, errors = {}, problem, status = 200 }: ShownAgain = {}): Promise<void> {
  const { deps, res, account, allocation, base, back, isStaff } = desk;
  const use = await findUse(deps.db, account.id, allocation.id);
  const links = use?.links.filter((link) => link.allocationId === allocation.id) ?? [];
  const linked = links.filter(({ id }) => use?.pooled.has(id) !== true).map(({ id }) => String(id));
  const subuserOf = (id: number) => use?.subusers.find((one) => one.id === id)?.name;
  const options = (use?.domains ?? []).map(({ id, name, route, accountId }) => ({
    value: String(id),
    label: name,
    hint:
      route === 'transactional'
        ? 'In the transactional pool: it has to leave that first.'
        : `Now: ${ROUTE_WORDS[route].title}${accountId === account.id ? '' : `. A domain of ${subuserOf(accountId)}`}`,
    disabled: route === 'transactional',
  }));
  const page = {
    title: `Domains that use ${allocation.address}`,
    ...{ account, allocation, base, back, isStaff, options, errors },
    seen: linked,
    seenStream: allocation.stream,
    streams: use !== undefined && (maySplit(use) || allocation.stream !== 'both') ? STREAMS : [],
    typed: typed ?? { domains: linked, stream: allocation.stream },
    isClosed: use === undefined,
    pools: use?.pools ?? [],
    problem: use === undefined ? USE_PROBLEMS['not-open'] : (problem ?? null),
  };
  res.page('ips/use', page, status);
}

const STREAMS: readonly { value: Stream; label: string }[] = [
  { value: 'both', label: 'All of their mail' },
  { value: 'marketing', label: 'Marketing mail only' },
  { value: 'transactional', label: 'Transactional mail only' },
];
const streamIn = (value: unknown): Stream | undefined => STREAMS.find((one) => one.value === value)?.value;

const idsIn = (value: unknown): number[] => [value ?? []].flat().flatMap((one) => idIn(one) ?? []);

async function change(desk: IpDesk): Promise<void> {
  const { deps, req, account, allocation, actor, back, isStaff, res } = desk;
  const form = readForm(req.body);
  const reason = form.text('reason', { label: 'Reason', max: 2000, required: isStaff });
  const read = form.result(() => reason);
  if (!read.ok) return show(desk, { ...read, status: 422 });
  const { domains, seen, seenStream, stream = 'both' } = read.typed;
  const chosen = streamIn(stream);
  if (chosen === undefined)
    return show(desk, { typed: read.typed, errors: { stream: 'Choose one of these.' }, status: 422 });
  const given = {
    accountId: account.id,
    allocationId: allocation.id,
    seen: idsIn(seen),
    domainIds: idsIn(domains),
    seenStream: streamIn(seenStream) ?? 'both',
    stream: chosen,
    reason,
    policy: deps.policy.document,
  };
  const done = await changeUse(deps.db, actor, given);
  if (done.ok) return res.redirect(303, `${back}?note=ip-use-changed`);
  if (done.problem === 'not-found') throw new NotFound();
  if (done.problem === 'reason-missing')
    return show(desk, {
      typed: read.typed,
      errors: { reason: 'Reason is missing. The customer reads it.' },
      status: 422,
    });
  await show(desk, { typed: read.typed, problem: USE_PROBLEMS[done.problem], status: 409 });
}
