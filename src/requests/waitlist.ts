// Whose turn it is when IPs are free. Pure.

/** Somebody on the waitlist, and how many IPs were approved. */
export type Waiting = { readonly id: number; readonly count: number };

/**
 * Who of the waiting (the longest-waiting first) gets the `free` IPs, and how many are left for new approvals.
 * Nobody is overtaken who could be served with what is free. Who needs more than that keeps the place
 * without holding up the others: IPs that lie idle serve nobody.
 */
export function serveOrder(
  free: number,
  waiting: readonly Waiting[],
): { readonly served: number[]; readonly left: number } {
  const served: number[] = [];
  let left = free;
  for (const { id, count } of waiting) {
    if (count > left) continue;
    served.push(id);
    left -= count;
  }
  return { served, left };
}
