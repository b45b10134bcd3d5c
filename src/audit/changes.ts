// What a record changed, before and after. Pure.
import { capitalised } from '../wording.ts';
import type { AuditFacts, AuditRecord } from './event.ts';

/** One thing that changed; null: there was nothing before. */
export type Change = { readonly what: string | null; readonly before: string | null; readonly after: string };

/** What it was before and is after, in the words of `state` for states. */
export function changes(
  { name, facts, from, to, subject }: Pick<AuditRecord, 'name' | 'facts' | 'from' | 'to' | 'subject'>,
  state: (type: AuditRecord['subject']['type'], value: string) => string,
): Change[] {
  if (name === 'person.roleChanged') return [{ what: 'Role', ...(facts as AuditFacts['person.roleChanged']) }];
  if (name === 'person.scopeSet') return [{ what: 'Assigned', ...(facts as AuditFacts['person.scopeSet']) }];
  if (name === 'addresses.changed') return [listChange(facts as AuditFacts['addresses.changed'])];
  if (name === 'person.mailsChosen') return fieldChanges(facts as AuditFacts['person.mailsChosen']);
  if (name === 'account.changed') return fieldChanges(facts as AuditFacts['account.changed']);
  if (name === 'request.edited') return [...(facts as AuditFacts['request.edited']).changes];
  if (name === 'person.profileChanged') return profileChanges(facts as AuditFacts['person.profileChanged']);
  if (!to || from === to) return [];
  return [{ what: null, before: from ? state(subject.type, from) : null, after: state(subject.type, to) }];
}

const listChange = ({ before, after }: AuditFacts['addresses.changed']): Change => {
  const told = (ranges: readonly string[]): string => (ranges.length === 0 ? 'every address' : ranges.join(', '));
  return { what: 'Allowed', before: told(before), after: told(after) };
};

const PROFILE: Readonly<Record<string, string>> = {
  name: 'Name',
  timeZone: 'Time zone',
  singleKeys: 'Single keys',
};

const fieldChanges = ({ before, after }: Pick<AuditFacts['account.changed'], 'before' | 'after'>): Change[] =>
  Object.entries(after).map(([what, value]) => ({ what, before: before[what] ?? null, after: value }));

const profileChanges = ({ before, after }: AuditFacts['person.profileChanged']): Change[] =>
  Object.entries(after)
    .filter(([field, value]) => before[field] !== value)
    .map(([field, value]) => ({
      what: PROFILE[field] ?? capitalised(field),
      before: before[field] ?? null,
      after: value,
    }));
