// Taking an IP out of stock and putting it back: so that nobody gets one that is on a blocklist, say.
import type { Actor, Person } from '../../accounts/person.ts';
import { type Act, act } from '../../act.ts';
import type { Db } from '../../database.ts';
import type { Result } from '../../result.ts';
import { showsNothing } from '../../visible.ts';
import { changeIp } from '../actions.ts';
import { barToIp, type IpBar, type IpTransitionName } from '../lifecycle.ts';
import { findIp, type Ip } from '../store-release.ts';

export type StockProblem = 'not-found' | IpBar | 'reason-missing';

/** What staff say about an IP of the inventory. `id`: the IP's. */
export type StockDecision = { readonly id: number; readonly reason: string };

type Somebody = Actor & { readonly person: Person };
type Outcome = Promise<Result<Ip, StockProblem>>;

/** Takes a free or quarantined IP out of stock: it is given to nobody until it is put back. */
export const withdrawIp = (db: Db, actor: Somebody, decision: StockDecision): Outcome =>
  act<Ip, StockProblem, Somebody>(db, actor, (act) => take(act, decision, () => 'withdraw'));

/** Puts an IP back into stock; into its quarantine where that is not over. */
export const putIpBack = (db: Db, actor: Somebody, decision: StockDecision): Outcome =>
  act<Ip, StockProblem, Somebody>(db, actor, (act) =>
    take(act, decision, ({ quarantinedUntil }) =>
      quarantinedUntil !== null && quarantinedUntil > actor.at ? 'putBackToRest' : 'putBack',
    ),
  );

async function take(
  act: Act<StockProblem, Somebody>,
  { id, reason }: StockDecision,
  nameFor: (ip: Ip) => Extract<IpTransitionName, 'withdraw' | 'putBack' | 'putBackToRest'>,
): Promise<Ip> {
  const { refuse, actor } = act;
  const ip = (await findIp(act.trx, id)) ?? refuse('not-found');
  const name = nameFor(ip);
  const bar = barToIp(name, ip.status, actor.person);
  if (bar !== null) return refuse(bar);
  if (showsNothing(reason)) return refuse('reason-missing');
  await changeIp(act, name, ip, { reason: reason.trim() });
  return ip;
}
