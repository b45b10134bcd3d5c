// What pages say of a domain that waits for its proof. Pure.
import type { Outcome } from '../../dns/outcome.ts';
import { capitalised } from '../../wording.ts';
import type { PendingDomain, ProofState } from './pending.ts';

type Words = { readonly tone: 'good' | 'look' | 'bad'; readonly label: string; readonly sentence: string };

const STATES: Readonly<Record<ProofState, Words>> = {
  unseen: {
    tone: 'look',
    label: 'not checked yet',
    sentence: 'We look for the record in the background, usually within seconds.',
  },
  missing: {
    tone: 'bad',
    label: 'not found',
    sentence:
      'There is no such record yet. A record that you have just published can take up to an hour to be visible everywhere.',
  },
  wrong: {
    tone: 'bad',
    label: 'another text',
    sentence: 'There is a TXT record at this name, but not with this text. Add ours beside it, or replace it.',
  },
  alias: {
    tone: 'bad',
    label: 'an alias',
    sentence:
      'This name is an alias (CNAME) of another one, which proves nothing: the owner of the other name could have written it. Publish a TXT record at this exact name.',
  },
  taken: {
    tone: 'look',
    label: 'found, but taken',
    sentence:
      'Your record is there. Another account still has this domain: it comes to you once it is removed there. If that account is not yours, ask us.',
  },
};

export const proofWords = ({ state }: Pick<PendingDomain, 'state'>): Words => STATES[state];

const TROUBLES: Readonly<Partial<Record<Outcome, string>>> = {
  'server-failed': 'the name servers of this domain answered with an error',
  'timed-out': 'the name servers of this domain did not answer in time',
  away: 'our own resolver could not be reached',
};

/** Why a look found out nothing, as a sentence; null where it did find out. What was known before still holds then. */
export const troubleWords = (trouble: Outcome | null): string | null =>
  trouble === null ? null : `${capitalised(TROUBLES[trouble] ?? 'DNS gave no answer')}. We try again automatically.`;
