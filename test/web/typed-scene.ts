// Requests in every state, IPs and warm-ups, people, domains and mails, for the test that fills in every form.
import type { Person } from '../../src/accounts/person.ts';
import type { Domain } from '../../src/domains/domain.ts';
import { takeStanding } from '../../src/domains/standing/actions.ts';
import type { StandingStep } from '../../src/domains/standing/lifecycle.ts';
import { evaluateDue } from '../../src/warmup/daily/run.ts';
import * as make from '../support/make.ts';
import { DAY, type World } from '../support/world.ts';

/** Domains in the transactional pool, one that asks to leave it, one that is stopped, one that may ask for it, and one that DNS is asked about. */
async function poolScene(world: World): Promise<make.Account> {
  const account = await make.account(world, { usage: 'transactional' });
  const { admin } = await make.staff(world);
  const [own, asking] = account.domains as [Domain, Domain];
  for (const { id } of [own, asking]) await make.decided(world, await make.poolRequest(world, account.admin, id));
  const stopped = await make.domain(world, account.id, 'stopped.example');
  await make.domain(world, account.id, 'receipts.example', { usage: 'transactional' });
  await make.domain(world, account.id, 'pooled-mail.org');
  const step = async (person: Person, name: StandingStep, { id }: Domain) => {
    const form = { accountId: account.id, id, reason: 'Why <i>in</i>deed.' };
    const done = await takeStanding(world.db, { person, at: world.now }, name, form);
    if (!done.ok) throw new Error(done.problem);
  };
  await step(account.admin, 'askToLeave', asking);
  await step(admin, 'stop', stopped);
  return account;
}

/** A warm-up beyond its first stage, one that somebody proposed to complete, a paused one of Acme, and an IP out of stock. */
async function warmupScene(world: World, acme: make.Account): Promise<void> {
  const { reviewer } = await make.staff(world);
  await make.ips(world, 'us', 4);
  const more = [await make.account(world), await make.account(world)];
  for (const { admin } of [...more, acme]) await make.requestIn(world, 'fulfilled', admin);
  const ids: number[] = await world.db('warmups').orderBy('id', 'desc').limit(3).pluck('id');
  const [paused, proposed, late] = ids;
  await world.db('warmups').whereIn('id', ids).update({ status: 'running', stage: 3 });
  await world.db('warmups').where({ id: paused }).update({ status: 'paused' });
  await world
    .db('allocations')
    .whereIn('id', world.db('warmups').where({ id: paused }).select('allocation_id'))
    .update({ status: 'paused' });
  if (proposed === undefined || late === undefined) throw new Error('three warm-ups are needed');
  // One proposal is agreed to, the other refused.
  await world.db('warmups').whereIn('id', [proposed, late]).update({ early_by: reviewer.id, early_at: world.now });
  const free = await world.db('ips').where({ status: 'free' }).orderBy('id', 'desc').first('id');
  await world.db('ips').where({ id: free.id }).update({ status: 'withdrawn' });
}

/** Requests in every state, IPs and warm-ups, people, domains and mails. Returns who looks at them. */
export async function scene(world: World): Promise<string[]> {
  const acme = await make.account(world, { name: 'Acme <i>in</i>c' });
  const { reviewer2, admin } = await make.staff(world);
  await make.ips(world, 'us', 6);
  await make.requestIn(world, 'fulfilled', acme.admin, { startsOn: (world.now / DAY) | 0 });
  await evaluateDue(world.db, world.deps.policy.document, world.now);
  await warmupScene(world, acme);
  await make.subuser(world, acme, { name: 'Labs <i>in</i>c' });
  await make.requestIn(world, 'needs_info', acme.admin);
  const others: make.Account[] = [];
  for (const status of ['submitted', 'submitted', 'submitted', 'submitted', 'offered'] as const) {
    const one = await make.account(world);
    await make.requestIn(world, status, one.admin);
    others.push(one);
  }
  const low = await make.account(world, { weekly: 20_000 });
  await make.requestIn(world, 'second_review', low.admin);
  await make.requestIn(world, 'second_review', (await make.account(world, { weekly: 20_000 })).admin);
  await make.request(world, (await make.account(world)).admin, { ipCount: 2 });
  const pooled = await poolScene(world);
  await world.db('request_drafts').insert(make.draftRow(acme));
  const waiting = { account_id: acme.id, name: 'waits.test', usage: 'both', token: 't', created_at: 0 };
  await world.db('pending_domains').insert(waiting);
  await make.invitation(world, 'invited@acme.example', acme);
  const mail = await world.db('outbox').orderBy('id').first('id');
  await world.db('outbox').where({ id: mail.id }).update({ status: 'failed', next_at: null });
  return [
    acme.admin.email,
    acme.member.email,
    pooled.admin.email,
    low.billing.email,
    ...others.map((one) => one.admin.email),
    reviewer2.email,
    admin.email,
  ];
}
