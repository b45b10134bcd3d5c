// The two forms of this slice, empty, filled with what is known, or with what was typed.
import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { can } from '../../accounts/permissions.ts';
import type { Person } from '../../accounts/person.ts';
import { dayIn } from '../../day.ts';
import type { Deps } from '../../deps.ts';
import { findDomainOf } from '../../domains/store.ts';
import type { FieldErrors, Typed } from '../../form.ts';
import { isLive } from '../../ips/allocation.ts';
import { listAllocationsOf } from '../../ips/store.ts';
import type { Region } from '../../policy/checks/facts.ts';
import { maySendFrom } from '../../policy/checks/region.ts';
import { type Policy, planOf } from '../../policy/document/policy.ts';
import type { WeekCount } from '../../sending/counts.ts';
import type { Pattern } from '../../sending/pattern.ts';
import { NotFound } from '../../web/errors.ts';
import { idIn } from '../../web/params.ts';
import { formTokenIn } from '../form.ts';
import { type Asking, gatherAsking, gatherAsks, gatherProspects, usualRegion } from '../qualifying/gather.ts';
import type { Asks } from '../qualifying/wording.ts';
import { type IpRequest, idOfReference, type Kind, reference } from '../request.ts';
import { type Scenario, sizingOf } from '../sizing.ts';
import { findRequestOf, listDomainsOfRequests } from '../store.ts';
import { type Words, viewWords as words } from '../wording.ts';
import { type DomainChoice, patternsOf } from './gather.ts';
import { prefillDedicated, prefillPool, typedAgain } from './prefill.ts';
import { findTyped } from './store-typed.ts';

type FormPage = {
  title: string;
  typed: Typed;
  errors: FieldErrors;
  domains: readonly DomainChoice[];
  formToken: string;
  policy: Policy;
  /** The reference of the open request of this kind, which has to end first. */
  open: string | null;
  notice: string | null;
  /** Why nothing typed in this form could be sent; null: something could. */
  stopped: string | null;
  /** The reference of the sent request that is changed; null: a new one is written. */
  editing: string | null;
};

declare module '../../web/page.ts' {
  interface Views {
    'requests/choose': Words & {
      title: string;
      policy: Policy;
      /** S-12: whether the reader can add an IP without a request. */
      addsAtOnce: boolean;
      open: Readonly<Record<Kind, string | null>>;
      asks: Asks;
    };
    'requests/new-dedicated': Words &
      FormPage & {
        /** S-14: where IPs can be asked for; `note`: why not for everything. */
        regions: readonly { readonly key: Region; readonly note: string | null; readonly isShut: boolean }[];
        allocated: number;
        planName: string;
        includedIps: number;
        /** S-03: whether the plan allows dedicated IPs at all. */
        sellsIps: boolean;
        /** How the mail of the chosen domains comes; null where too little was measured. */
        pattern: Pattern | null;
        /** Whether the form asks on which days they mail. */
        asksMailing: boolean;
        /** What suits the mail of the chosen domains, of all outside the pool where none is chosen. */
        sizing: readonly Scenario[];
      };
    'requests/new-pool': Words & FormPage;
  }
}

/** Somebody who asks for their account. */
export type Member = Person & { readonly accountId: number };

export function memberOf(req: Request): Member {
  const { person } = req;
  if (person?.accountId == null) throw new NotFound();
  return { ...person, accountId: person.accountId };
}

async function askingOf({ db, now }: Deps, person: Person, kind?: Kind): Promise<Asking> {
  const asking = await gatherAsking(db, person, now(), { withSubusers: kind === 'dedicated_ip' });
  if (!asking) throw new NotFound();
  return asking;
}

/** S-11, S-12: whether somebody may add an IP of their account without a request being decided. */
const addsAtOnce = ({ selfService }: Policy, person: Person): boolean =>
  selfService.value !== null && can(person, 'manage own IPs');

export async function choose(deps: Deps, person: Member, res: Response): Promise<void> {
  const asking = await askingOf(deps, person);
  const asks = await gatherAsks(deps, person, await gatherProspects(deps, asking, deps.now()));
  res.page('requests/choose', {
    ...{ words, title: 'What do you need?', policy: deps.policy.document },
    ...{ asks, open: asking.open, addsAtOnce: addsAtOnce(deps.policy.document, person) },
  });
}

/** The empty form, filled with what is known: the domain it was opened from, what was measured, or an earlier request. */
export async function start(deps: Deps, kind: Kind, req: Request, res: Response): Promise<void> {
  const person = memberOf(req);
  const { domain: domainId, subuser: subuserId, from } = req.query;
  const draft = formTokenIn(req.query.draft);
  if (draft !== undefined) {
    const kept = await findTyped(deps.db, { token: draft, personId: person.id, kind });
    if (kept) return showForm(deps, req, res, { kind, typed: kept, errors: {}, formToken: draft });
  }
  const asking = await askingOf(deps, person, kind);
  const { domains } = asking;
  const today = dayIn(deps.now(), person.timeZone);
  const region = kind === 'dedicated_ip' ? await usualRegion(deps.db, asking.account, deps.policy) : undefined;
  let typed = kind === 'dedicated_ip' ? prefillDedicated(domains, region, today) : prefillPool(domains);
  if (domainId !== undefined) {
    const domain = await findDomainOf(deps.db, person.accountId, idIn(domainId) ?? 0);
    if (!domain) throw new NotFound();
    typed = withDomain(typed, kind, String(domain.id));
  }
  if (subuserId !== undefined && kind === 'dedicated_ip') {
    const theirs = asking.subuserDomains.filter(({ accountId }) => accountId === idIn(subuserId));
    const [first] = theirs;
    if (first === undefined) throw new NotFound();
    typed = prefillDedicated(theirs, first.subuser?.region, today);
  }
  if (typeof from === 'string') {
    const earlier = await findRequestOf(deps.db, person.accountId, idOfReference(from) ?? 0);
    if (earlier?.answers.kind !== kind) throw new NotFound();
    const itsDomains = (await listDomainsOfRequests(deps.db, [earlier.id])).get(earlier.id) ?? [];
    typed = typedAgain(
      earlier.answers,
      itsDomains.map((domain) => domain.id),
      today,
    );
  }
  await showForm(deps, req, res, { kind, typed, errors: {}, asking: { ...asking, region } });
}

/** The form opened from a domain's Mail Servers page has that domain chosen (C-05, C-11). */
function withDomain(typed: Typed, kind: Kind, id: string): Typed {
  if (kind === 'transactional_pool') return { ...typed, domain: id };
  return { ...typed, domains: [...new Set([typed.domains ?? [], id].flat())] };
}

const MAILING = ['everyDays', 'weekdays', 'busiest'];
const chosenIn = ({ domains = [] }: Typed): number[] => [domains].flat().flatMap((id) => idIn(id) ?? []);

/** Why the form need not be filled in. An open request is said above it: that one may end meanwhile. */
async function stopOfForm(deps: Deps, person: Member, kind: Kind, asking: Asking): Promise<string | null> {
  if (asking.open[kind] !== null) return null;
  const asks = await gatherAsks(deps, person, await gatherProspects(deps, asking, deps.now(), [kind]));
  const { stopped, why } = asks[kind];
  return stopped ? why : null;
}

/** S-04: why IPs of a region are not for the account's own mail. */
const REGION_NOTES = {
  subusers: 'For domains of your subusers that send from there. Your own mail may not leave from there.',
  nobody: 'Your mail may not leave from there.',
};

/** The weeks of the chosen domains, of all outside the transactional pool where none is chosen. */
function sentBy({ domains, weeks }: Asking, chosen: readonly number[]): { counts: WeekCount[] } {
  const open = domains.filter(({ route }) => route !== 'transactional').map(({ id }) => id);
  return { counts: (chosen.length > 0 ? chosen : open).flatMap((id) => weeks.get(id) ?? []) };
}

type Filled = {
  readonly kind: Kind;
  readonly typed: Typed;
  readonly errors: FieldErrors;
  readonly notice?: string;
  readonly formToken?: string;
  readonly status?: number;
  /** The sent request that is changed. */
  readonly editing?: IpRequest;
  /** What is known of the account, where it was read already. */
  readonly asking?: Asking;
};

export async function showForm(deps: Deps, req: Request, res: Response, filled: Filled): Promise<void> {
  const { kind, status, editing } = filled;
  const person = memberOf(req);
  const policy = deps.policy.document;
  const asking = filled.asking ?? (await askingOf(deps, person, kind));
  const { account } = asking;
  const domains = kind === 'dedicated_ip' ? [...asking.domains, ...asking.subuserDomains] : asking.domains;
  const form = {
    words,
    typed: filled.typed,
    errors: filled.errors,
    domains,
    formToken: filled.formToken ?? randomUUID(),
    policy,
    open: editing ? null : asking.open[kind],
    notice: filled.notice ?? null,
    stopped: editing ? null : await stopOfForm(deps, person, kind, asking),
    editing: editing ? reference(editing.id) : null,
  };
  if (kind === 'transactional_pool') {
    return res.page(
      'requests/new-pool',
      { ...form, title: editing ? `Change ${form.editing}` : 'Request the transactional pool' },
      status,
    );
  }
  const mail = await patternsOf(deps.db, domains, deps.now());
  const plan = planOf(policy, account.plan);
  const allocated = (await listAllocationsOf(deps.db, person.accountId)).filter(isLive).length;
  const isFirm = policy.neverOverridden.value.includes('region');
  const regions = policy.regions.value.map((key) => {
    const isOwn = maySendFrom(account.region, key, policy.pinnedRegions.value);
    const isTheirs = asking.subuserDomains.some(({ subuser }) => subuser?.region === key);
    return {
      key,
      note: isOwn ? null : REGION_NOTES[isTheirs ? 'subusers' : 'nobody'],
      isShut: !isOwn && !isTheirs && isFirm,
    };
  });
  const page = {
    ...form,
    regions,
    allocated,
    planName: plan?.name ?? account.plan,
    includedIps: plan?.includedIps.value ?? 0,
    sellsIps: plan?.dedicatedIps.value ?? false,
    pattern: mail.patternOf(chosenIn(filled.typed)),
    // Also where it would not be needed for the domains that are chosen now: others can be.
    asksMailing:
      MAILING.some((name) => name in filled.errors) || domains.some(({ id }) => mail.patternOf([id]) === null),
    sizing: sizingOf(policy, { ...sentBy(asking, chosenIn(filled.typed)), at: deps.now(), planned: null }),
  };
  res.page(
    'requests/new-dedicated',
    { ...page, title: editing ? `Change ${form.editing}` : 'Request dedicated IPs' },
    status,
  );
}
