import { readSelectors } from '../domains/records/form.ts';
import type { RecordSetting } from '../domains/records/setting.ts';
import { type FormResult, readForm } from '../form.ts';

/** A name in DNS, whose labels may begin with an underscore as those of records do. */
const NAME = /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** What a provider's customers publish. Each part may be left out. */
export function readRecords(body: unknown): FormResult<RecordSetting> {
  const form = readForm(body);
  const read = (name: string, label: string): string =>
    form.text(name, { label, max: 300, required: false }).toLowerCase().replace(/\.$/, '');
  const spfInclude = read('spfInclude', 'SPF include').replace(/^include:/, '');
  if (spfInclude !== '' && !NAME.test(spfInclude))
    form.fail('spfInclude', 'SPF include must be a name like _spf.mail.your-company.com.');
  const selectors = readSelectors(read('selectors', 'DKIM selectors'));
  if (selectors === undefined)
    form.fail('selectors', 'DKIM selectors must be up to ten names like s1 s2, with spaces between them.');
  const dkimTarget = read('dkimTarget', 'DKIM target');
  if (dkimTarget !== '' && !NAME.test(dkimTarget.replaceAll('{selector}', 's').replaceAll('{domain}', 'a.test')))
    form.fail('dkimTarget', 'DKIM target must be a name like {selector}.{domain}.dkim.your-company.com.');
  if (dkimTarget !== '' && !dkimTarget.includes('{selector}'))
    form.fail('dkimTarget', 'DKIM target must have {selector} in it, so that each selector has a name of its own.');
  if (dkimTarget !== '' && selectors?.length === 0)
    form.fail('selectors', 'DKIM selectors are missing: the target below belongs to them.');
  const label = read('returnLabel', 'Name for bounces');
  const target = read('returnTarget', 'Target for bounces');
  if (label !== '' && !LABEL.test(label)) form.fail('returnLabel', 'Name for bounces must be one word like bounces.');
  if (target !== '' && !NAME.test(target))
    form.fail('returnTarget', 'Target for bounces must be a name like bounces.your-company.com.');
  if (label === '' && target !== '')
    form.fail('returnLabel', 'Name for bounces is missing: the target below belongs to it.');
  if (label !== '' && target === '')
    form.fail('returnTarget', 'Target for bounces is missing: the name above has to point to it.');
  return form.result(() => ({
    spfInclude: spfInclude || null,
    selectors: selectors ?? [],
    dkimTarget: dkimTarget || null,
    returnPath: label === '' ? null : { label, target },
  }));
}
