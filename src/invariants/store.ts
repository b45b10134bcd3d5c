// What must hold in the database at any time, asked of the database itself.
import type { Db } from '../database.ts';
import { atInJson, lastInJson, listRows, numberInJson } from '../dialect.ts';
import { unseenCharacters } from '../visible.ts';
import { accountInvariants } from './accounts.ts';
import { chargeInvariants } from './charges.ts';
import { decisionInvariants } from './decisions.ts';
import { domainInvariants } from './domains.ts';
import type { Invariant } from './invariant.ts';
import { ipInvariants } from './ips.ts';
import { mailInvariants } from './mail.ts';
import { ownPoolInvariants } from './own-pools.ts';
import { recordInvariants } from './record.ts';
import { releaseInvariants } from './releases.ts';
import { requestInvariants } from './requests.ts';
import { sendingInvariants } from './sending.ts';
import { subuserInvariants } from './subusers.ts';
import { warmupInvariants } from './warmups.ts';

export const invariants: readonly Invariant[] = [
  ...ipInvariants,
  ...requestInvariants,
  ...decisionInvariants,
  ...recordInvariants,
  ...mailInvariants,
  ...warmupInvariants,
  ...accountInvariants,
  ...domainInvariants,
  ...chargeInvariants,
  ...releaseInvariants,
  ...sendingInvariants,
  ...subuserInvariants,
  ...ownPoolInvariants,
];

/**
 * Checks every invariant at the instant `now` (UTC milliseconds), in one statement, so that all are checked on the
 * same state. Returns a line for each row that is wrong: `I02 ip 7: an IP is …`. None is right. Changes nothing.
 */
export async function checkData(db: Db, now: number): Promise<string[]> {
  const parts = invariants.map(({ no, wrong }) => `select '${no}' as no, x.id as id from (${wrong}) as x`);
  const sql = `select * from (${parts.join(' union all ')}) as found order by no, id`;
  const rows = await listRows<{ no: string; id: number }>(db, inDialect(db, sql), { now });
  return rows.map(({ no, id }) => {
    const broken = invariants.find((invariant) => invariant.no === no);
    return `${no} ${broken?.of} ${id}: ${broken?.must}`;
  });
}

const UNSEEN = unseenCharacters();
const GONE_MAILS = `coalesce((select max(gone_before) from retention where subject in ('mails', 'withheld mails')), 0)`;

/**
 * `{policy a b}` in a statement is the value at a.b in the document of the policy version `v`; `{item list last}` the
 * last number of a list that is kept as JSON; `{number json a}` the number a of a JSON document; `{blank a}` whether the text a is missing or shows nothing;
 * `{gone mails}` the instant before which mails may have been removed by their age.
 */
const inDialect = (db: Db, sql: string): string =>
  sql
    .replaceAll('{gone mails}', GONE_MAILS)
    .replace(/\{policy ([\w ]+)\}/g, (_, path: string) => atInJson(db, 'v.document', path.split(' ')))
    .replace(/\{blank ([\w.]+)\}/g, (_, text: string) => `(trim(coalesce(${text}, ''), '${UNSEEN}') = '')`)
    .replace(/\{number ([\w.]+) (\w+)\}/g, (_, json: string, name: string) => numberInJson(db, json, name))
    .replace(/\{item ([\w.]+) last\}/g, (_, list: string) => lastInJson(db, list));
