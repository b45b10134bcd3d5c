// Warm-ups that have run for a while: days, counts and state as the real step makes them of made-up mail.

import { actIn } from '../../src/act.ts';
import type { Db } from '../../src/database.ts';
import { dayOf } from '../../src/day.ts';
import type { Deps } from '../../src/deps.ts';
import { recordCounts } from '../../src/sending/actions.ts';
import { plainCount } from '../../src/sending/counts.ts';
import { EVEN, patternOf, simulate, type Trial } from '../../src/warmup/simulation/simulate.ts';
import { capNow, capOfStage, type WarmupStatus } from '../../src/warmup/state.ts';
import { findWarmup, type Warmup } from '../../src/warmup/store.ts';
import { followUp } from '../../src/warmup/transition.ts';

type Life = Partial<Pick<Trial, 'badDay' | 'clock' | 'schedule'>> & {
  /** The week's mail by weekdays, Monday first, as shares. */
  readonly pattern?: readonly number[];
  /** Complete days that it has run. */
  readonly days: number;
  /** Days without any mail after those. */
  readonly idle?: number;
  /** What went over the IP today, by hours of UTC. */
  readonly hours?: readonly number[];
};

type Place = Pick<Deps, 'db' | 'policy' | 'now'>;

/** Puts a warm-up where it would be after some days; whatever it had before is gone. */
export async function lived({ db, policy, now }: Place, warmupId: number, life: Life): Promise<void> {
  const at = now();
  const today = dayOf(at);
  const warmup = await db('warmups').where({ id: warmupId }).first();
  const { ip_id: ipId } = await db('allocations').where({ id: warmup.allocation_id }).first('ip_id');
  const domain = await db('allocation_domains').where({ allocation_id: warmup.allocation_id }).first('domain_id');
  const { pattern = EVEN, badDay = null, clock = 'progress', schedule = warmup.schedule } = life;
  const all = life.days + (life.idle ?? 0);
  const startsOn = today - all;
  const weekly = warmup.target_per_day * 7;
  const trial = { schedule, clock, pattern: patternOf(weekly, pattern), badDay, startsOn };
  const { plan, days, mail, state } = simulate(trial, policy.document, life.days);
  if (state.status === 'complete') throw new Error('it would be complete by then: that is an act of its own');
  const idle = Array.from({ length: all - days.length }, (_, i) => ({
    day: startsOn + days.length + i,
    stage: state.stage,
    stageCap: capOfStage(plan, state.stage),
    cap: capNow(state) ?? 0,
    sent: 0,
    delivered: 0,
    verdict: 'hold' as const,
    why: 'No mail went over the IP, so the day does not count.',
  }));
  const lives = [...days, ...idle];
  await db.transaction(async (trx) => {
    await trx('warmup_days').where({ warmup_id: warmupId }).delete();
    await trx('route_hours').where({ ip_id: ipId }).delete();
    await trx('sending_counts').where({ ip_id: ipId }).delete();
    await trx.batchInsert(
      'warmup_days',
      lives.map(({ stageCap, ...day }) => ({ warmup_id: warmupId, stage_cap: stageCap, ...day })),
      50,
    );
    const hours = (life.hours ?? []).map((spent, hour) => ({ ip_id: ipId, day: today, hour, spent }));
    if (hours.length > 0) await trx('route_hours').insert(hours.filter(({ spent }) => spent > 0));
    const counts = mail.flatMap((byProvider, index) =>
      Object.entries(byProvider)
        .filter(([, { sent }]) => sent > 0)
        .map(([provider, count]) => plainCount({ day: startsOn + index, ipId, provider, ...count })),
    );
    await recordCounts(actIn(trx, { person: null, at }), domain.domain_id, counts);
    await trx('warmups')
      .where({ id: warmupId })
      .update({
        status: state.status satisfies WarmupStatus,
        clock,
        schedule,
        starts_on: startsOn,
        finishes_on: plan.finishesOn,
        target_per_day: plan.targetPerDay,
        caps: JSON.stringify(plan.caps),
        pattern: JSON.stringify(state.pattern),
        progress: state.progress,
        carried: state.carried,
        stage_since: state.stageSince,
        limited_on: state.limitedOn,
        stage: state.stage,
        cap_percent: state.capPercent,
        slowed: JSON.stringify(state.slowed),
        idle_days: life.idle ?? state.idleDays,
        next_day: today,
        judged_from: state.judgedFrom,
        verdict: lives.at(-1)?.verdict ?? null,
        why: lives.at(-1)?.why ?? null,
      });
    if (state.status === 'paused') await followBrake(trx, warmupId, at);
  });
}

/** What follows where a brake paused the plan: its allocation, the record, the mails. */
async function followBrake(trx: Db, warmupId: number, at: number): Promise<void> {
  const after = (await findWarmup(trx, warmupId)) as Warmup;
  const { address, stage, plan } = after;
  const why = after.why ?? '';
  const stages = plan.caps.length;
  await followUp(
    actIn(trx, { person: null, at }),
    'brake',
    { before: { ...after, status: 'running' }, after },
    {
      facts: { address, stage, why },
      notifications: {
        'warmup-paused': { stage, stages, why, reason: '' },
        'warmup-to-resume': { stage, stages, why },
      },
    },
  );
}
