// Whose turn it is when IPs are free. Pure.

/** Somebody on the waitlist, how many IPs were approved, and from when on (UTC milliseconds) what comes free is kept for them. */
export type Waiting = { readonly id: number; readonly count: number; readonly keptFrom: number };

export type ServeOrder = {
  readonly served: readonly number[];
  /** Free IPs for new approvals. */
  readonly left: number;
  /** Who waited so long that what is free is kept, and how many IPs that are; null: nothing is. */
  readonly kept: { readonly id: number; readonly count: number } | null;
};

/**
 * Who of the waiting (the longest-waiting first) gets the `free` IPs at the instant `at`, and how many are left for new
 * approvals. Nobody is overtaken who could be served with what is free. Who needs more than that keeps the place without
 * holding up the others, IPs that lie idle serve nobody; but not for ever: after the policy's days what comes free is
 * kept until it suffices.
 */
export function serveOrder(free: number, waiting: readonly Waiting[], at: number): ServeOrder {
  const served: number[] = [];
  let left = free;
  for (const { id, count, keptFrom } of waiting) {
    if (count <= left) {
      served.push(id);
      left -= count;
    } else if (at >= keptFrom) return { served, left: 0, kept: { id, count: left } };
  }
  return { served, left, kept: null };
}

/** A place on the waitlist. */
export type Position = {
  /** 1: the longest-waiting. */
  readonly place: number;
  readonly of: number;
  readonly needs: number;
  /** IPs that are free in the region, and those of them that are kept for this one. */
  readonly free: number;
  readonly kept: number;
  /** From when on what comes free is kept (UTC milliseconds). */
  readonly keptFrom: number;
};

/** Where `id` stands; null where it does not wait. */
export function positionOf(id: number, free: number, waiting: readonly Waiting[], at: number): Position | null {
  const index = waiting.findIndex((one) => one.id === id);
  const own = waiting[index];
  if (own === undefined) return null;
  const { kept } = serveOrder(free, waiting, at);
  return {
    place: index + 1,
    of: waiting.length,
    needs: own.count,
    free,
    kept: kept?.id === id ? kept.count : 0,
    keptFrom: own.keptFrom,
  };
}
