import { account, somebody } from '../support/people.ts';
import { acmeWithIp } from '../support/scene.ts';
import { begun, goodDay, mailedTo, warmupNow } from '../support/warm.ts';
import { onBothEngines } from '../support/world.ts';

onBothEngines(
  'R-09: the customer follows the warm-up on a page of its own, before the start and while it runs',
  async (t, world) => {
    const scene = await acmeWithIp(world);
    const path = `/warm-ups/${scene.warmupId}`;
    const early = await (await world.signedIn('member@acme.example')).get(path);
    t.regex(early.text, /Warm-up of 192\.0\.2\.1 Starts 30 Nov/);
    t.regex(early.text, /Starts on Monday, 30 Nov 2026\. Until then all mail of the domain goes over the shared pool/);
    await begun(world, scene);
    for (let nth = 0; nth < 2; nth += 1) await goodDay(world, scene);
    const running = await (await world.signedIn('member@acme.example')).get(path);
    t.regex(running.text, /Stage 3 of \d+\. Today up to [\d,]+ messages go over 192\.0\.2\.1/);
    t.regex(running.text, /side by side over the shared pool and the new IP/, 'C-15');
    t.regex(running.text, /Grows with the volume/);
    t.regex(running.html, /<a href="\/requests\/WD-1001">WD-1001<\/a>/);
    t.regex(running.text, /Warmdesk began the warm-up of 192\.0\.2\.1: up to 200 messages on the first day/);
    t.notRegex(running.text, /What you can do/);
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
  await acmeWithIp(world);
  const reviewer = await world.signedIn('reviewer@warmdesk.example');
  const page = await reviewer.get('/warm-ups');
  t.regex(page.text, /192\.0\.2\.1 Acme Starts 30 Nov 0 of \d+ – –/);
  t.is((await (await world.signedIn('owner@acme.example')).get('/warm-ups')).status, 404);
});

onBothEngines('staff take a step on the page: first its form, then what it did', async (t, world) => {
  const scene = await acmeWithIp(world);
  await begun(world, scene);
  const path = `/warm-ups/${scene.warmupId}`;
  const reviewer = await world.signedIn('reviewer@warmdesk.example');
  t.regex((await reviewer.get(path)).text, /What you can do Pause Plan again Propose to complete early/);
  const form = await reviewer.get(`${path}?step=pause`);
  t.regex(form.text, /Nothing goes over 192\.0\.2\.1 until it is resumed/);
  const empty = await reviewer.submit(form, `${path}/pause`, { reason: '' });
  t.is(empty.status, 422);
  t.regex(empty.text, /Reason is missing\. Fill it in/);
  const long = await reviewer.submit(form, `${path}/pause`, { reason: 'x'.repeat(2_001) });
  t.is(long.status, 422);
  t.regex(long.text, /Reason has 2,001 characters; 2,000 fit/);
  const done = await reviewer.submit(form, `${path}/pause`, { reason: '<b>Bought</b> list.' });
  t.is(done.location, `${path}?note=warmup-paused`);
  const owner = await (await world.signedIn('owner@acme.example')).get(path);
  t.regex(owner.text, /Paused at stage 1 on 30 Nov\. .*All mail of the domain goes over the shared pool meanwhile/);
  t.regex(owner.text, /A reviewer paused the warm-up of 192\.0\.2\.1 at stage 1/);
  t.regex(owner.html, /&lt;b&gt;Bought&lt;\/b&gt; list\./);
});

onBothEngines('who acts on an old page is told what changed, with what was typed kept', async (t, world) => {
  const scene = await acmeWithIp(world);
  await begun(world, scene);
  const path = `/warm-ups/${scene.warmupId}`;
  const reviewer = await world.signedIn('reviewer@warmdesk.example');
  const form = await reviewer.get(`${path}?step=pause`);
  await goodDay(world, scene);
  const again = await world.signedIn('reviewer@warmdesk.example');
  const late = await again.submit(form, `${path}/pause`, { reason: 'A bad list.' });
  t.is(late.status, 409);
  t.regex(late.text, /Not done\. The warm-up has moved on.*It was at stage 1 and is at stage 2 now/);
  t.regex(late.html, /A bad list\./);
  const bare = await again.post(`${path}/pause`, { reason: 'A bad list.' });
  t.is(bare.status, 409);
  t.regex(bare.text, /The page was not complete when it was sent/);
  t.is((await warmupNow(world, scene.warmupId)).status, 'running');
});

onBothEngines('a warm-up is set back on the page to an earlier stage only', async (t, world) => {
  const scene = await acmeWithIp(world);
  await begun(world, scene);
  for (let nth = 0; nth < 3; nth += 1) await goodDay(world, scene);
  const path = `/warm-ups/${scene.warmupId}`;
  const reviewer = await world.signedIn('reviewer@warmdesk.example');
  const form = await reviewer.get(`${path}?step=setBack`);
  for (const [stage, error] of [
    ['four', /Stage must be a whole number in digits/],
    ['0', /Stage must be at least 1/],
    ['4', /Stage must be an earlier one than the plan has reached/],
  ] as const) {
    const no = await reviewer.submit(form, `${path}/setback`, { stage, reason: 'Deferrals.' });
    t.is(no.status, 422);
    t.regex(no.text, error);
    t.regex(no.html, new RegExp(`value="${stage}"`));
  }
  const done = await reviewer.submit(form, `${path}/setback`, { stage: '2', reason: 'Deferrals.' });
  t.is(done.location, `${path}?note=warmup-set-back`);
  t.is((await warmupNow(world, scene.warmupId)).stage, 2);
});

onBothEngines('completing early: one proposes, another agrees on the page', async (t, world) => {
  const scene = await acmeWithIp(world);
  await begun(world, scene);
  const path = `/warm-ups/${scene.warmupId}`;
  const reviewer = await world.signedIn('reviewer@warmdesk.example');
  const form = await reviewer.get(`${path}?step=propose`);
  await reviewer.submit(form, `${path}/proposal`, { reason: 'Warm elsewhere.' });
  const own = await reviewer.get(path);
  t.regex(own.text, /You proposed to complete it early; another member of staff has to agree/);
  t.notRegex(own.text, /Complete now/);
  const second = await world.signedIn('reviewer2@warmdesk.example');
  const page = await second.get(`${path}?step=agree`);
  t.regex(page.text, /proposed to complete it early.*Warm elsewhere\./);
  const done = await second.submit(page, `${path}/completion`, {});
  t.is(done.location, `${path}?note=warmup-completed`);
  t.deepEqual(await mailedTo(world, 'warmup-complete'), ['billing@acme.example', 'owner@acme.example']);
  t.regex((await second.get('/warm-ups')).text, /No warm-up runs/);
});

onBothEngines('a warm-up of another account is not found, and customers cannot mark one complete', async (t, world) => {
  const { warmupId } = await acmeWithIp(world);
  const other = await account(world, 'Other');
  await somebody(world, { email: 'owner@other.example', accountId: other, accountRole: 'admin' });
  const stranger = await world.signedIn('owner@other.example');
  t.is((await stranger.get(`/warm-ups/${warmupId}`)).status, 404);
  const owner = await world.signedIn('owner@acme.example');
  t.is((await owner.post(`/warm-ups/${warmupId}/completion`, {})).status, 404);
  t.is((await owner.get('/warm-ups/999')).status, 404);
  t.is((await (await world.signedIn('reviewer@warmdesk.example')).post('/warm-ups/999/completion', {})).status, 404);
  t.is((await warmupNow(world, warmupId)).status, 'planned');
});
