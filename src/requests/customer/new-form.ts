// The two forms of this slice, empty, filled with what is known, or with what was typed.
import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Person } from '../../accounts/person.ts';
import { findAccount } from '../../accounts/store.ts';
import { dayIn } from '../../day.ts';
import type { Deps } from '../../deps.ts';
import { findDomainOf } from '../../domains/store.ts';
import type { FieldErrors, Typed } from '../../form.ts';
import { isLive } from '../../ips/allocation.ts';
import { listAllocationsOf } from '../../ips/store.ts';
import type { Region } from '../../policy/checks/facts.ts';
import { type Policy, planOf } from '../../policy/document/policy.ts';
import type { Pattern } from '../../sending/pattern.ts';
import { NotFound } from '../../web/errors.ts';
import { idIn } from '../../web/params.ts';
import { listPayers } from '../drafts/actions.ts';
import { formTokenIn } from '../form.ts';
import { gatherAsking, gatherProspects } from '../qualifying/gather.ts';
import { type Ask, askOf } from '../qualifying/wording.ts';
import { idOfReference, type Kind, reference } from '../request.ts';
import { findOpenOf, findRequestOf, listDomainsOfRequests } from '../store.ts';
import { type Words, viewWords as words } from '../wording.ts';
import { type DomainChoice, gatherMail } from './gather.ts';
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
};

/** What is said of each kind of request before its form is opened. */
export type Asks = Readonly<Record<Kind, Ask>>;

declare module '../../web/page.ts' {
  interface Views {
    'requests/choose': Words & {
      title: string;
      policy: Policy;
      open: Readonly<Record<Kind, string | null>>;
      asks: Asks;
    };
    'requests/new-dedicated': Words &
      FormPage & {
        regions: readonly Region[];
        allocated: number;
        planName: string;
        includedIps: number;
        /** S-03: whether the plan allows dedicated IPs at all. */
        sellsIps: boolean;
        /** How the mail of the chosen domains comes; null where too little was measured. */
        pattern: Pattern | null;
        /** Whether the form asks on which days they mail. */
        asksMailing: boolean;
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

const openReference = async (deps: Deps, person: Member, kind: Kind): Promise<string | null> => {
  const id = await findOpenOf(deps.db, person.accountId, kind);
  return id === undefined ? null : reference(id);
};

/** What an account could ask for, and what is said of it before a form is opened; of the pool for one domain, if named. */
export async function gatherAsks(deps: Deps, person: Person, domainId?: number) {
  const at = deps.now();
  const asking = await gatherAsking(deps.db, person, deps.policy, at);
  if (!asking) throw new NotFound();
  const { dedicated, pool } = await gatherProspects(deps.db, { ...asking, about: domainId }, deps.policy, at);
  const payers = (await listPayers(deps.db, person, deps.policy.document)).map(({ name }) => name);
  const ofDomain = pool.find(({ evidence }) => evidence.domains.some(({ id }) => id === domainId));
  const asks: Asks = {
    dedicated_ip: askOf('dedicated_ip', dedicated, payers),
    transactional_pool: askOf('transactional_pool', ofDomain ?? pool[0], payers),
  };
  return { open: asking.open, asks };
}

export async function choose(deps: Deps, person: Member, res: Response): Promise<void> {
  const asked = await gatherAsks(deps, person);
  res.page('requests/choose', { words, title: 'What do you need?', policy: deps.policy.document, ...asked });
}

/** The empty form, filled with what is known: the domain it was opened from, what was measured, or an earlier request. */
export async function start(deps: Deps, kind: Kind, req: Request, res: Response): Promise<void> {
  const person = memberOf(req);
  const { domain: domainId, from } = req.query;
  const draft = formTokenIn(req.query.draft);
  if (draft !== undefined) {
    const kept = await findTyped(deps.db, { token: draft, personId: person.id, kind });
    if (kept) return showForm(deps, req, res, { kind, typed: kept, errors: {}, formToken: draft });
  }
  const { domains } = await gatherMail(deps.db, person.accountId, deps.now());
  const today = dayIn(deps.now(), person.timeZone);
  let typed =
    kind === 'dedicated_ip' ? prefillDedicated(domains, await usualRegion(deps, person), today) : prefillPool(domains);
  if (domainId !== undefined) {
    const domain = await findDomainOf(deps.db, person.accountId, idIn(domainId) ?? 0);
    if (!domain) throw new NotFound();
    typed = withDomain(typed, kind, String(domain.id));
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
  await showForm(deps, req, res, { kind, typed, errors: {} });
}

/** The region that the account is pinned to, or that of its IPs, or the first that is offered. */
async function usualRegion(deps: Deps, person: Member): Promise<Region | undefined> {
  const account = await findAccount(deps.db, person.accountId);
  const [allocated] = await listAllocationsOf(deps.db, person.accountId);
  return account?.region ?? allocated?.region ?? deps.policy.document.regions.value[0];
}

/** The form opened from a domain's Mail Servers page has that domain chosen (C-05, C-11). */
function withDomain(typed: Typed, kind: Kind, id: string): Typed {
  if (kind === 'transactional_pool') return { ...typed, domain: id };
  return { ...typed, domains: [...new Set([typed.domains ?? [], id].flat())] };
}

const MAILING = ['everyDays', 'weekdays', 'busiest'];
const chosenIn = ({ domains = [] }: Typed): number[] => [domains].flat().flatMap((id) => idIn(id) ?? []);

/** Why the form need not be filled in. An open request is said above it: that one may end meanwhile. */
async function stopOfForm(deps: Deps, person: Member, kind: Kind): Promise<string | null> {
  const { asks, open } = await gatherAsks(deps, person);
  const { stopped, why } = asks[kind];
  return stopped && open[kind] === null ? why : null;
}

type Filled = {
  readonly kind: Kind;
  readonly typed: Typed;
  readonly errors: FieldErrors;
  readonly notice?: string;
  readonly formToken?: string;
  readonly status?: number;
};

export async function showForm(deps: Deps, req: Request, res: Response, filled: Filled): Promise<void> {
  const { kind, status } = filled;
  const person = memberOf(req);
  const policy = deps.policy.document;
  const mail = await gatherMail(deps.db, person.accountId, deps.now());
  const form = {
    words,
    typed: filled.typed,
    errors: filled.errors,
    domains: mail.domains,
    formToken: filled.formToken ?? randomUUID(),
    policy,
    open: await openReference(deps, person, kind),
    notice: filled.notice ?? null,
    stopped: await stopOfForm(deps, person, kind),
  };
  if (kind === 'transactional_pool') {
    return res.page('requests/new-pool', { ...form, title: 'Request the transactional pool' }, status);
  }
  const account = await findAccount(deps.db, person.accountId);
  const plan = planOf(policy, account?.plan ?? '');
  const allocated = (await listAllocationsOf(deps.db, person.accountId)).filter(isLive).length;
  const regions = policy.regions.value;
  const page = {
    ...form,
    regions,
    allocated,
    planName: plan?.name ?? account?.plan ?? '',
    includedIps: plan?.includedIps.value ?? 0,
    sellsIps: plan?.dedicatedIps.value ?? false,
    pattern: mail.patternOf(chosenIn(filled.typed)),
    // Also where it would not be needed for the domains that are chosen now: others can be.
    asksMailing:
      MAILING.some((name) => name in filled.errors) || mail.domains.some(({ id }) => mail.patternOf([id]) === null),
  };
  res.page('requests/new-dedicated', { ...page, title: 'Request dedicated IPs' }, status);
}
