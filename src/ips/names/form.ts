import { readDomainName } from '../../domains/name.ts';
import { type FormResult, readForm } from '../../form.ts';

/** The host name to link to an IP, in its one form. */
export function readHostName(body: unknown): FormResult<string> {
  const form = readForm(body);
  const text = form.text('name', { label: 'Host name', max: 300 });
  const name = readDomainName(text);
  if (text !== '' && name === undefined)
    form.fail('name', 'Host name must be a name like o1.news.your-company.com: without https://, a path or an @.');
  return form.result(() => name ?? '');
}
