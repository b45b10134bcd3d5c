import { type FormResult, readForm } from '../../form.ts';
import type { Stream } from '../../policy/checks/facts.ts';
import { isForDocumentation, readDomainName } from '../name.ts';

/** What a domain can be used for. */
export const USAGES = ['marketing', 'transactional', 'both'] as const;

export type WantedDomain = { readonly name: string; readonly usage: Stream };

/** A domain to add, by its name in either writing, and what it is used for. */
export function readWantedDomain(body: unknown): FormResult<WantedDomain> {
  const form = readForm(body);
  const text = form.text('name', { label: 'Domain', max: 300 });
  const name = readDomainName(text);
  if (text !== '' && name === undefined)
    form.fail('name', 'Domain must be a name like news.your-company.com: without https://, a path or an @.');
  if (name !== undefined && isForDocumentation(name))
    form.fail('name', 'Names that end in .example are reserved for documentation: nobody can own one.');
  const usage = form.choice('usage', { label: 'what it is used for', among: USAGES });
  return form.result(() => ({ name: name ?? '', usage: usage ?? 'both' }));
}
