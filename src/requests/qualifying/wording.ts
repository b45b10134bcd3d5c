// What is said before anybody opens a form: whether it can be asked for, and what is missing. Pure.
import type { Finding } from '../../policy/checks/finding.ts';
import { capitalised, counted } from '../../wording.ts';
import type { Kind } from '../request.ts';
import { mayHandOver, type Prospect, stopOf, type Verdict } from './prospect.ts';

/** A way to a form. `stopped`: it leads nowhere, for the reason `why`; otherwise `why` is what to know before. */
export type Ask = {
  readonly kind: Kind;
  readonly label: string;
  readonly stopped: boolean;
  readonly why: string | null;
};

/** What is said of each kind of request before its form is opened. */
export type Asks = Readonly<Record<Kind, Ask>>;

const LABELS: Readonly<Record<Kind, string>> = {
  dedicated_ip: 'Request dedicated IPs',
  transactional_pool: 'Request the transactional pool',
};

const NO_DOMAIN: Readonly<Record<Kind, string>> = {
  dedicated_ip:
    'You have no domain yet that could send over an IP. It must be proven, outside the transactional pool, and not stopped.',
  transactional_pool:
    'The pool takes a separate domain that sends transactional messages only. You have none yet that is proven, outside the pool, and not stopped.',
};

/**
 * What is said beside the button that leads to a form. `prospect`: undefined where no domain could be asked for.
 * `payers`: names of colleagues who may commit to its cost (S-11).
 */
export function askOf(kind: Kind, prospect: Prospect | undefined, payers: readonly string[]): Ask {
  const ask = { kind, label: LABELS[kind], stopped: false };
  if (prospect === undefined) return { ...ask, stopped: true, why: NO_DOMAIN[kind] };
  const stop = stopOf(prospect);
  if (stop) return { ...ask, stopped: true, why: said(stop) };
  if (mayHandOver(prospect.findings)) return { ...ask, why: [handing(payers), missing(prospect)].join(' ').trim() };
  return { ...ask, why: missing(prospect) || null };
}

/** A finding's reason and its way out, as one paragraph. */
const said = ({ customer, remedy }: Finding): string =>
  [customer.title, customer.sentence, remedy ?? ''].join(' ').trim();

const handing = (payers: readonly string[]): string =>
  payers.length === 0
    ? 'It needs somebody in your account who may commit to its cost, and there is nobody yet.'
    : `You can prepare it, and ${payers.length > 3 ? `one of ${counted(payers.length, 'colleague')}` : payers.join(' or ')} sends it.`;

/** What fails, the first in full; empty where nothing does. */
function missing({ findings }: Prospect): string {
  const against = findings.filter(
    ({ check, verdict }) => check !== 'may-commit' && (verdict === 'blocks' || verdict === 'fails'),
  );
  const [first, ...more] = against;
  if (first === undefined) return '';
  const rest = more.length > 0 ? ` ${capitalised(counted(more.length, 'more check'))} would fail too.` : '';
  return `Not yet: ${first.customer.title} ${first.customer.sentence}${rest}`;
}

/** The banner of the page that shows what is needed: tone, title, sentence. */
export const VERDICTS: Readonly<
  Record<Verdict, readonly [tone: 'good' | 'look' | 'bad', title: string, sentence: string]>
> = {
  qualifies: ['good', 'You qualify.', 'Everything that we can check before you ask passes.'],
  'looked-at': ['good', 'Nothing rules it out.', 'A reviewer looks at what is marked below.'],
  against: ['bad', 'Not yet.', 'With what is marked below, two reviewers would have to agree to an exception.'],
  blocked: ['bad', 'Not at the moment.', 'What is marked below stops a request.'],
};
