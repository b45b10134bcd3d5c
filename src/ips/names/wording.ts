// What is said of the two records by which a host name is linked to an IP (S-19). Pure.
import { isForDocumentation } from '../../domains/name.ts';
import { listed } from '../../wording.ts';
import type { LinkStatus } from './lifecycle.ts';
import type { NameLook, Side } from './names.ts';

type About = { readonly name: string; readonly address: string };

const typeOf = (address: string): 'A' | 'AAAA' => (address.includes(':') ? 'AAAA' : 'A');

/** What does not agree, a sentence each; a side that is not known says nothing. */
export function wrongIn({ ptr, forward }: NameLook, { name, address }: About): string[] {
  const wrong: string[] = [];
  if (forward?.state === 'missing') wrong.push(`${name} has no ${typeOf(address)} record.`);
  if (forward?.state === 'differs')
    wrong.push(`The ${typeOf(address)} record of ${name} is ${listed([...forward.found])}, not ${address}.`);
  if (ptr?.state === 'missing') wrong.push(`${address} has no PTR record.`);
  if (ptr?.state === 'differs')
    wrong.push(`The PTR record of ${address} names ${listed([...ptr.found])}, not ${name}.`);
  return wrong;
}

/** One of the two records, as the page shows it. */
export type NameRecord = {
  readonly type: 'A' | 'AAAA' | 'PTR';
  readonly isHolders: boolean;
  readonly at: string;
  readonly value: string;
  readonly found: readonly string[];
  readonly tone: 'good' | 'look' | 'bad';
  readonly label: string;
};

/** Both records: the customer's first, then ours. */
export function nameRecords({ name, address }: About, look: Pick<NameLook, 'ptr' | 'forward'>): NameRecord[] {
  return [
    {
      ...{ type: typeOf(address), isHolders: true, at: name, value: address },
      ...shown(look.forward),
    },
    { ...{ type: 'PTR', isHolders: false, at: address, value: name }, ...shown(look.ptr) },
  ];
}

function shown(side: Side | null): Pick<NameRecord, 'found' | 'tone' | 'label'> {
  if (side === null) return { found: [], tone: 'look', label: 'not checked yet' };
  const { state, found } = side;
  if (state === 'agrees') return { found, tone: 'good', label: 'found' };
  return { found, tone: 'bad', label: state === 'missing' ? 'not found' : 'not right' };
}

type Banner = {
  readonly tone: 'good' | 'look' | 'bad' | 'busy';
  readonly title: string;
  readonly sentence: string;
};

/** What the page of a link comes down to. */
export function linkBanner(status: LinkStatus, { name, address }: About, look: NameLook): Banner {
  if (isForDocumentation(name))
    return {
      tone: 'look',
      title: 'Not checked.',
      sentence: 'This is a name of the demo: DNS is never asked about it.',
    };
  if (status === 'linked')
    return {
      tone: 'good',
      title: 'Linked.',
      sentence: `Both records agree, and mail over ${address} greets receivers as ${name}.`,
    };
  if (status === 'broken')
    return {
      tone: 'bad',
      title: 'The records no longer agree.',
      sentence: `${wrongIn(look, { name, address }).join(' ')} Mail still greets receivers as ${name}.`,
    };
  const missing = wrongIn(look, { name, address });
  if (missing.length === 0)
    return { tone: 'busy', title: 'We are checking.', sentence: 'The first answer comes within seconds.' };
  return { tone: 'look', title: 'Not linked yet.', sentence: missing.join(' ') };
}

/** What staff read of a free IP that its names hold back; null where they do not. */
export function heldBack(look: NameLook, address: string): string | null {
  const { ptr, forward } = look;
  if (ptr?.state === 'missing') return `${address} has no PTR record.`;
  if (ptr?.state === 'differs')
    return `The PTR record of ${address} still names ${listed([...ptr.found])}, the host of a customer who had it.`;
  if (forward !== null && forward.state !== 'agrees')
    return `The PTR record of ${address} names ${listed([...(ptr?.found ?? [])])}, which ${forward.state === 'missing' ? 'has no such address' : `leads to ${listed([...forward.found])} instead`}.`;
  return null;
}
