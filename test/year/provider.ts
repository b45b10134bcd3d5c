// A year of a provider: many accounts of many kinds, through the real request, approval, daily evaluation and shares.
import type { Person } from '../../src/accounts/person.ts';
import { dayOf, startOfDay } from '../../src/day.ts';
import { checkData } from '../../src/invariants/store.ts';
import { rateDue } from '../../src/reputation/background.ts';
import { approveDue } from '../../src/requests/automatic/background.ts';
import { serveWaitlist } from '../../src/requests/waitlist/background.ts';
import { egressOf } from '../../src/routing/egress.ts';
import { capOf, hourCapOf, limitOf, type Sender } from '../../src/routing/sending-domain.ts';
import { loadSenders } from '../../src/routing/snapshot.ts';
import { type DayCount, plainCount } from '../../src/sending/counts.ts';
import { expectedMailOn } from '../../src/sending/pattern.ts';
import { replaceCounts } from '../../src/sending/store-bulk.ts';
import { joinNewDomains } from '../../src/subusers/background.ts';
import { evaluateDue } from '../../src/warmup/daily/run.ts';
import { learnDue } from '../../src/warmup/learning/background.ts';
import { markDays } from '../../src/warmup/pages/days.ts';
import { listWarmupDays } from '../../src/warmup/pages/store-days.ts';
import { delayWords } from '../../src/warmup/pages/wording.ts';
import { carriedOf } from '../../src/warmup/share.ts';
import { takeStaffStep } from '../../src/warmup/staff/actions.ts';
import { findWarmup, listWarmups } from '../../src/warmup/store.ts';
import { assign, type OwnIp } from '../subusers/scene.ts';
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
  readonly opened: make.Account;
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
      const below = drawn('subuser', nth) < 0.25 ? await this.#openBelow(opened, nth) : null;
      const domain = below?.domainId ?? opened.domains[0]?.id ?? 0;
      if (this.world.deps.policy.document.warmup.needsWarmIp.value) await this.#giveWarmIp(opened, below?.id);
      const wish = this.began + Math.floor(askWithin * drawn('asks', nth));
      // S-12: a second IP in one month is a person's to decide.
      const isPatient = kind !== 'incident' && drawn('patient', nth) < 0.5;
      const asksOn = isPatient ? Math.max(wish, monthAfter(this.began) + (nth % 5)) : wish;
      this.accounts.push({ id: opened.id, admin: opened.admin, kind, weekly, domainId: domain, asksOn, opened });
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

  /** A subuser that sends all mail of its parent's account, which asks for its IP. */
  async #openBelow(parent: make.Account, nth: number): Promise<{ id: number; domainId: number }> {
    const { id } = await make.subuser(this.world, parent, { name: `Subuser ${nth}`, domains: 0 });
    return { id, domainId: (await make.domain(this.world, id, `news.subuser-${nth}.example`, { weekly: null })).id };
  }

  /** S-15, S-16: an IP in use for other mail, without automated warm-up: it takes the overflow of the one that is asked for. */
  async #giveWarmIp({ id, admin }: make.Account, subuserId: number | undefined): Promise<void> {
    const { id: domainId } = await make.domain(this.world, id, `warm-${id}.example`, { weekly: 60_000 });
    await make.ips(this.world, 'us', 1);
    const wish = { weeklyVolume: 60_000, peakWeeklyVolume: 60_000, domainIds: [domainId], automatedWarmup: false };
    const requestId = await make.request(this.world, admin, wish);
    await make.decided(this.world, requestId);
    if (subuserId === undefined) return;
    const [ip] = await this.#ipsOf(requestId);
    if (ip) await this.#assign(admin, ip, subuserId);
  }

  #ipsOf(requestId: number): Promise<OwnIp[]> {
    return this.world
      .db('allocations as a')
      .join('ips as i', 'i.id', 'a.ip_id')
      .where('a.request_id', requestId)
      .select('a.id', { ipId: 'a.ip_id' }, 'i.address', 'i.region');
  }

  async #assign(admin: Person, ip: OwnIp, subuserId: number): Promise<void> {
    const done = await assign(this.world, admin, ip, { subuserIds: [subuserId] });
    if (!done.ok) this.faults.push(`${ip.address} was not assigned: ${done.problem}`);
  }

  /** S-21: some accounts let a new subuser send over their IP as well, once it is warm. */
  async #share(one: Account, { requestId }: { readonly requestId: number | null }): Promise<void> {
    const [ip] = requestId === null || drawn('shares', one.id) > 0.3 ? [] : await this.#ipsOf(requestId);
    if (ip === undefined) return;
    const { opened } = one;
    const { id } = await make.subuser(this.world, opened, { name: `Late subuser of ${one.id}`, domains: 0 });
    await make.domain(this.world, id, `late-${one.id}.example`, { weekly: null });
    await this.#assign(one.admin, ip, id);
    await make.domain(this.world, id, `later-${one.id}.example`, { weekly: null });
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

  /** How many IPs subusers got as they were approved, how many were assigned later, and how many approvals nobody made. */
  async shown(): Promise<{ assigned: number; shared: number; automatic: number }> {
    const { db } = this.world;
    const countOf = async (query: ReturnType<World['db']>) => Number((await query.count({ n: '*' }).first())?.['n']);
    const assigned = () =>
      db('ip_assignments as s')
        .join('allocations as a', 'a.id', 's.allocation_id')
        .join('accounts as c', 'c.id', 's.account_id');
    return {
      assigned: await countOf(assigned().whereLike('c.name', 'Subuser %').where({ 'a.owner_sends': false })),
      shared: await countOf(assigned().whereLike('c.name', 'Late subuser %')),
      automatic: await countOf(db('decisions').whereNull('reviewer_id')),
    };
  }

  /** One day: who asks, what is sent over what, and the work of the night after it. */
  async live(day: number): Promise<void> {
    this.world.now = startOfDay(day) + 9 * HOUR;
    for (const one of this.accounts) if (one.asksOn === day) await this.#ask(one);
    await this.#send(day);
    this.world.now = startOfDay(day + 1) + 3 * HOUR;
    await learnDue(this.world.db, this.world.now);
    await evaluateDue(this.world.db, this.world.deps.policy.document, this.world.now);
    await rateDue(this.world.db, this.world.deps.policy.document, this.world.now);
    await serveWaitlist(this.world.db, this.world.now);
    await approveDue(this.world.deps);
    await this.#decide();
    await joinNewDomains(this.world.db, this.world.now);
    await this.#look(day);
    const found = await checkData(this.world.db, this.world.now);
    this.faults.push(...found.map((line) => `day ${day - this.began}: ${line}`));
  }

  async #ask({ admin, kind, weekly, domainId }: Account): Promise<void> {
    const stated = { overstates: 5, understates: 0.2 }[kind as 'overstates'] ?? 1;
    const weeklyVolume = Math.max(50_000, Math.round(weekly * stated));
    const wish = { weeklyVolume, peakWeeklyVolume: weeklyVolume, domainIds: [domainId] };
    await make.request(this.world, admin, wish);
    // DNS says what it said, once it is asked again.
    await this.world.db('domains').where({ id: domainId }).update({ checked_at: this.world.now });
    await this.#decide();
  }

  /** Reviewers decide what Warmdesk does not look at by itself (S-12). */
  async #decide(): Promise<void> {
    const open = this.world.db('requests').where({ status: 'submitted' }).whereNull('automatic_at').orderBy('id');
    for (const id of await open.pluck('id')) await make.decided(this.world, id);
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
      if (warmup.status === 'complete' && ran.finished === null) {
        ran.finished = day;
        const one = byAccount.get(warmup.accountId);
        if (one) await this.#share(one, warmup);
      }
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

/** The first day of the month after a day's. */
function monthAfter(day: number): number {
  const date = new Date(startOfDay(day));
  return dayOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1));
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
