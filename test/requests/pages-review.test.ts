// Deciding through the pages while something else happens; and the queue's page.
import { everythingStored } from '../support/dump.ts';
import * as make from '../support/make.ts';
import type { Answer } from '../support/visitor.ts';
import { onBothEngines, type World } from '../support/world.ts';

async function scene(world: World, wish: Parameters<typeof make.account>[1] = {}) {
  const acme = await make.account(world, wish);
  const staff = await make.staff(world);
  await make.ips(world, 'us', 3);
  const id = await make.request(world, acme.admin);
  const path = `/review/WD-${1000 + id}`;
  const [one, two] = [await world.signedIn(staff.reviewer.email), await world.signedIn(staff.reviewer2.email)];
  return { acme, staff, id, path, one, two };
}

onBothEngines('R-06: the one who decides second sees who decided, and keeps what was typed', async (t, world) => {
  const { path, one, two } = await scene(world);
  const [decline, ask] = [await one.get(`${path}?decision=decline`), await one.get(`${path}?decision=ask`)];
  const approved = await two.submit(await two.get(path), `${path}/approval`, {});
  t.is(approved.location, `${path}?note=approved`);
  const before = await everythingStored(world.db);
  const tries: readonly (readonly [Answer, string, Record<string, string>])[] = [
    [decline, 'refusal', { reason: 'My long reason' }],
    [ask, 'question', { question: 'My long question' }],
    [decline, 'offer', { reason: 'My long offer', approvedCount: '1' }],
  ];
  for (const [page, action, typed] of tries) {
    const fields = action === 'question' ? {} : { seen: decline.hidden(`${path}/refusal`).seen ?? [] };
    const answer = await one.post(`${path}/${action}`, { ...fields, ...typed });
    t.is(page.status, 200);
    t.is(answer.status, 409, action);
    t.true(answer.text.includes('Staff reviewer2'), action);
    t.true(answer.text.includes(Object.values(typed)[0] ?? ''), `${action}: what was typed is kept`);
  }
  t.deepEqual(await everythingStored(world.db), before);
});

onBothEngines('a decision on a page that is stale is not taken: the difference is told in words', async (t, world) => {
  const { acme, path, one } = await scene(world);
  const [page, decline] = [await one.get(path), await one.get(`${path}?decision=decline`)];
  await make.counts(world, acme.domains[0]?.id ?? 0, { weekly: 60_000, bounced: 0.5 });
  const before = await everythingStored(world.db);
  const approval = await one.submit(page, `${path}/approval`, {});
  t.is(approval.status, 409);
  t.regex(
    approval.text,
    /Nothing was decided, because this changed.*Bounce rate, 28 days: it was 1 % \(passes\), it is .* % \(fails\)/,
  );
  const refusal = await one.submit(decline, `${path}/refusal`, { reason: 'Typed with <care> & "quotes"' });
  t.is(refusal.status, 409);
  t.regex(
    refusal.html,
    /<textarea[^>]*name="reason"[^>]*>\s*Typed with &lt;care&gt; &amp; &#34;quotes&#34;<\/textarea>/,
  );
  t.deepEqual(await everythingStored(world.db), before);
  const again = await one.submit(refusal, `${path}/refusal`, { reason: 'Too many bounces.' });
  t.is(again.location, `${path}?note=declined`, 'the fresh page can be decided');
});

onBothEngines('R-04: approving against a failed check without a reason asks for it', async (t, world) => {
  const { path, one, two } = await scene(world, { weekly: 30_000 });
  const answer = await one.submit(await one.get(path), `${path}/approval`, { reason: ' ' });
  t.is(answer.status, 422);
  t.regex(answer.html, /id="reason-error"/);
  const proposed = await one.submit(answer, `${path}/approval`, { reason: 'A known customer.' });
  t.is(proposed.location, `${path}?note=proposed`);
  t.true((await two.get(path)).text.includes('A known customer.'));
  const confirmed = await two.submit(await two.get(path), `${path}/confirmation`, {});
  t.is(confirmed.location, `${path}?note=approved`);
});

onBothEngines('what a decision needs and is wrong or broken is told, and decides nothing', async (t, world) => {
  const { path, one } = await scene(world);
  const before = await everythingStored(world.db);
  const long = 'a'.repeat(10_000);
  const refused = async (action: string, fields: Record<string, string>, status: number, words: RegExp) => {
    const answer = await one.post(`${path}/${action}`, fields);
    t.is(answer.status, status, `${action} ${JSON.stringify(fields).slice(0, 60)}`);
    t.regex(answer.text, words);
  };
  for (const seen of ['', '{}', 'null', '[1]', '{"version":1}', '{"version":"x"}', `{"a":${'['.repeat(5_000)}`]) {
    await refused('approval', { seen }, 409, /The page was not complete/);
    await refused('refusal', { seen, reason: 'Because.' }, 409, /The page was not complete/);
  }
  for (const [action, field] of Object.entries({ refusal: 'reason', question: 'question', notes: 'note' })) {
    await refused(action, { [field]: '' }, 422, /is missing/);
    await refused(action, { [field]: long }, 422, /has 10,000 characters; 2,000 fit/);
    await refused(action, { [field]: 'nul \u0000' }, 422, /a character that cannot be used/);
  }
  t.deepEqual(await everythingStored(world.db), before);
});

onBothEngines(
  'the queue shows the oldest due on top with its recommended verdict, whatever the page asked for',
  async (t, world) => {
    const { acme, one } = await scene(world);
    world.now += 60_000;
    const low = await make.account(world, { name: '50% & <b>Söhne_\\ Co', weekly: 20_000 });
    await make.request(world, low.admin);
    for (const page of [
      '',
      '?page=1',
      '?page=0',
      '?page=-1',
      '?page=x',
      '?page=1.5',
      '?page=99999999999',
      '?page=1&page=2',
    ]) {
      const { html, text, status } = await one.get(`/review${page}`);
      t.is(status, 200, page);
      t.deepEqual(
        [...html.matchAll(/href="\/review\/(WD-\d+)"/g)].map(([, ref]) => ref),
        ['WD-1001', 'WD-1002'],
        page,
      );
      t.regex(text, /WD-1001 Acme .*Approve.*WD-1002 50% & <b>Söhne_\\ Co .*Decline or ask/);
    }
    const beyond = await one.get('/review?page=40');
    t.is(beyond.status, 200);
    t.notRegex(beyond.text, /Nothing waits for a reviewer/, 'something does, on an earlier page');
    const finds = {
      [acme.name]: 'WD-1001',
      '50%': 'WD-1002',
      '_\\': 'WD-1002',
      '<b>': 'WD-1002',
      'wd-1002': 'WD-1002',
    };
    for (const [search, found] of Object.entries({ ...finds, '%': 'WD-1002', "'": null, '"': null, '%%': null })) {
      const { html, text } = await one.get(`/review?q=${encodeURIComponent(search)}`);
      t.deepEqual(
        [...html.matchAll(/href="\/review\/(WD-\d+)"/g)].map(([, ref]) => ref),
        found ? [found] : [],
        search,
      );
      if (!found) t.true(text.includes('Nothing matches'), search);
      if (!found) t.true(html.includes(`tab=all&amp;q=${encodeURIComponent(search).replaceAll("'", '%27')}`), search);
    }
  },
);

onBothEngines('on the waitlist only staff who may add IPs are offered it', async (t, world) => {
  await make.staff(world);
  const acme = await make.account(world);
  const id = await make.requestIn(world, 'waitlisted', acme.admin);
  const path = `/review/WD-${1000 + id}`;
  t.false((await (await world.signedIn('reviewer@warmdesk.example')).get(path)).html.includes('Add IPs'));
  t.true((await (await world.signedIn('admin@warmdesk.example')).get(path)).html.includes('Add IPs'));
});
