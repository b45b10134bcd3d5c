// The last page before sending: the checks, the price, the forecast, and what would be quicker.
import type { Request, Response } from 'express';
import type { Person } from '../../accounts/person.ts';
import { isRoundTheClock } from '../../calendar/calendar.ts';
import { hoursOfWork } from '../../calendar/wording.ts';
import { afterWork } from '../../calendar/working-time.ts';
import type { Deps } from '../../deps.ts';
import type { Typed } from '../../form.ts';
import { recommendedIps } from '../../policy/checks/assess.ts';
import { volumeForIps } from '../../policy/checks/volume.ts';
import { NotFound } from '../../web/errors.ts';
import { gatherAutomaticAt, type Sending } from '../automatic/gather.ts';
import { listPayers } from '../drafts/actions.ts';
import type { Evidence } from '../evidence/gather.ts';
import { mayHandOver, type Verdict, verdictOf } from '../qualifying/prospect.ts';
import { type Answers, type IpRequest, type Kind, reference } from '../request.ts';
import { type Scenario, sizingOf } from '../sizing.ts';
import { type ForecastWords, forecastInWords, type Quicker, quickerThan } from '../warmup-forecast.ts';
import { type WhatIf, whatIf } from '../what-if.ts';
import { type Words, viewWords as words } from '../wording.ts';
import { previewRequest } from './actions.ts';
import type { AccountPatterns } from './gather.ts';
import { memberOf } from './new-form.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

declare module '../../web/page.ts' {
  interface Views {
    'requests/check': Words & {
      title: string;
      typed: Typed;
      action: string;
      formToken: string;
      answers: Answers;
      evidence: Evidence;
      advice: ReturnType<typeof recommendedIps> | null;
      /** What suits today's mail, growing mail and what is planned; none for the transactional pool. */
      sizing: readonly Scenario[];
      verdict: Verdict;
      promise: Promised;
      notice: string | null;
      /** Whether it is approved without a person, this number of minutes after it is sent; null: it is not. */
      automaticMinutes: number | null;
      /** Colleagues to whom it can be handed, where who asks may not commit to its cost. */
      handTo: readonly Person[];
      /** The reference of the sent request that is changed; null: a new one is sent. */
      editing: string | null;
      /** The forecast in words, what would be quicker, and what the customer tries out; null for the transactional pool. */
      trial: Trial | null;
    };
  }
}

/** Within which time a reviewer decides; `by` (UTC milliseconds): when that is, where not every hour counts. */
type Promised = { readonly within: string; readonly by: number | null };

type Trial = {
  readonly says: ForecastWords;
  readonly quicker: Quicker | null;
  readonly whatIf: WhatIf;
  /** Where the page can be loaded, for its form. */
  readonly path: string;
};

/** Where the form of each kind is posted to. */
export const PATHS: Readonly<Record<Kind, string>> = {
  dedicated_ip: '/requests/dedicated-ips',
  transactional_pool: '/requests/transactional-pool',
};

/** What a form said, read and as it was typed; `path`: the page's address, if not its draft's. */
export type Carried = {
  readonly answers: Answers;
  readonly typed: Typed;
  readonly formToken: string;
  readonly path?: string;
  /** What the account's domains send, where reading the form took it. */
  readonly mail?: AccountPatterns | undefined;
  /** The sent request that is changed. */
  readonly editing?: IpRequest;
};

export async function check(deps: Deps, req: Request, res: Response, carried: Carried): Promise<void> {
  const actor = { person: memberOf(req), at: deps.now() };
  const evidence = await previewRequest(deps.db, actor, deps.policy, carried);
  if (!evidence) throw new NotFound();
  await showCheck(deps, req, res, { ...carried, evidence });
}

/** `notice`: why what was to be done was not. */
type Looked = Carried & { readonly evidence: Evidence; readonly notice?: string };

export async function showCheck(deps: Deps, req: Request, res: Response, looked: Looked): Promise<void> {
  const { evidence, notice = null, path, mail: _, editing, ...carried } = looked;
  const action = editing ? `/requests/${reference(editing.id)}/edit` : PATHS[carried.answers.kind];
  const trial = trialOf(evidence, req, path ?? `${action}/${carried.formToken}`);
  const page = {
    words,
    ...carried,
    title: editing ? 'Check your change' : 'Check your request',
    editing: editing ? reference(editing.id) : null,
    action,
    evidence,
    advice: adviceOn(evidence),
    sizing: sizingFor(evidence, deps.now()),
    verdict: verdictOf(evidence.findings),
    promise: promiseOf(deps, evidence),
    automaticMinutes: await minutesOf(deps, req, { evidence, edited: editing }),
    notice,
    handTo:
      !editing && mayHandOver(evidence.findings) ? await listPayers(deps.db, memberOf(req), deps.policy.document) : [],
    trial,
  };
  const isWrong = trial !== null && Object.keys(trial.whatIf.errors).length > 0;
  res.page('requests/check', page, notice !== null ? 409 : isWrong ? 422 : 200);
}

function trialOf({ forecast, pattern, parts, policy }: Evidence, req: Request, path: string): Trial | null {
  if (forecast === null || pattern === null) return null;
  const planned = { pattern, parts, startsOn: forecast.startsOn };
  return {
    says: forecastInWords(forecast, policy.document),
    quicker: quickerThan(policy.document, planned),
    whatIf: whatIf(req.query, policy.document, planned),
    path,
  };
}

function promiseOf({ calendar, now }: Deps, { policy }: Evidence): Promised {
  const { value: hours } = policy.document.decideWithinHours;
  const by = isRoundTheClock(calendar) ? null : afterWork(now(), hours * HOUR, calendar);
  return { within: hoursOfWork(hours, calendar), by };
}

/** S-12. */
async function minutesOf({ db, now }: Deps, req: Request, sending: Omit<Sending, 'accountId'>): Promise<number | null> {
  const at = now();
  const automaticAt = await gatherAutomaticAt(db, { ...sending, accountId: memberOf(req).accountId }, at);
  return automaticAt === undefined ? null : Math.round((automaticAt - at) / MINUTE);
}

/** What suits the mail of the domains asked for and of those that share IPs with them. */
function sizingFor({ facts, mail, policy }: Evidence, at: number): Scenario[] {
  if (facts.kind !== 'dedicated_ip') return [];
  const { weeklyVolume, stream } = facts.asked;
  const planned = { weekly: weeklyVolume + (facts.sharing?.weekly ?? 0), stream };
  return sizingOf(policy.document, { counts: mail, at, planned });
}

/** How many IPs suit the mail that the gate counts. */
const adviceOn = ({ facts, policy }: Evidence) =>
  facts.kind === 'dedicated_ip' ? recommendedIps(policy.document, volumeForIps(facts), facts.asked.stream) : null;
