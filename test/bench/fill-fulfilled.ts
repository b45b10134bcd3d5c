// What approvals brought about: IPs, allocations, warm-ups, domains on another route; and the IPs that are free.
import { eventIds, type Filling, numbers } from './filling.ts';

const FREE_IPS = 3000;
const DAY = 86_400_000;

/** SQL that gives every fourth account an IP from its seventh request, and puts a domain of every other fourth into the pool. */
export function fulfilmentStatements(filling: Filling): string[] {
  return [...ips(filling), ...allocations(filling), ...records(filling), finishedMails(filling)];
}

const address = (block: number, no: string) =>
  `'${block}.' || (${no} / 65536) || '.' || (${no} / 256 % 256) || '.' || (${no} % 256)`;

function ips({ accounts, now }: Filling): string[] {
  const held = Math.floor(accounts / 4);
  const made = now - 450 * DAY;
  const insert = 'insert into ips (id, address, region, status, created_at)';
  return [
    `${insert} ${numbers(held)} select i, ${address(10, 'i')}, 'us', 'allocated', ${made} from n`,
    `${insert} ${numbers(FREE_IPS)} select ${held} + i, ${address(11, 'i')}, 'us', 'free', ${made} from n`,
  ];
}

// One allocation in four is still warming up.
const WARMS = 'r.account_id % 16 = 0';

function allocations({ today, caps, targetPerDay }: Filling): string[] {
  const fulfilled = "from requests r where r.kind = 'dedicated_ip' and r.status = 'fulfilled'";
  return [
    `insert into allocations (id, ip_id, account_id, request_id, status, monthly_cents, currency, allocated_at)
      select r.account_id / 4, r.account_id / 4, r.account_id, r.id, case when ${WARMS} then 'warming' else 'active' end,
        q.monthly_cents, 'USD', r.decided_at
      from requests r join quotes q on q.request_id = r.id where r.kind = 'dedicated_ip' and r.status = 'fulfilled'`,
    `insert into allocation_domains (allocation_id, domain_id) select r.account_id / 4, 2 * r.account_id - 1 ${fulfilled}`,
    `insert into warmups (id, allocation_id, status, schedule, clock, target_per_day, starts_on, caps, stage, next_day,
        stage_since, judged_from, completed_at, changed_at)
      select r.account_id / 4, r.account_id / 4, case when ${WARMS} then 'running' else 'complete' end, 'growth', 'progress',
        ${targetPerDay}, ${today} - case when ${WARMS} then 20 else 70 end, '${caps}',
        case when ${WARMS} then 21 else ${JSON.parse(caps).length} end, ${today}, ${today}, ${today},
        case when not (${WARMS}) then r.decided_at + ${50 * DAY} end, r.decided_at ${fulfilled}`,
  ];
}

function records(filling: Filling): string[] {
  const ids = eventIds(filling);
  const insert = (columns: string) =>
    `insert into audit_events (id, account_id, subject_type, subject_id, seq, name, from_status, to_status, at, facts) ${columns}`;
  return [
    insert(`select ${ids.domainMoved} + account_id, account_id, 'domain', id, 2, 'domain.moved', 'default', route,
      created_at + ${30 * DAY}, '{"domain":"' || name || '","before":"default","after":"' || route || '"}'
      from domains where route <> 'default'`),
    insert(`select ${ids.allocated} + id, account_id, 'allocation', id, 1, 'allocation.made', null, 'warming', allocated_at,
      '{"address":"10.0.0.1","region":"us","reference":"WD-' || (1000 + request_id) || '"}' from allocations`),
    insert(`select ${ids.warming} + id, account_id, 'allocation', id, 2, 'warmup.started', 'warming', 'warming',
      allocated_at, '{"address":"10.0.0.1","schedule":"growth","days":45,"targetPerDay":8572}' from allocations`),
    insert(`select ${ids.warm} + id, account_id, 'allocation', id, 3, 'warmup.completed', 'warming', 'active',
      allocated_at + ${50 * DAY}, '{"address":"10.0.0.1"}' from allocations where status = 'active'`),
  ];
}

const finishedMails = (filling: Filling): string =>
  `insert into outbox (id, event_id, recipient_id, to_address, template, facts, thread, message_id, status, attempts, sent_at,
      smtp_reply, created_at)
    select ${2 * filling.requests} + l.id, ${eventIds(filling).warm} + l.id, l.account_id, 'owner@c' || l.account_id || '.example',
      'warmup-complete', '{}', 'WD-' || (1000 + l.request_id), 'filled-warm-' || l.id, 'sent', 1, l.allocated_at + ${51 * DAY},
      '250 taken', l.allocated_at + ${50 * DAY}
    from allocations l where l.status = 'active'`;
