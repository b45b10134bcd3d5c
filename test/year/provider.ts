// A year of a provider: many accounts of many kinds, through the real request, approval, daily evaluation and shares.
import type { Person } from '../../src/accounts/person.ts';
import { startOfDay } from '../../src/day.ts';
import { checkData } from '../../src/invariants/store.ts';
import { serveWaitlist } from '../../src/requests/waitlist/background.ts';
import { egressOf } from '../../src/routing/egress.ts';
import { capOf, hourCapOf, limitOf, type Sender } from '../../src/routing/sending-domain.ts';
import { loadSenders } from '../../src/routing/snapshot.ts';
import { type DayCount, plainCount } from '../../src/sending/counts.ts';
import { expectedMailOn } from '../../src/sending/pattern.ts';
import { replaceCounts } from '../../src/sending/store-bulk.ts';
import { evaluateDue } from '../../src/warmup/daily/run.ts';
import { learnDue } from '../../src/warmup/learning/background.ts';
import { markDays } from '../../src/warmup/pages/days.ts';
import { listWarmupDays } from '../../src/warmup/pages/store-days.ts';
import { delayWords } from '../../src/warmup/pages/wording.ts';
import { carriedOf } from '../../src/warmup/share.ts';
import { takeStaffStep } from '../../src/warmup/staff/actions.ts';
import { findWarmup, listWarmups } from '../../src/warmup/store.ts';
import * as make from '../support/make.ts';
import { HOUR, type World } from '../support/world.ts';
import { drawn, type Kind, kinds, mailOn } from './senders.ts';

export type Account = {
  readonly id: number;
  readonly admin: Person;
  readonly kind: Kind;
  readonly weekly: number;
  readonly domainId: number;
  readonly asksOn: number;
};

/** What became of a warm-up: the day of its approval’s forecast, and when it was first complete; days since 1970. */
export type Ran = {
  readonly kind: Kind;
  readonly planned: number;
  readonly from: number;
  finished: number | null;
  overshoot: number;
};

const PROVIDERS = [
  ['gmail', 0.45],
  ['microsoft', 0.25],
  ['yahoo', 0.12],
  ['apple', 0.08],
  ['other', 0.1],
] as const;
const HISTORY = 182;

export class Year {
  readonly world: World;
  readonly began: number;
  readonly accounts: Account[] = [];
  readonly ran = new Map<number, Ran>();
  readonly faults: string[] = [];
  readonly #carried = new Map<number, number>();

  constructor(world: World, began: number) {
    this.world = world;
    this.began = began;
  }

  /** Opens `count` accounts with half a year of mail behind them, which ask within `askWithin` days. */
  async open(count: number, askWithin: number, plan: string): Promise<void> {
    for (let nth = 0; nth < count; nth += 1) {
      const kind = kinds[nth % kinds.length] as Kind;
      const weekly = Math.round(60_000 * (1 + 20 * drawn('volume', nth) ** 2));
      const opened = await make.account(this.world, { name: `Customer ${nth}`, weekly: null, plan });
      const domain = opened.domains[0]?.id ?? 0;
      if (this.world.deps.policy.document.warmup.needsWarmIp.value) await this.#giveWarmIp(opened);
      const asksOn = this.began + Math.floor(askWithin * drawn('asks', nth));
      this.accounts.push({ id: opened.id, admin: opened.admin, kind, weekly, domainId: domain, asksOn });
      const days = Array.from({ length: HISTORY }, (_, i) => this.began - HISTORY + i);
      const counts = days.flatMap((day) => {
        const sent = mailOn(kind, opened.id, weekly, day, this.began);
        return sent === 0
          ? []
          : [resolved(domain, plainCount({ day, sent, bounced: Math.floor(sent * 0.005), complained: 0 }))];
      });
      await this.world.db.transaction((trx) => replaceCounts(trx, counts, this.world.now));
    }
  }

  /** S-15, S-16: an IP in use for other mail, without automated warm-up: it takes the overflow of the one that is asked for. */
  async #giveWarmIp({ id, admin }: make.Account): Promise<void> {
    const { id: domainId } = await make.domain(this.world, id, `warm-${id}.example`, { weekly: 60_000 });
    await make.ips(this.world, 'us', 1);
    const wish = { weeklyVolume: 60_000, peakWeeklyVolume: 60_000, domainIds: [domainId], automatedWarmup: false };
    await make.decided(this.world, await make.request(this.world, admin, wish));
  }

  /** The days with mail of the warm-ups of a kind, for someone who looks for what is wrong. */
  async show(kind: string): Promise<string[]> {
    const ids = this.accounts.filter((one) => one.kind === kind).map(({ id }) => id);
    const days = await this.world
      .db('warmup_days as d')
      .join('warmups as w', 'w.id', 'd.warmup_id')
      .join('allocations as a', 'a.id', 'w.allocation_id')
      .whereIn('a.account_id', ids)
      .where('d.sent', '>', 0)
      .orderBy(['d.warmup_id', 'd.day'])
      .select('d.*', 'w.finishes_on', 'w.caps');
    return days.map(
      (d) =>
        `${d.warmup_id} ${d.day - this.began} of ${d.finishes_on - this.began}: stage ${d.stage} ${d.stage_cap} cap ${d.cap} sent ${d.sent} ${d.delivered} ${d.verdict} ${d.why}`,
    );
  }

  /** How many days of open plans of a kind were held or paused by a sentence that names the rate. */
  async heldByRate(kind: string): Promise<number> {
    const ids = this.accounts.filter((one) => one.kind === kind).map(({ id }) => id);
    const row = await this.world
      .db('warmup_days as d')
      .join('warmups as w', 'w.id', 'd.warmup_id')
      .join('allocations as a', 'a.id', 'w.allocation_id')
      .whereIn('a.account_id', ids)
      .whereIn('d.verdict', ['hold', 'pause'])
      .where('d.why', 'like', '%of the mail bounced (limit%')
      .count({ days: '*' })
      .first();
    return Number(row?.['days']);
  }

  /**
   * The plans that ended a week after their forecast or are open since, without anything that says why: a day on hold,
   * paused or without mail, a step back, or a sentence of what stands still, was cold or was made again.
   */
  async unexplained(until: number): Promise<string[]> {
    const { db } = this.world;
    const found: string[] = [];
    for (const [id, { kind, planned, finished }] of this.ran) {
      if ((finished ?? until) - planned <= 7) continue;
      const warmup = await findWarmup(db, id);
      if (!warmup) throw new Error(`the warm-up ${id} is gone`);
      const days = markDays(await listWarmupDays(db, id), warmup.plan, 30);
      const events = await db('audit_events')
        .where({ subject_type: 'allocation', subject_id: warmup.allocationId })
        .whereIn('name', ['warmup.paused', 'warmup.cold', 'warmup.followed', 'warmup.stood']);
      if (delayWords(days, warmup.stage) === '' && events.length === 0) found.push(`${kind} ${id}: ${warmup.why}`);
    }
    return found;
  }

  /** One day: who asks, what is sent over what, and the work of the night after it. */
  async live(day: number): Promise<void> {
    this.world.now = startOfDay(day) + 9 * HOUR;
    for (const one of this.accounts) if (one.asksOn === day) await this.#ask(one);
    await this.#send(day);
    this.world.now = startOfDay(day + 1) + 3 * HOUR;
    await learnDue(this.world.db, this.world.now);
    await evaluateDue(this.world.db, this.world.deps.policy.document, this.world.now);
    await serveWaitlist(this.world.db, this.world.now);
    await this.#look(day);
    const found = await checkData(this.world.db, this.world.now);
    this.faults.push(...found.map((line) => `day ${day - this.began}: ${line}`));
  }

  async #ask({ admin, kind, weekly, domainId }: Account): Promise<void> {
    const stated = { overstates: 5, understates: 0.2 }[kind as 'overstates'] ?? 1;
    const weeklyVolume = Math.max(50_000, Math.round(weekly * stated));
    const wish = { weeklyVolume, peakWeeklyVolume: weeklyVolume, domainIds: [domainId] };
    await make.decided(this.world, await make.request(this.world, admin, wish));
  }

  async #send(day: number): Promise<void> {
    const { db } = this.world;
    const senders = new Map([...(await loadSenders(db)).values()].map((sender) => [sender.id, sender]));
    const counts = this.accounts.flatMap((one) => {
      const sent = mailOn(one.kind, one.id, one.weekly, day, this.began);
      const sender = senders.get(one.domainId);
      return sender && sent > 0
        ? this.#carry(one, sender, day, sent).map((count) => resolved(one.domainId, count))
        : [];
    });
    await db.transaction((trx) => replaceCounts(trx, counts, startOfDay(day + 1)));
  }

  /** A day's mail of a domain over its IPs and its pool, by the shares of the real routing. */
  #carry(one: Account, sender: Sender, day: number, sent: number): DayCount[] {
    const { document } = this.world.deps.policy;
    const { warming, fallback, beyond } = egressOf(sender, 'marketing', document);
    const rows: DayCount[] = [];
    let left = sent;
    for (const { ip } of warming) {
      const cap = capOf(ip) ?? 0;
      const before = this.#carried.get(ip.id) ?? 0;
      const most = Math.max(ip.warmup?.plan.caps[0] ?? 0, Math.floor((before * 20) / 9));
      const expected = ip.warmup ? expectedMailOn(ip.warmup.pattern, day) : 0;
      const coming = { recipients: 1, hours: 24, hourCap: hourCapOf(ip) };
      const over = Math.min(left, carriedOf(cap, expected, sent, coming));
      // A plan that fell back to half of what it carried has its stage to begin with, which is less than that.
      if (cap > most + 1 && ip.warmup?.isAgain === false) this.#overshot(ip.id, cap, most);
      const parts = byProvider(one, day, ip.id, { over, all: sent, slowed: ip.warmup?.slowed ?? {} });
      rows.push(...parts);
      left -= parts.reduce((sum, part) => sum + part.sent, 0);
      this.#carried.set(
        ip.id,
        Math.max(
          before,
          parts.reduce((sum, part) => sum + part.delivered, 0),
        ),
      );
    }
    const [ip] = fallback.to === 'ips' ? fallback.ips : [];
    if (ip && left > 0) {
      const over = Math.min(left, (beyond && limitOf(ip)) ?? left);
      const slowed = beyond === null ? {} : (ip.warmup?.slowed ?? {});
      const parts = byProvider(one, day, ip.id, { over, all: sent, slowed });
      rows.push(...parts);
      left -= parts.reduce((sum, part) => sum + part.sent, 0);
    }
    return [...rows, ...overPool(rows, { day, all: sent, left })];
  }

  #overshot(ipId: number, cap: number, most: number): void {
    this.faults.push(`IP ${ipId} might carry ${cap}, and ${most} is 2/0.9 of what one day carried`);
  }

  /** What warm-ups did in the night; on weekdays staff resume what paused itself. */
  async #look(day: number): Promise<void> {
    const { db } = this.world;
    const byAccount = new Map(this.accounts.map((one) => [one.id, one]));
    const { reviewer } = await make.staff(this.world);
    for (const warmup of await listWarmups(db, {}, 10_000)) {
      const kind = byAccount.get(warmup.accountId)?.kind ?? 'even';
      const { startsOn, finishesOn } = warmup.plan;
      const ran = this.ran.get(warmup.id) ?? {
        kind,
        planned: finishesOn,
        from: startsOn,
        finished: null,
        overshoot: 0,
      };
      if (warmup.status === 'complete') ran.finished ??= day;
      this.ran.set(warmup.id, ran);
      if (warmup.status !== 'paused' || (day + 3) % 7 > 4) continue;
      const seen = await findWarmup(db, warmup.id);
      const actor = { person: reviewer, at: this.world.now };
      if (seen)
        await takeStaffStep(
          db,
          actor,
          { id: warmup.id, name: 'resume', seen, reason: 'Looked at.' },
          this.world.deps.policy.document,
        );
    }
  }
}

const resolved = (domainId: number, count: DayCount) => ({ ...count, domainId });

/** The `left` messages of a day's `all` that go over the pool beside these over IPs, by mailbox provider as a log tells them. */
function overPool(
  rows: readonly DayCount[],
  { day, all, left }: { day: number; all: number; left: number },
): DayCount[] {
  let further = left;
  return PROVIDERS.flatMap(([provider, share], index) => {
    const over = rows.reduce((sum, row) => sum + (row.provider === provider ? row.sent : 0), 0);
    const isLast = index === PROVIDERS.length - 1;
    const sent = isLast ? further : Math.min(further, Math.max(0, Math.round(all * share) - over));
    further -= sent;
    const bounced = Math.floor(sent * 0.005);
    return sent === 0 ? [] : [plainCount({ day, provider, sent, bounced, complained: 0 })];
  });
}

/** What became of messages over an IP: clean mail, a week of bounces in an incident, an outage at Microsoft. */
function byProvider(
  one: Account,
  day: number,
  ipId: number,
  { over, all, slowed }: { over: number; all: number; slowed: Readonly<Record<string, number>> },
): DayCount[] {
  const isBad = one.kind === 'incident' && (day + one.id) % 120 < 7;
  const isOut = day % 200 < 3;
  const limits = PROVIDERS.map(([key, share]) =>
    Math.min(Math.round(all * share), slowed[key] ?? Number.MAX_SAFE_INTEGER),
  );
  const first = PROVIDERS.map(([, share], index) => Math.min(Math.floor(over * share), limits[index] ?? 0));
  let left = over - first.reduce((sum, sent) => sum + sent, 0);
  return PROVIDERS.flatMap(([provider], index) => {
    const more = Math.min(left, (limits[index] ?? 0) - (first[index] ?? 0));
    left -= more;
    const sent = (first[index] ?? 0) + more;
    const bounced = Math.floor(sent * (isBad ? 0.07 : 0.006));
    const deferred = Math.floor(sent * (isOut && provider === 'microsoft' ? 0.5 : 0.02));
    return sent === 0 ? [] : [plainCount({ day, ipId, provider, sent, bounced, deferred, complained: 0 })];
  });
}
