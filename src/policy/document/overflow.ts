// What a policy's order of overflow routes says. Pure.
import type { Region } from '../checks/facts.ts';
import type { Policy } from './policy.ts';

/** Routes of overflow in their order, up to where mail waits. */
export function routesBeforeWaiting({
  overflow,
}: Pick<Policy['warmup'], 'overflow'>): Policy['warmup']['overflow']['value'] {
  const routes = overflow.value;
  const waits = routes.indexOf('wait');
  return waits < 0 ? routes : routes.slice(0, waits);
}

/** S-26: whether a shared pool takes what is more than a warm IP may carry; else such an IP is never held back. */
export const poolTakesBeyondWarm = (warmup: Pick<Policy['warmup'], 'warm' | 'overflow'>): boolean =>
  warmup.warm.value === 'hold' && routesBeforeWaiting(warmup).includes('pool');

/** S-04: whether there is a default pool in an account's region; for an account of no region, anywhere. */
export const hasPoolIn = (pools: Policy['pools'], region: Region | null): boolean =>
  pools.some((pool) => pool.kind === 'default' && (region === null || pool.region === region));
