import type { Request } from 'express';
import { NotFound } from './errors.ts';

/** The id that a text writes; undefined where it can be no row's on either engine. */
export const idIn = (text: unknown): number | undefined =>
  typeof text === 'string' && /^[1-9][0-9]{0,8}$/.test(text) ? Number(text) : undefined;

/** The id in the address, as `:id`. Throws NotFound where no row can have it. */
export function idOf(req: Request): number {
  const id = idIn(req.params['id']);
  if (id === undefined) throw new NotFound();
  return id;
}

/** The account of the person asking. Throws NotFound for those who have none. */
export function accountIdOf(req: Request): number {
  const id = req.person?.accountId ?? null;
  if (id === null) throw new NotFound();
  return id;
}
