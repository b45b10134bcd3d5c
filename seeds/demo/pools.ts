// Counts of domains that came into the transactional pool: from the day after on, their mail goes over it.
import { actIn } from '../../src/act.ts';
import { listEvents } from '../../src/audit/store.ts';
import { type Day, dayOf } from '../../src/day.ts';
import type { Domain } from '../../src/domains/domain.ts';
import { listDomainsOf } from '../../src/domains/store.ts';
import { recordCounts } from '../../src/sending/actions.ts';
import type { Desk } from './desk.ts';
import { byProvider, emptied } from './sending.ts';
import type { When } from './when.ts';

/** Counts what was counted over the default pool again, now that it is known when a domain moved. */
export async function spreadOverPools(desk: Desk, when: When): Promise<void> {
  const actor = { person: null, at: when.now };
  const accountIds = new Set([...desk.domains.values()].map(({ accountId }) => accountId));
  for (const accountId of accountIds) {
    const domains = await listDomainsOf(desk.trx, accountId);
    for (const domain of domains.filter(({ route }) => route === 'transactional')) {
      const first = (await movedOn(desk, domain)) + 1;
      const counts = [...(desk.sent.get(domain.id)?.values() ?? [])]
        .filter(({ day }) => day >= first)
        .flatMap((all) => byProvider(all, when.today));
      const moved = counts.map((count) => ({ ...count, pool: count.pool.replace('shared-', 'transactional-') }));
      await recordCounts(actIn(desk.trx, actor), domain.id, [...emptied(counts), ...moved]);
    }
  }
}

/** The day on which a domain came into the transactional pool. */
async function movedOn(desk: Desk, domain: Domain): Promise<Day> {
  const events = await listEvents(desk.trx, { subject: { type: 'domain', id: domain.id }, limit: 100 });
  const moved = events.find(({ name, to }) => name === 'domain.moved' && to === 'transactional');
  if (!moved) throw new Error(`the demo never moved ${domain.name}`);
  return dayOf(moved.at);
}
