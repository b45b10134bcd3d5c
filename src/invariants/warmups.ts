import type { Invariant } from './invariant.ts';

/** Warm-ups: their days, their stages, and what goes with them. */
export const warmupInvariants: readonly Invariant[] = [
  {
    no: 'I70',
    of: 'warm-up',
    // A plan that ran by the calendar before days were judged lacks its first days. A completed IP is watched on
    // further days, of which none is kept, until a plan begins again.
    must: 'each day of a warm-up is judged once, without a gap, up to the first that is not judged yet',
    wrong: `select w.id from warmups w join warmup_days d on d.warmup_id = w.id and d.day >= w.starts_on
      where w.status not in ('complete', 'ended') group by w.id, w.next_day, w.starts_on
      having max(d.day) <> w.next_day - 1 or count(*) <> w.next_day - min(d.day)
      union select w.id from warmups w join warmup_days d on d.warmup_id = w.id where d.day >= w.next_day
      union select w.id from warmups w where w.next_day < w.starts_on`,
  },
  {
    no: 'I71',
    of: 'warm-up',
    // A plan that follows its sender may have had more stages before.
    must: 'the stage of a warm-up is one of its plan, and its last stage is the target',
    wrong: `select w.id from warmups w where w.stage > length(w.caps) - length(replace(w.caps, ',', '')) + 1
      or {item w.caps last} <> w.target_per_day
      union select d.warmup_id from warmup_days d where d.stage < 1`,
  },
  {
    no: 'I72',
    of: 'warm-up',
    must: 'on no day could more go over a warming IP than its stage allows (S-20)',
    wrong: `select d.warmup_id as id from warmup_days d where d.cap > d.stage_cap`,
  },
  {
    no: 'I73',
    of: 'allocation',
    must: 'an allocation is paused exactly while its warm-up is, and warming while it is planned or runs',
    wrong: `select a.id from allocations a join warmups w on w.allocation_id = a.id
      where (w.status = 'paused') <> (a.status = 'paused')
      or (w.status in ('planned', 'running')) <> (a.status = 'warming')`,
  },
  {
    no: 'I74',
    of: 'warm-up',
    must: 'completing early is proposed only while a warm-up runs or is paused, by staff of no account of its own (R-05)',
    wrong: `select w.id from warmups w join allocations a on a.id = w.allocation_id
      left join people p on p.id = w.early_by
      where w.early_by is not null and (w.status not in ('running', 'paused') or p.staff_role is null
        or coalesce(p.account_id, 0) = a.account_id)`,
  },
  {
    no: 'I75',
    of: 'event',
    must: 'what staff did to a warm-up for a reason has it written down, and Warmdesk’s pause says why',
    wrong: `select e.id from audit_events e left join messages m on m.event_id = e.id
      where {blank m.body} and (e.name in ('warmup.setBack', 'warmup.replanned', 'warmup.earlyProposed')
        or (e.name = 'warmup.paused' and e.actor_id is not null))
      union select e.id from audit_events e where e.name = 'warmup.paused' and e.actor_id is null
      and e.facts like '%"why":null%'`,
  },
  {
    no: 'I76',
    of: 'event',
    must: 'a warm-up is completed by a judged day, or by two different people of the staff (C-14)',
    wrong: `select e.id from audit_events e where e.name = 'warmup.completed' and e.actor_id is not null
      and e.facts like '%"early":true%' and not exists (select 1 from audit_events p
        where p.subject_type = e.subject_type and p.subject_id = e.subject_id and p.name = 'warmup.earlyProposed'
        and p.seq < e.seq and p.actor_id <> e.actor_id)
      union select e.id from audit_events e join warmups w on w.allocation_id = e.subject_id
      where e.name = 'warmup.completed' and e.subject_type = 'allocation' and e.actor_id is null
      and exists (select 1 from warmup_days d where d.warmup_id = w.id)
      and not exists (select 1 from warmup_days d where d.warmup_id = w.id and d.verdict = 'complete')
      and not exists (select 1 from warmup_totals t where t.warmup_id = w.id and t.completions > 0)`,
  },
  {
    no: 'I77',
    of: 'event',
    must: 'of a warm-up that Warmdesk paused the staff are told who may resume it, nobody of its account (R-05)',
    wrong: `select e.id from audit_events e where e.name = 'warmup.paused' and e.actor_id is null
      and e.at >= {gone mails}
      and exists (select 1 from people p where p.staff_role in ('reviewer', 'deliverability', 'admin')
        and p.disabled_at is null and coalesce(p.staff_since, p.created_at) < e.at and coalesce(p.account_id, 0) <> e.account_id and not exists (select 1 from outbox o
          where o.event_id = e.id and o.recipient_id = p.id and o.template = 'warmup-to-resume'))
      union select o.event_id from outbox o join audit_events e on e.id = o.event_id
      join people p on p.id = o.recipient_id where o.template = 'warmup-to-resume'
      and (p.staff_role is null or coalesce(p.account_id, 0) = e.account_id)`,
  },
  {
    no: 'I190',
    of: 'warm-up',
    must: 'the days of a warm-up are kept one by one or summed up, never both',
    wrong: `select t.warmup_id as id from warmup_totals t
      join warmup_days d on d.warmup_id = t.warmup_id and d.day <= t.last_day`,
  },
  {
    no: 'I79',
    of: 'warm-up',
    // Learning may have found another period last night, and a night may have been missed: three days are allowed for.
    must: 'a warm-up that stays at a stage for two periods of its sender has been told of, with a sentence',
    wrong: `select w.id from warmups w where w.status in ('running', 'paused') and (w.told_on is null or {blank w.why})
      and w.progress < w.target_per_day and w.next_day - w.stage_since > 17
      and w.next_day - w.stage_since > 3 + 2 * coalesce({number w.pattern period}, 7)`,
  },
];
