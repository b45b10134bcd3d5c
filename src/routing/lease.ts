// What a process has been handed of an IP's cap, for one UTC day; of a cap by the hour for that hour. Pure.
import { dayLength } from '../day.ts';
import { capOf, type Ip, limitOf } from './sending-domain.ts';

const HOUR = dayLength / 24;

export type Lease = {
  readonly ipId: number;
  readonly provider: string;
  /** The span (UTC milliseconds) for which it is: from `starts` on, not `ends` itself. */
  starts: number;
  ends: number;
  left: number;
  /** What was left in the database for all processes when the last block was taken. */
  others: number;
  /** When the last block was taken (UTC milliseconds). */
  takenAt: number;
  /** Asked for and not there yet, since when (monotonic milliseconds). */
  coming: Promise<void> | null;
  askedAt: number;
  /** Nothing was left; not asked for again before this instant. */
  notBefore: number;
  /** Of a warm IP's limit: messages that may be had without the database while it is away; 0 for a warming one's cap. */
  lendable: number;
  isLent: boolean;
};

/** An empty lease at the instant `at`. */
export const newLease = (ip: Ip, provider: string, at: number): Lease => ({
  ipId: ip.id,
  provider,
  takenAt: 0,
  coming: null,
  askedAt: 0,
  ...emptyAt(ip, at),
});

/** Makes void what is left where the lease's span is over at the instant `at`. */
export function keepInSpan(lease: Lease, ip: Ip, at: number): void {
  if (at < lease.starts || at >= lease.ends) Object.assign(lease, emptyAt(ip, at));
}

function emptyAt(ip: Ip, at: number) {
  const length = ip.warmup?.plan.byHour === true && capOf(ip) !== null ? HOUR : dayLength;
  const starts = at - (at % length);
  return { starts, ends: starts + length, left: 0, others: 0, notBefore: 0, lendable: lendableOf(ip), isLent: false };
}

/** What a warm IP may carry in a day; a warming one nothing without the database. */
const lendableOf = (ip: Ip): number => (capOf(ip) === null ? (limitOf(ip) ?? 0) : 0);
