// What goes over dedicated IPs in the demo, and the day's step that follows each morning from what went over them.
import { actIn } from '../../src/act.ts';
import { type Day, dayOf, startOfDay } from '../../src/day.ts';
import { type AccountIp, listIpsOfAccount } from '../../src/ips/store.ts';
import { recordCounts } from '../../src/sending/actions.ts';
import { type Counts, type DayCount, NOTHING, plainCount, sumOf } from '../../src/sending/counts.ts';
import { evaluateDue } from '../../src/warmup/daily/run.ts';
import { capNow } from '../../src/warmup/state.ts';
import { listWarmups, type Warmup } from '../../src/warmup/store.ts';
import { sendWeeklyProgress } from '../../src/warmup/weekly/send.ts';
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
      await evaluateDue(desk.trx, document, at);
      await sendWeeklyProgress(desk.trx, document, at);
    },
  }));
}

/** Counts what went over each warming IP on a day: as much of the mail of its domains as its cap lets through. */
async function countWarming(desk: Desk, day: Day, today: Day, at: number): Promise<void> {
  const running = await listWarmups(desk.trx, { statuses: ['running'] });
  for (const warmup of running) {
    const domains = await domainsOf(desk, warmup);
    const total = sentBy(desk, domains, day);
    const most = Math.min(capNow(warmup) ?? total, total);
    for (const { id, name } of domains) {
      const all = desk.sent.get(id)?.get(day);
      if (!all || total === 0) continue;
      const sent = Math.floor((most * all.sent) / total);
      if (sent === 0) continue;
      const parts = over(warmup, all, sent, TALES[name], today);
      await recordCounts(actIn(desk.trx, { person: null, at }), id, parts);
      remember(desk, id, day, parts);
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

/** Keeps what went over warming IPs, to be taken off what went elsewhere. */
function remember(desk: Desk, domainId: number, day: Day, parts: readonly DayCount[]): void {
  const days = desk.warmed.get(domainId) ?? new Map<Day, Counts>();
  desk.warmed.set(domainId, days.set(day, sumOf([days.get(day) ?? NOTHING, ...parts])));
}

/** A part of a domain's day over one IP, by mailbox provider. */
function over(
  { ipId, slowed }: Pick<Warmup, 'ipId' | 'slowed'>,
  all: DayCount,
  sent: number,
  tale: Tale | undefined,
  today: Day,
): DayCount[] {
  const ago = today - all.day;
  const told = tale !== undefined && ago <= tale.from && ago >= tale.until ? tale : undefined;
  const share = all.sent === 0 ? 0 : sent / all.sent;
  const bounced = spread(Math.round(told?.bounced ? sent * told.bounced : all.bounced * share), SHARES);
  const complained = spread(Math.round(all.complained * share), SHARES);
  const limits = spread(all.sent, SHARES).map((there, index) =>
    Math.min(there, slowed[PROVIDERS[index] ?? ''] ?? there),
  );
  let left = sent;
  const counts = spread(sent, SHARES).map((count, index) => {
    const most = Math.min(count, limits[index] ?? 0);
    left -= most;
    return most;
  });
  return counts.map((count, index) => {
    const provider = PROVIDERS[index] ?? 'other';
    // What a slowed provider leaves is others'.
    const more = Math.min(left, (limits[index] ?? 0) - count);
    left -= more;
    const most = count + more;
    const defers = provider === 'microsoft' ? (told?.microsoftDefers ?? 0.02) : 0.01;
    const own = count === 0 ? 0 : Math.floor(((bounced[index] ?? 0) * most) / count);
    return plainCount({
      day: all.day,
      ipId,
      pool: '',
      provider,
      stream: all.stream,
      sent: most,
      bounced: own,
      complained: Math.min(complained[index] ?? 0, most - own),
      deferred: Math.round(most * defers),
    });
  });
}

/**
 * Counts what did not go over warming IPs again, now that it is known over what it went: evenly over the account's warm
 * IPs, and before it had any over the shared pool.
 */
export async function spreadOverIps(desk: Desk, when: When): Promise<void> {
  const actor = { person: null, at: when.now };
  const byDomain = Map.groupBy(await usesOf(desk), (use) => use.domainId);
  for (const [domainId, uses] of byDomain) {
    const warmed = desk.warmed.get(domainId);
    const first = Math.min(...uses.map((use) => use.startsOn));
    const counts = [...(desk.sent.get(domainId)?.values() ?? [])]
      .filter(({ day }) => day >= first)
      .flatMap((all) => restOf(all, warmed?.get(all.day), warmOn(uses, all.day), when.today));
    await recordCounts(actIn(desk.trx, actor), domainId, counts);
  }
}

type Use = {
  readonly domainId: number;
  readonly ipId: number;
  readonly startsOn: Day;
  readonly completedAt: number | null;
};

async function usesOf(desk: Desk): Promise<Use[]> {
  const warmups = await listWarmups(desk.trx, {}, 1_000);
  const uses: Use[] = [];
  for (const warmup of warmups) {
    const { ipId, plan, completedAt } = warmup;
    const domains = await domainsOf(desk, warmup);
    for (const { id } of domains) uses.push({ domainId: id, ipId, startsOn: plan.startsOn, completedAt });
  }
  return uses;
}

/** The IPs that carry all mail on a day: those whose warm-up was complete before it. */
const warmOn = (uses: readonly Use[], day: Day): number[] =>
  uses.filter(({ completedAt }) => completedAt !== null && dayOf(completedAt) <= day).map(({ ipId }) => ipId);

/** What is left of a domain's day for warm IPs, or for the pool. */
function restOf(all: DayCount, warming: Counts | undefined, warm: readonly number[], today: Day): DayCount[] {
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
    over({ ipId: warm[index] ?? 0, slowed: {} }, rest, count, undefined, 0),
  );
  return [...whole, ...parts];
}
