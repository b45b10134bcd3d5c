import { account, somebody } from '../support/people.ts';
import { acmeWithIp } from '../support/scene.ts';
import { lived } from '../support/warm-ups.ts';
import { DAY, onBothEngines, type World } from '../support/world.ts';

/** Moves the clock to the day after the plan's last one. */
async function afterPlan(world: World, warmupId: number): Promise<void> {
  const { starts_on, caps } = await world.db('warmups').where({ id: warmupId }).first();
  world.now = (starts_on + JSON.parse(caps).length) * DAY;
}

const mailed = (world: World): Promise<string[]> =>
  world.db('outbox').where({ template: 'warmup-complete' }).orderBy('to_address').pluck('to_address');

onBothEngines(
  'R-09: the customer follows the warm-up on a page of its own, before the start and while it runs',
  async (t, world) => {
    const { warmupId } = await acmeWithIp(world);
    const path = `/warm-ups/${warmupId}`;
    const early = await (await world.signedIn('member@acme.example')).get(path);
    t.regex(early.text, /Warm-up of 192\.0\.2\.1 Starts on 30 Nov 2026/);
    t.regex(early.text, /Starts on Monday, 30 Nov 2026\. Until then all mail of the domain goes over the shared pool/);
    await lived(world.deps, warmupId, { days: 2 });
    const running = await (await world.signedIn('member@acme.example')).get(path);
    t.regex(running.text, /Stage 3 of \d+\. Today up to [\d,]+ messages go over 192\.0\.2\.1/);
    t.regex(running.text, /side by side over the shared pool and the new IP/, 'C-15');
    t.regex(running.text, /Grows with the volume/);
    t.regex(running.html, /<a href="\/requests\/WD-1001">WD-1001<\/a>/);
    t.notRegex(running.text, /Mark complete/);
  },
);

onBothEngines('C-16: each day of the plan allows more than the one before', async (t, world) => {
  const { warmupId } = await acmeWithIp(world);
  const page = await (await world.signedIn('member@acme.example')).get(`/warm-ups/${warmupId}`);
  const body = /The plan, day by day[\s\S]*<\/table>/.exec(page.html)?.[0] ?? '';
  const caps = [...body.matchAll(/data-planned="(\d+)"/g)].map(([, cap]) => Number(cap));
  t.true(caps.length >= 30, 'C-14: thirty days or more');
  t.true(caps.every((cap, i) => i === 0 || cap >= (caps[i - 1] ?? 0)));
  t.is(caps.at(-1), 10_000);
});

onBothEngines('staff see the warm-ups that run, those that finish first first', async (t, world) => {
  const { warmupId } = await acmeWithIp(world);
  const reviewer = await world.signedIn('reviewer@warmdesk.example');
  const page = await reviewer.get('/warm-ups');
  t.regex(page.text, /192\.0\.2\.1 Acme Starts on 30 Nov 0 of \d+ – –/);
  t.is((await (await world.signedIn('owner@acme.example')).get('/warm-ups')).status, 404);
  await lived(world.deps, warmupId, { days: 12 });
  t.regex((await reviewer.get('/warm-ups')).text, /192\.0\.2\.1 Acme Warming up 13 of \d+/);
});

onBothEngines('a warm-up cannot be marked complete before the last day of its plan has passed', async (t, world) => {
  const { warmupId } = await acmeWithIp(world);
  await afterPlan(world, warmupId);
  world.now -= 1;
  const reviewer = await world.signedIn('reviewer@warmdesk.example');
  const answer = await reviewer.post(`/warm-ups/${warmupId}/completion`, {});
  t.is(answer.status, 409);
  t.regex(answer.text, /cannot be marked complete yet: the last day of its plan has not passed/);
  t.deepEqual(await mailed(world), []);
});

onBothEngines(
  'C-17: when warm-up is complete, the IP is active and the customer is told, each person once',
  async (t, world) => {
    const { warmupId, allocationId, staff } = await acmeWithIp(world);
    await afterPlan(world, warmupId);
    const reviewer = await world.signedIn('reviewer@warmdesk.example');
    const page = await reviewer.get(`/warm-ups/${warmupId}`);
    const answer = await reviewer.submit(page, `/warm-ups/${warmupId}/completion`, {});
    t.is(answer.location, `/warm-ups/${warmupId}?note=warmup-completed`);
    t.deepEqual(await mailed(world), ['billing@acme.example', 'owner@acme.example']);
    t.is((await world.db('allocations').where({ id: allocationId }).first()).status, 'active');
    const event = await world.db('audit_events').where({ name: 'warmup.completed' }).first();
    t.like(event, {
      from_status: 'warming',
      to_status: 'active',
      actor_id: staff.reviewer.id,
      subject_id: allocationId,
    });
    const owner = await world.signedIn('owner@acme.example');
    t.regex(
      (await owner.get(`/warm-ups/${warmupId}`)).text,
      /Complete\. All mail of the domain goes over 192\.0\.2\.1/,
    );
    t.regex((await reviewer.get('/warm-ups')).text, /No warm-up runs/);
  },
);

onBothEngines('two who mark a warm-up complete at once complete it once', async (t, world) => {
  const { warmupId } = await acmeWithIp(world);
  await afterPlan(world, warmupId);
  const visitors = await Promise.all(['reviewer', 'reviewer2'].map((who) => world.signedIn(`${who}@warmdesk.example`)));
  const answers = await Promise.all(visitors.map((visitor) => visitor.post(`/warm-ups/${warmupId}/completion`, {})));
  t.deepEqual(answers.map(({ status }) => status).sort(), [303, 409]);
  t.regex(answers.find(({ status }) => status === 409)?.text ?? '', /marked complete already/);
  t.is((await mailed(world)).length, 2);
});

onBothEngines('a warm-up of another account is not found, and customers cannot mark one complete', async (t, world) => {
  const { warmupId } = await acmeWithIp(world);
  const other = await account(world, 'Other');
  await somebody(world, { email: 'owner@other.example', accountId: other, accountRole: 'admin' });
  await afterPlan(world, warmupId);
  const stranger = await world.signedIn('owner@other.example');
  t.is((await stranger.get(`/warm-ups/${warmupId}`)).status, 404);
  const owner = await world.signedIn('owner@acme.example');
  t.is((await owner.post(`/warm-ups/${warmupId}/completion`, {})).status, 404);
  t.is((await owner.get('/warm-ups/999')).status, 404);
  t.is((await (await world.signedIn('reviewer@warmdesk.example')).post('/warm-ups/999/completion', {})).status, 404);
  t.deepEqual(await mailed(world), []);
});
