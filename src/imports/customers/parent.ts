// Whose subuser a customer of a file is. Pure.
import type { Account } from '../../accounts/store.ts';
import { ok, type Result, refused } from '../../result.ts';

/** A parent that is stored; `id` null: it is further up in the same file. */
export type Parent = { readonly id: number | null; readonly name: string; readonly plan: string };

/**
 * The parent among the accounts that have its name. Refused with the reason where it cannot be one: a subuser has no subusers, and what is
 * suspended or closed gets none.
 */
export function parentAmong(name: string, accounts: readonly Account[]): Result<Parent, string> {
  const [first, ...others] = accounts;
  if (first === undefined)
    return refused(`No customer is called ${name}. Put the lines of a parent right before those of its subusers.`);
  if (others.length > 0)
    return refused(`Several customers are called ${name}. Create this subuser on the page of its parent.`);
  if (first.parentId !== null) return refused(`${first.name} is a subuser itself, and has no subusers.`);
  if (first.status !== 'active') return refused(`${first.name} is ${first.status}. Reopen it first.`);
  return ok({ id: first.id, name: first.name, plan: first.plan });
}
