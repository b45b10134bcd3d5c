// What the domains of many IPs sent over whatever, beside what went over the IP itself.
import type { Db } from '../../database.ts';
import type { Day } from '../../day.ts';
import { listRows, numbersInJson } from '../../dialect.ts';
import { CARRIES } from '../../ips/own-pools/store.ts';
import type { Region } from '../../policy/checks/facts.ts';
import type { DayWhole } from '../climb.ts';

/**
 * The days of these allocations from `since` up to and with `until` on which their domains sent something, by the
 * allocation's id: what went over its IP, and its part of all. Where domains use several IPs each has an even part of the
 * mail that it is for (S-05).
 */
export async function listWhole(
  db: Db,
  allocationIds: readonly number[],
  since: Day,
  until: Day,
): Promise<Map<number, DayWhole[]>> {
  if (allocationIds.length === 0) return new Map();
  const parts = await countSharing(db, allocationIds);
  type Row = { allocation_id: number; day: number; sent: number; over_ip: number };
  const rows = await listRows<Row>(
    db,
    `select l.allocation_id, s.day, sum(s.sent) as sent, sum(case when s.ip_id = a.ip_id then s.sent else 0 end) as over_ip
     from allocation_domains l join allocations a on a.id = l.allocation_id
     join sending_counts s on s.domain_id = l.domain_id and s.day between ? and ? and a.stream in ('both', s.stream)
       and ${CARRIES}
     where l.allocation_id in ${numbersInJson(db)} group by l.allocation_id, s.day having sum(s.sent) > 0`,
    [since, until, JSON.stringify(allocationIds)],
  );
  const found = new Map<number, DayWhole[]>();
  for (const row of rows) {
    const part = parts.get(row.allocation_id) ?? 1;
    const day = { day: row.day, over: Number(row.over_ip), all: Math.ceil(Number(row.sent) / part) };
    found.set(row.allocation_id, [...(found.get(row.allocation_id) ?? []), day]);
  }
  return found;
}

/** Where the mail of the accounts of these allocations has to leave from, by the allocation's id; null: nowhere in particular. */
export async function listAccountRegions(
  db: Db,
  allocationIds: readonly number[],
): Promise<Map<number, Region | null>> {
  const rows = await listRows<{ id: number; region: Region | null }>(
    db,
    `select a.id, c.region from allocations a join accounts c on c.id = a.account_id where a.id in ${numbersInJson(db)}`,
    [JSON.stringify(allocationIds)],
  );
  return new Map(rows.map(({ id, region }) => [id, region]));
}

/** What the domains of these allocations sent on a day to each mailbox provider over whatever, by the allocation's id: its IP's part. */
export async function listSentTo(
  db: Db,
  allocationIds: readonly number[],
  day: Day,
): Promise<Map<number, Readonly<Record<string, number>>>> {
  const found = new Map<number, Record<string, number>>();
  if (allocationIds.length === 0) return found;
  const parts = await countSharing(db, allocationIds);
  const rows = await listRows<{ allocation_id: number; provider: string; sent: number }>(
    db,
    `select l.allocation_id, s.provider, sum(s.sent) as sent
     from allocation_domains l join allocations a on a.id = l.allocation_id
     join sending_counts s on s.domain_id = l.domain_id and s.day = ? and a.stream in ('both', s.stream) and ${CARRIES}
     where l.allocation_id in ${numbersInJson(db)} group by l.allocation_id, s.provider`,
    [day, JSON.stringify(allocationIds)],
  );
  for (const { allocation_id: id, provider, sent } of rows) {
    const all = found.get(id) ?? {};
    all[provider] = Math.ceil(Number(sent) / (parts.get(id) ?? 1));
    found.set(id, all);
  }
  return found;
}

/**
 * How many live IPs the domains of each of these allocations use for the mail that it is for, by the allocation's id; those
 * without domains are left out.
 */
export async function countSharing(db: Db, allocationIds: readonly number[]): Promise<Map<number, number>> {
  const rows = await listRows<{ allocation_id: number; ips: number }>(
    db,
    `select l.allocation_id, count(distinct m.allocation_id) as ips
     from allocation_domains l join allocations a on a.id = l.allocation_id
     join allocation_domains m on m.domain_id = l.domain_id and (l.marketing_weight * m.marketing_weight > 0
       or l.transactional_weight * m.transactional_weight > 0)
     join allocations b on b.id = m.allocation_id and b.status not in ('releasing', 'released')
       and (a.stream = 'both' or b.stream in ('both', a.stream))
     where l.allocation_id in ${numbersInJson(db)} group by l.allocation_id`,
    [JSON.stringify(allocationIds)],
  );
  return new Map(rows.map((row) => [row.allocation_id, Number(row.ips)]));
}
