// What goes over dedicated IPs in the demo, and the day's step that follows each morning from what went over them.
import { actIn } from '../../src/act.ts';
import { type Day, dayOf, startOfDay } from '../../src/day.ts';
import { type AccountIp, listIpsOfAccount } from '../../src/ips/store.ts';
import { recordCounts } from '../../src/sending/actions.ts';
import { type Counts, type DayCount, NOTHING, plainCount, sumOf } from '../../src/sending/counts.ts';
import { evaluateDue } from '../../src/warmup/daily/run.ts';
import { capNow } from '../../src/warmup/state.ts';
import { listWarmups, type Warmup } from '../../src/warmup/store.ts';
import { sendWeeklyProgress } from '../../src/warmup/weekly/background.ts';
import type { Desk, Step } from './desk.ts';
import { byProvider, emptied, PROVIDERS, SHARES, spread } from './sending.ts';
import type { When } from './when.ts';

/** Days ago; no IP was warmed earlier. */
const FIRST = 205;
const HOUR = 3_600_000;

type Tale = {
  readonly from: number;
  readonly until: number;
  readonly bounced?: number;
  readonly microsoftDefers?: number;
};

/** What went wrong on warming IPs, by domain: from that many days ago until that many, as a share of the mail. */
const TALES: Readonly<Record<string, Tale>> = {
  // Schools' addresses from last year: some of them are gone.
  'harbourbooks.example': { from: 4, until: 1, bounced: 0.066 },
  // The list of a shop that was bought.
  'pinewood.example': { from: 5, until: 3, bounced: 0.36 },
  'fernhill.example': { from: 4, until: 2, microsoftDefers: 0.31 },
};

/** Each morning at 02:10 UTC: the counts of the day before, then the day's step, and on Mondays the weekly mail. */
export function mornings(when: When): Step[] {
  const past = Array.from({ length: FIRST }, (_, index) => when.day(FIRST - index, '02:10'));
  const today = startOfDay(when.today) + (2 + 1 / 6) * HOUR;
  return [...past, ...(today <= when.now ? [today] : [])].map((at) => ({
    at,
    async take(desk) {
      const { document } = desk.policy;
      await countWarming(desk, dayOf(at) - 1, when.today, at);
      await countWarm(desk, dayOf(at) - 1, when.today, at);
      await evaluateDue(desk.trx, document, at);
      await sendWeeklyProgress(desk.trx, document, at);
    },
  }));
}

/** Counts what went over each warming IP on a day: as much of the mail of its domains as its cap lets through. */
async function countWarming(desk: Desk, day: Day, today: Day, at: number): Promise<void> {
  const running = await listWarmups(desk.trx, { statuses: ['running'] });
  for (const [index, warmup] of running.entries()) {
    const domains = await domainsOf(desk, warmup);
    const leftOf = (id: number) =>
      (desk.sent.get(id)?.get(day)?.sent ?? 0) - (desk.warmed.get(id)?.get(day)?.sent ?? 0);
    const total = domains.reduce((sum, { id }) => sum + leftOf(id), 0);
    // As much as its cap allows (C-16); where several of the account warm up, no more than its even part.
    const sharing = running.slice(index).filter(({ accountId }) => accountId === warmup.accountId).length;
    const most = Math.min(capNow(warmup) ?? total, Math.ceil(total / sharing));
    for (const { id, name } of domains) {
      const all = desk.sent.get(id)?.get(day);
      if (!all || total === 0) continue;
      const sent = Math.floor((most * leftOf(id)) / total);
      if (sent === 0) continue;
      const parts = over(desk, warmup, { all, sent }, toldOf(name, today - day));
      await recordCounts(actIn(desk.trx, { person: null, at }), id, parts);
      remember(desk, id, day, sumOf([desk.warmed.get(id)?.get(day) ?? NOTHING, ...parts]));
    }
  }
}

/** What the domains of an IP send on a day. */
export const sentBy = (desk: Desk, domains: readonly { readonly id: number }[], day: Day): number =>
  domains.reduce((total, { id }) => total + (desk.sent.get(id)?.get(day)?.sent ?? 0), 0);

/** The domains that use a warm-up's IP. */
export async function domainsOf(desk: Desk, { accountId, allocationId }: Warmup): Promise<AccountIp['domains']> {
  const known = desk.uses.get(allocationId);
  if (known) return known;
  const ips = await listIpsOfAccount(desk.trx, accountId);
  for (const ip of ips) desk.uses.set(ip.id, ip.domains);
  return desk.uses.get(allocationId) ?? [];
}

/** Keeps what went over dedicated IPs on a day, to be taken off what went elsewhere. */
function remember(desk: Desk, domainId: number, day: Day, over: Counts): void {
  const days = desk.warmed.get(domainId) ?? new Map<Day, Counts>();
  desk.warmed.set(domainId, days.set(day, over));
}

/** What went wrong with a domain's mail on the day that is `ago` days back. */
function toldOf(name: string, ago: number): Tale | undefined {
  const tale = TALES[name];
  return tale !== undefined && ago <= tale.from && ago >= tale.until ? tale : undefined;
}

/** A part of a domain's day over one IP, by mailbox provider. */
function over(
  desk: Desk,
  { ipId, slowed }: Pick<Warmup, 'ipId' | 'slowed'>,
  { all, sent }: { readonly all: DayCount; readonly sent: number },
  told?: Tale,
): DayCount[] {
  const share = all.sent === 0 ? 0 : sent / all.sent;
  const limits = spread(all.sent, SHARES).map((there, index) =>
    Math.min(there, slowed[PROVIDERS[index] ?? ''] ?? there),
  );
  let left = sent;
  const within = spread(sent, SHARES).map((count, index) => {
    const most = Math.min(count, limits[index] ?? 0);
    left -= most;
    return most;
  });
  // What a slowed provider leaves is others'.
  const carried = within.map((count, index) => {
    const more = Math.min(left, (limits[index] ?? 0) - count);
    left -= more;
    return count + more;
  });
  const parts = carried.map((count) => count / Math.max(1, sent - left));
  const whole = (what: string, count: number) => wholeOf(desk.begun, `${what} ${ipId} ${all.stream}`, count);
  const bounced = spread(whole('bounced', told?.bounced ? sent * told.bounced : all.bounced * share), parts);
  const complained = spread(whole('complained', all.complained * share), parts);
  return carried.map((count, index) => {
    const provider = PROVIDERS[index] ?? 'other';
    const defers = provider === 'microsoft' ? (told?.microsoftDefers ?? 0.02) : 0.01;
    const own = Math.min(bounced[index] ?? 0, count);
    return plainCount({
      day: all.day,
      ipId,
      pool: '',
      provider,
      stream: all.stream,
      sent: count,
      bounced: own,
      complained: Math.min(complained[index] ?? 0, count - own),
      deferred: Math.round(count * defers),
    });
  });
}

/** Of 0.4 a day nothing on the first two days and one on the third: rounded day by day it would be none, or too many. */
function wholeOf(begun: Map<string, number>, key: string, count: number): number {
  const due = (begun.get(key) ?? 0) + count;
  begun.set(key, due % 1);
  return Math.floor(due);
}

/** Counts again what is left of a day for the domains that have warm IPs: it went over these, evenly, and not over a pool. */
async function countWarm(desk: Desk, day: Day, today: Day, at: number): Promise<void> {
  const warm = new Map<number, number[]>();
  for (const warmup of await listWarmups(desk.trx, { statuses: ['complete'] }, 1_000)) {
    if (warmup.completedAt === null || dayOf(warmup.completedAt) > day) continue;
    for (const { id } of await domainsOf(desk, warmup)) warm.set(id, [...(warm.get(id) ?? []), warmup.ipId]);
  }
  for (const [id, ips] of warm) {
    const all = desk.sent.get(id)?.get(day);
    if (all === undefined) continue;
    const parts = restOf(desk, all, { warming: desk.warmed.get(id)?.get(day), warm: ips }, today);
    await recordCounts(actIn(desk.trx, { person: null, at }), id, parts);
    remember(desk, id, day, all);
  }
}

/** Counts again what of a domain's mail warming IPs left over, now that it is known how much: it went over the pool. */
export async function leaveRestToPools(desk: Desk, when: When): Promise<void> {
  const actor = { person: null, at: when.now };
  for (const [domainId, warmed] of desk.warmed) {
    const counts = [...warmed].flatMap(([day, over]) => {
      const all = desk.sent.get(domainId)?.get(day);
      return all === undefined || over.sent >= all.sent
        ? []
        : restOf(desk, all, { warming: over, warm: [] }, when.today);
    });
    await recordCounts(actIn(desk.trx, actor), domainId, counts);
  }
}

/** What is left of a domain's day for warm IPs, or for the pool. */
function restOf(
  desk: Desk,
  all: DayCount,
  { warming, warm }: { readonly warming: Counts | undefined; readonly warm: readonly number[] },
  today: Day,
): DayCount[] {
  const whole = emptied(byProvider(all, today));
  const left = (count: 'sent' | 'bounced' | 'complained') => Math.max(0, all[count] - (warming?.[count] ?? 0));
  const sent = left('sent');
  const rest = {
    ...all,
    sent,
    bounced: Math.min(left('bounced'), sent),
    complained: Math.min(left('complained'), sent),
  };
  if (warm.length === 0) {
    const parts = byProvider(plainCount({ ...rest, delivered: rest.sent - rest.bounced }), today);
    return [...whole.filter(({ provider }) => parts.every((part) => part.provider !== provider)), ...parts];
  }
  const even = warm.map(() => 1 / warm.length);
  const parts = spread(sent, even).flatMap((count, index) =>
    over(desk, { ipId: warm[index] ?? 0, slowed: {} }, { all: rest, sent: count }),
  );
  return [...whole, ...parts];
}
