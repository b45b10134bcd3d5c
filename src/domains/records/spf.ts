// SPF (RFC 7208): one record, sound, within its limits of look-ups, that lets our mail servers send.
import { recordsOf } from '../../dns/outcome.ts';
import { printableTexts } from '../printable.ts';
import { notFound } from './alias.ts';
import type { Questions } from './bounded.ts';
import { resolving } from './resolving.ts';
import { sameName } from './setting.ts';
import type { Look } from './verdict.ts';

/** An address that no record names, so that all of it is read: of the range that nobody uses (RFC 1112). */
const NOBODY = '240.0.0.1';

type Evaluated = { readonly result: string; readonly comment: string; readonly names: readonly string[] };

/** What receivers make of the record for mail from `ip`. */
async function evaluate(dns: Questions, domain: string, ip: string): Promise<Evaluated> {
  const { spf } = await import('mailauth/lib/spf/index.js');
  const names: string[] = [];
  const resolver = resolving(dns, (name) => names.push(name));
  const { status } = await spf({
    sender: `postmaster@${domain}`,
    ip,
    helo: domain,
    mta: domain,
    resolver,
    maxElapsedTime: 20_000,
  });
  return { result: status.result, comment: String(status.comment || ''), names };
}

/** `include`: what it has to include; null where nothing is asked for: then it has to allow one of `addresses`, if there are any. */
export async function lookAtSpf(
  dns: Questions,
  domain: string,
  { include, addresses }: { readonly include: string | null; readonly addresses: readonly string[] },
): Promise<Look> {
  const answer = await dns.txt(domain);
  const records = recordsOf(answer).filter((text) => /^v=spf1( |$)/i.test(text));
  if (answer.outcome !== 'found') return notFound(dns, domain, answer);
  const found = printableTexts(records);
  const wrong = (says: string): Look => ({ state: 'wrong', found, says });
  if (records.length === 0)
    return {
      state: 'missing',
      found: [],
      says: 'The texts at this name do not include an SPF record: it begins v=spf1.',
    };
  if (records.length > 1)
    return wrong(`There are ${records.length} SPF records, and receivers then heed neither. Make one of them.`);
  const whole = await evaluate(dns, domain, NOBODY);
  if (whole.result === 'temperror') return { trouble: 'server-failed' };
  if (whole.result === 'permerror') return wrong(errorWords(whole.comment));
  if (whole.result === 'pass')
    return wrong('It lets every server in the world send for this domain. End it with ~all or -all.');
  if (include !== null) {
    if (whole.names.some((name) => sameName(name, include)))
      return { state: 'found', found, says: 'It includes our mail servers.' };
    return wrong(`It does not include our mail servers. Put include:${include} before its all.`);
  }
  const [address] = addresses;
  if (address === undefined) return { state: 'found', found, says: 'There is one record, and it is sound.' };
  const ours = await evaluate(dns, domain, address);
  if (ours.result === 'temperror') return { trouble: 'server-failed' };
  if (ours.result === 'pass')
    return { state: 'found', found, says: `It lets ${address} send, over which its mail goes.` };
  return wrong(`It does not let ${address} send, over which its mail goes.`);
}

/** mailauth's reason, which ends its comment, in our words where we know it. */
function errorWords(comment: string): string {
  if (/too many dns requests/i.test(comment))
    return 'It takes more than ten look-ups in DNS, and receivers then heed nothing of it. Take out what you no longer need.';
  if (/too many void/i.test(comment))
    return 'More than two of its look-ups find nothing, and receivers then heed nothing of it. Take out names that no longer exist.';
  const [, none] = /no SPF records? found for (\S+)/i.exec(comment) ?? [];
  if (none)
    return `It refers to ${printableTexts([none])[0]}, which has no SPF record; receivers then heed nothing of it.`;
  const [, several] = /multiple SPF records found for (\S+)/i.exec(comment) ?? [];
  if (several)
    return `It refers to ${printableTexts([several])[0]}, which has several SPF records; receivers then heed nothing of it.`;
  const reason = printableTexts([comment.slice(comment.lastIndexOf(': ') + 2)])[0];
  return `Receivers cannot read it, and heed nothing of it: ${reason}.`;
}
