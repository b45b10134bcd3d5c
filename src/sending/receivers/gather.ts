// What is known of recipients' domains, kept in memory by programs that name mailbox providers.
import type { Db } from '../../database.ts';
import { Receivers } from './memory.ts';
import { listChangedReceivers, listReceivers } from './store.ts';

/** Domains that are kept in memory. */
const MOST_KEPT = 200_000;
/** Read in pages, so that what is answered in between does not wait for the work on all of them. */
const PAGE = 2_000;

/** All that is known now. */
export async function loadReceivers(db: Db): Promise<Receivers> {
  const receivers = new Receivers();
  await refreshReceivers(db, receivers, null);
  return receivers;
}

/** Reads what changed since then (UTC milliseconds), or all where that is null, in place of what was known. */
export async function refreshReceivers(db: Db, receivers: Receivers, since: number | null): Promise<void> {
  if (since !== null) {
    const changed = await listChangedReceivers(db, since);
    return receivers.learn(new Map(changed.map(({ name, mx }) => [name, mx])));
  }
  const all = new Map<string, string | null>();
  for (let after = ''; all.size < MOST_KEPT; ) {
    const page = await listReceivers(db, after, PAGE);
    for (const { name, mx } of page) all.set(name, mx);
    after = page.at(-1)?.name ?? '';
    if (page.length < PAGE) break;
  }
  receivers.replace(all);
}
