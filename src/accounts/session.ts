import type { RequestHandler } from 'express';
import type { Deps } from '../deps.ts';

export function sessions(_deps: Deps): RequestHandler[] {
  return [];
}
