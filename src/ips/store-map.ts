// The stock by subnet: all of it added up, and the addresses of one.
import type { Db } from '../database.ts';
import { dayLength } from '../day.ts';
import type { IpStatus } from './lifecycle.ts';
import { AGES, type MapRow } from './map/tally.ts';
import type { IpDetails } from './stock-details.ts';
import { detailsOf } from './store-inventory.ts';

/** Since when (UTC milliseconds) an address is with its customer, or was taken back, or is in the inventory. */
const SINCE = 'coalesce(a.allocated_at, r.released_at, i.created_at)';

const withHolder = (db: Db) =>
  db('ips as i')
    .leftJoin('allocations as a', (join) => join.on('a.ip_id', 'i.id').andOn('a.status', '<>', db.raw("'released'")))
    .leftJoin(
      db('allocations')
        .where({ status: 'released' })
        .groupBy('ip_id')
        .select('ip_id')
        .max({ released_at: 'released_at' })
        .as('r'),
      'r.ip_id',
      'i.id',
    );

/** All addresses by their /24 (IPv6: each by itself), state and age at the instant `at` (UTC milliseconds). One query. */
export async function countOnMap(db: Db, at: number): Promise<MapRow[]> {
  const [month = 0, year = 0] = AGES.map((days) => at - days * dayLength);
  const age = `case when ${SINCE} > ${month} then 0 when ${SINCE} > ${year} then 1 else 2 end`;
  const net = "case when i.address like '%:%' then i.address else rtrim(i.address, '0123456789') end";
  const rows = await withHolder(db)
    .groupByRaw(`${net}, i.status, ${age}`)
    .select('i.status', { net: db.raw(net), age: db.raw(age), count: db.raw('count(*)') });
  return rows.map((row) => ({ net: row.net, status: row.status, age: Number(row.age), count: Number(row.count) }));
}

/** An address of the stock on the page of its subnet; `since`: when it last changed hands (UTC milliseconds). */
export type MapIp = {
  readonly id: number;
  readonly address: string;
  readonly status: IpStatus;
  readonly account: string | null;
  readonly since: number;
  readonly details: IpDetails;
};

/** The addresses of a subnet in normal form. Of a /64 the caller leaves out those that only begin like it. */
export async function listOnMap(db: Db, subnet: string): Promise<MapIp[]> {
  const isV4 = subnet.endsWith('.0/24');
  const begins = isV4 ? subnet.slice(0, -'0/24'.length) : `${subnet.split(':', 1)[0]}:`;
  const rows = await withHolder(db)
    .leftJoin('accounts as c', 'c.id', 'a.account_id')
    .where('i.address', 'like', `${begins}%`)
    .select('i.host_name', 'i.mta', 'i.cost_cents', 'i.earlier_use')
    .select('i.id', 'i.address', 'i.status', 'c.name as account', { since: db.raw(SINCE) });
  return rows.map(({ id, address, status, account, since, ...row }) => ({
    ...{ id, address, status, account, since: Number(since), details: detailsOf(row) },
  }));
}
