// How long the stock of each region lasts, with what waits for it.
import type { Db } from '../../database.ts';
import { dayLength, dayOf } from '../../day.ts';
import {
  basisInWords,
  forecastStock,
  isShort,
  LOOK_BACK_DAYS,
  lastsInWords,
  type StockForecast,
} from '../../ips/stock/forecast.ts';
import { listMoves, type Move } from '../../ips/store-moves.ts';
import type { Region } from '../../policy/checks/facts.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { gatherWaiting } from '../waitlist/gather.ts';
import { countFree } from '../waitlist/store.ts';

/** The forecast of each region of the policy, and of those that have stock, at the instant `at` (UTC milliseconds). */
export async function gatherStock(db: Db, policy: Policy, at: number): Promise<ReadonlyMap<Region, StockForecast>> {
  const free = await countFree(db);
  const waiting = await gatherWaiting(db);
  const moves = await listMoves(db, at - LOOK_BACK_DAYS * dayLength);
  const regions = new Set([...policy.regions.value, ...free.keys(), ...moves.map(({ region }) => region)]);
  const forecast = (region: Region): StockForecast => {
    const own = moves.filter((move) => move.region === region);
    const taken = own.find(({ kind }) => kind === 'taken');
    const facts = {
      free: free.get(region) ?? 0,
      waiting: (waiting.get(region) ?? []).reduce((sum, { count }) => sum + count, 0),
      taken: taken?.count ?? 0,
      firstOn: taken === undefined ? null : dayOf(taken.at),
      returning: own.filter(({ kind }) => kind !== 'taken').map((move) => returning(move, policy, at)),
    };
    return forecastStock(facts, at);
  };
  return new Map([...regions].map((region) => [region, forecast(region)]));
}

/** The regions whose stock ends within a month, a sentence each, for those who are mailed about it. */
export async function gatherShortStock(db: Db, policy: Policy, at: number): Promise<string[]> {
  const short = [...(await gatherStock(db, policy, at))].filter(([, forecast]) => isShort(forecast));
  return short.map(([region, one]) => `${region.toUpperCase()} ${lastsInWords(one)}. ${basisInWords(one)}`);
}

/** What drains rests after that. */
function returning({ kind, count, at: until }: Move, { release }: Policy, at: number) {
  const rests = kind === 'draining' ? release.quarantineDays.value * dayLength : 0;
  return { count, inDays: Math.max(0, Math.ceil((until + rests - at) / dayLength)) };
}
