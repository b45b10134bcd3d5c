// The page of a warm-up in each of its states, the board and the what-if, as people read them.
import { actIn } from '../../src/act.ts';
import { record } from '../../src/audit/actions.ts';
import { suspendAccount } from '../../src/requests/account/actions.ts';
import { takeStaffStep } from '../../src/warmup/staff/actions.ts';
import * as make from '../support/make.ts';
import { acmeWithIp } from '../support/scene.ts';
import { warmupNow } from '../support/warm.ts';
import { lived } from '../support/warm-ups.ts';
import { HOUR, onBothEngines, type World } from '../support/world.ts';

type Scene = Awaited<ReturnType<typeof acmeWithIp>>;

/** The page as Acme's member reads it. */
const read = async (world: World, { warmupId }: Scene) =>
  (await world.signedIn('member@acme.example')).get(`/warm-ups/${warmupId}`);
const bad = (day: number, bounce: number) => ({ day, bounce, complaint: 0, deferred: {} });

onBothEngines(
  'R-09: today’s cap, what is sent and what is left are notified, by the hour of the UTC day',
  async (t, world) => {
    const scene = await acmeWithIp(world);
    await lived(world.deps, scene.warmupId, { days: 20, hours: [0, 100, 0, 250, 0, 0, 0, 0, 50] });
    const { cap } = { cap: JSON.parse((await world.db('warmups').first()).caps)[20] as number };
    const page = await read(world, scene);
    const of = (n: number) => n.toLocaleString('en-US');
    t.true(page.text.includes(`May go over it ${of(cap)} Sent so far 400 Left today ${of(cap - 400)}`), page.text);
    t.true(
      page.html.includes(
        `Messages in each hour of 23 Nov 2026, UTC: 400 of ${of(cap)}, most of them, 250, from 03:00 on.`,
      ),
    );
    const hours = /Figures of the hours, 23 Nov[\s\S]*?<\/table>/.exec(page.html)?.[0] ?? '';
    t.is(hours.match(/<th scope="row">/g)?.length, 10, 'midnight to nine; the hours to come have no figures');
    t.regex(hours, /03:00<\/th><td class="num">250<\/td><td class="num">350<\/td>/);
  },
);

onBothEngines(
  'C-16: the IP’s share of its domains’ mail is notified, of the last day that was counted',
  async (t, world) => {
    const scene = await acmeWithIp(world);
    await lived(world.deps, scene.warmupId, { days: 25 });
    const [{ over }] = await world
      .db('sending_counts')
      .where('ip_id', '>', 0)
      .groupBy('day')
      .orderBy('day', 'desc')
      .limit(1)
      .select(world.db.raw('sum(sent) as "over"'));
    const share = (Number(over) / (Number(over) + 10_000)) * 100;
    const notified = /Share of mail, 22 Nov ([\d.]+) %/.exec((await read(world, scene)).text)?.[1];
    t.true(Math.abs(Number(notified) - share) < 0.06, `${notified} and ${share}`);
  },
);

onBothEngines('R-09, C-15: a plan that runs says its stage, its cap, and what carries the rest', async (t, world) => {
  const scene = await acmeWithIp(world);
  await lived(world.deps, scene.warmupId, { days: 10 });
  const page = await read(world, scene);
  t.regex(
    page.text,
    /Warming up Stage 11 of \d+\. Today up to [\d,]+ messages go over 192\.0\.2\.1; the rest goes over the shared pool\./,
  );
  t.regex(page.text, /Expected finish \d+ \w+ in \d+ days As planned\./);
  const { policy } = world.deps;
  const waiting = { ...policy.document.warmup, overflow: { value: ['warm-ips', 'wait'], rule: 'own choice' } };
  Object.assign(world.deps, { policy: { ...policy, document: { ...policy.document, warmup: waiting } } });
  t.regex((await read(world, scene)).text, /messages go over 192\.0\.2\.1; the rest waits until tomorrow\./);
  Object.assign(world.deps, { policy });
  t.regex(page.text, /Mail goes side by side over the shared pool and the new IP/);
  t.notRegex(page.text, /days that did not pass/);
});

onBothEngines('C-02: while its account is suspended a plan’s page says that nothing is sent', async (t, world) => {
  const scene = await acmeWithIp(world);
  await lived(world.deps, scene.warmupId, { days: 10 });
  const { admin: person } = scene.staff;
  const { id, version } = await world.db('accounts').where({ name: 'Acme' }).first('id', 'version');
  const reason = 'The invoice is open.';
  t.true((await suspendAccount(world.db, { person, at: world.now }, { id, version, reason })).ok);
  const page = await read(world, scene);
  t.regex(page.text, /Stage 11 of \d+\. The account of shop\.acme\.example is suspended, so nothing is sent for it\./);
  t.regex(page.text, /While nothing is sent, the plan does not advance\./);
  t.notRegex(page.text, /Today up to|send as usual/);
});

onBothEngines('R-09: a plan that is held says since when, why, and how much later it ends', async (t, world) => {
  const scene = await acmeWithIp(world);
  await lived(world.deps, scene.warmupId, { days: 14, badDay: bad(12, 0.4) });
  const page = await read(world, scene);
  t.regex(
    page.text,
    /On hold, cap cut On hold at stage 12, with 50.% of its cap\. Over the last seven days, [\d.]+.% of the mail bounced \(limit 5.%\)\./,
  );
  t.regex(page.text, /20 Nov: on hold\. Over the last seven days.* 21 Nov to 22 Nov: on hold, cap cut\./s);
  t.regex(page.text, /Planned for \d+ \w+ 202\d, now 3 days later : three days on hold\./);
  t.regex(page.html, /<g class="plan-note is-look">/);
});

onBothEngines(
  'R-09: a plan that is paused says why, where the mail goes, and names no day for its end',
  async (t, world) => {
    const scene = await acmeWithIp(world);
    await lived(world.deps, scene.warmupId, { days: 12, badDay: bad(12, 0.9) });
    const page = await read(world, scene);
    t.regex(
      page.text,
      /Paused Paused at stage 11 on \d+ \w+\. Over the seven days before the pause, [\d.]+.% of the mail bounced \(limit 10.%\)\. The plan goes one stage back and is paused until somebody has looked at it\. All mail of the domain goes over the shared pool meanwhile\./,
    );
    t.regex(
      page.text,
      /Expected finish Once it is resumed Planned for .*\. If it were resumed today, it would end 2 days later \./,
    );
    t.notRegex(page.text, /May go over it/);
    t.regex(page.text, /Your mail goes out as before\. What helps\. Write to people who signed up/);
  },
);

onBothEngines('C-15: beside a warm IP of the account a paused plan names that one, and no pool', async (t, world) => {
  await make.ips(world, 'us', 2);
  const account = await make.account(world, { weekly: 700_000 });
  const given = async () => {
    await make.decided(world, await make.request(world, account.admin, { weeklyVolume: 200_000 }));
    return (await world.db('warmups').orderBy('id', 'desc').first('id')).id as number;
  };
  const first = await given();
  await lived(world.deps, first, { days: 12 });
  const { reviewer, reviewer2 } = await make.staff(world);
  for (const [name, person] of [['propose', reviewer] as const, ['agree', reviewer2] as const]) {
    const form = { seen: await warmupNow(world, first), reason: 'It was warm elsewhere.' };
    const taken = await takeStaffStep(
      world.db,
      { person, at: world.now },
      { id: first, name, ...form },
      world.deps.policy.document,
    );
    t.true(taken.ok);
  }
  const second = await given();
  await lived(world.deps, second, { days: 12, badDay: bad(12, 0.9) });
  const page = await (await world.signedIn(account.admin.email)).get(`/warm-ups/${second}`);
  const { address } = await warmupNow(world, first);
  t.true(page.text.includes(`All mail of the domains goes over ${address} meanwhile.`), page.text);
  t.notRegex(page.text, /goes over the shared pool/);
  const done = await (await world.signedIn(account.admin.email)).get(`/warm-ups/${first}`);
  t.true(done.text.includes(`All mail of the domains goes over ${address} since`), done.text);
});

onBothEngines(
  'R-09: days without mail stop the plan but not the customer, who reads what comes next',
  async (t, world) => {
    const scene = await acmeWithIp(world);
    await lived(world.deps, scene.warmupId, { days: 9, idle: 4 });
    const page = await read(world, scene);
    t.regex(
      page.text,
      /No mail for 4 days\. The plan goes on with the next day on which mail goes over the IP\. After 30 days without mail receivers have forgotten an IP, and warm-up begins again\./,
    );
    t.regex(page.text, /now 4 days later : four days without mail\./);
  },
);

onBothEngines('how each provider took the mail is told; one that is slowed with its limit', async (t, world) => {
  const scene = await acmeWithIp(world);
  await lived(world.deps, scene.warmupId, {
    days: 30,
    badDay: { day: 30, bounce: 0, complaint: 0, deferred: { gmail: 0.5 } },
  });
  const { slowed } = await world.db('warmups').first();
  const limit = JSON.parse(slowed).gmail as number;
  const page = await read(world, scene);
  t.true(limit > 0);
  t.regex(
    page.text,
    new RegExp(`Gmail [\\d,]+ 99\\.\\d % [\\d.]+ % 0\\.\\d+ % [\\d.]+ % ${limit.toLocaleString('en-US')} `),
  );
  t.regex(page.text, /Outlook\.com [\d,]+ 99\.\d % [\d.]+ % 0\.\d+ % .* none/);
  t.regex(page.text, /The rest of the plan carries on\./);
});

onBothEngines('a provider with little mail is not judged', async (t, world) => {
  const scene = await acmeWithIp(world);
  await lived(world.deps, scene.warmupId, { days: 1 });
  t.regex((await read(world, scene)).text, /Apple 1\d too little mail to judge/);
});

onBothEngines('R-09: the customer reads what staff did, and the reason that they gave', async (t, world) => {
  const scene = await acmeWithIp(world);
  const { allocationId, staff, acme } = scene;
  await world.db.transaction(async (trx) => {
    const actor = { person: staff.reviewer, at: world.now };
    const facts = { address: '192.0.2.1', schedule: 'growth', days: 50, targetPerDay: 100 };
    const subject = { type: 'allocation', id: allocationId } as const;
    const event = { name: 'warmup.started', subject, accountId: acme.id, facts } as const;
    const eventId = await record(actIn(trx, actor), event);
    await trx('messages').insert({ event_id: eventId, body: 'It sent before <elsewhere>.' });
  });
  const page = await read(world, scene);
  t.regex(
    page.text,
    /A reviewer planned the warm-up of 192\.0\.2\.1: 50 days, up to 100 messages a day It sent before <elsewhere>\. 23 Nov 2026, 09:00 UTC/,
  );
  const staffs = await (await world.signedIn('reviewer@warmdesk.example')).get(`/warm-ups/${scene.warmupId}`);
  t.regex(staffs.text, /reviewer planned the warm-up of 192\.0\.2\.1: 50 days/);
});

onBothEngines('S-13: home, request and IP list say where a warm-up stands', async (t, world) => {
  const scene = await acmeWithIp(world);
  await lived(world.deps, scene.warmupId, { days: 14, badDay: bad(12, 0.4) });
  const owner = await world.signedIn('owner@acme.example');
  t.regex((await owner.get('/ips')).text, /192\.0\.2\.1 On hold, cap cut, stage 12 of \d+/);
  for (const path of ['/', '/requests/WD-1001']) {
    const { text } = await owner.get(path);
    t.regex(
      text,
      /Warm-up of 192\.0\.2\.1 done about .* On hold, cap cut Stage 12 of \d+ today up to [\d,]+ messages 3 days after the plan Over the last seven days/,
      path,
    );
  }
  const reviewer = await world.signedIn('reviewer@warmdesk.example');
  const page = await reviewer.get(`/warm-ups/${scene.warmupId}?step=pause`);
  await reviewer.submit(page, `/warm-ups/${scene.warmupId}/pause`, { reason: 'A bought list.' });
  t.regex((await owner.get('/')).text, /ends once it is resumed Paused Stage 12/);
  t.regex((await owner.get('/ips')).text, /192\.0\.2\.1 Paused, stage 12/);
});

onBothEngines('the board counts what needs somebody, and shows why it is late', async (t, world) => {
  const scene = await acmeWithIp(world);
  await lived(world.deps, scene.warmupId, { days: 12, badDay: bad(12, 0.4) });
  const reviewer = await world.signedIn('reviewer@warmdesk.example');
  const page = await reviewer.get('/warm-ups?tab=on-hold');
  t.regex(page.text, /All 1 Behind plan 1 On hold 1 Paused 0 No progress 0 Finishing this week 0 Worst rates/);
  t.regex(page.text, /192\.0\.2\.1 Acme On hold, cap cut 12 of \d+ \d+ \d+ [\d.]+ % 0 % \d+ \w+ 202\d 1 day behind/);
  t.regex((await reviewer.get('/warm-ups?tab=worst')).text, /192\.0\.2\.1/);
  t.regex((await reviewer.get('/warm-ups?tab=paused')).text, /Nothing here No warm-up is paused\./);
  t.regex((await reviewer.get('/warm-ups?page=9')).text, /Nothing on this page/);
});

onBothEngines('the board’s steps to other pages and orders keep its tab', async (t, world) => {
  const scene = await acmeWithIp(world);
  await lived(world.deps, scene.warmupId, { days: 12, badDay: bad(12, 0.4) });
  const { html } = await (await world.signedIn('reviewer@warmdesk.example')).get('/warm-ups?tab=on-hold&page=2');
  t.true(html.includes('href="/warm-ups?tab=on-hold&amp;page=1"') || html.includes('href="/warm-ups?tab=on-hold"'));
  const first = await (await world.signedIn('reviewer@warmdesk.example')).get('/warm-ups?tab=on-hold');
  t.true(first.html.includes('href="/warm-ups?tab=on-hold&amp;sort=worst"'));
});

onBothEngines('what if: from a warm-up both settings are its plan’s until one is changed', async (t, world) => {
  const { warmupId } = await acmeWithIp(world);
  const reviewer = await world.signedIn('reviewer@warmdesk.example');
  const same = await reviewer.get(`/warm-ups/what-if?warmup=${warmupId}`);
  t.regex(same.text, /Both are the same so far\. .*Change something under What if/);
  t.regex(same.text, /Messages a week 70,000 70,000/);
  const more = await reviewer.get(`/warm-ups/what-if?warmup=${warmupId}&weekly=1,000,000`);
  t.regex(more.text, /\d+ days earlier\. What if: Complete after 30 days/);
  t.regex(more.text, /Days 43 30/);
  t.regex(more.text, /Ends \d+ \w+ 202\d \d+ \w+ 202\d/);
  const worse = await reviewer.get(
    '/warm-ups/what-if?weekly=200000&now_weekly=200000&pattern=&bad_day=12&bad_bounce=40',
  );
  t.regex(worse.text, /8 days later\./);
  t.regex(worse.text, /Days on hold 0 8/);
});

onBothEngines('what if: what cannot be tried is answered at its field, what was typed is kept', async (t, world) => {
  const { staff: _, warmupId } = await acmeWithIp(world);
  const reviewer = await world.signedIn('reviewer@warmdesk.example');
  const query = 'weekly=many&schedule=none&pattern=1,2&bad_bounce=6&bad_complaint=200&bad_deferred=5';
  const page = await reviewer.get(`/warm-ups/what-if?${query}`);
  t.is(page.status, 422);
  t.regex(page.text, /Messages a week must be a whole number in digits/);
  t.regex(page.text, /Choose a schedule\./);
  t.regex(page.text, /must be seven numbers from Monday to Sunday/);
  t.regex(page.text, /Say on which day it goes wrong/);
  t.regex(page.text, /What is reported as spam must be a percentage from 0 to 100/);
  t.regex(page.text, /Choose the provider that defers mail\./);
  t.true(page.html.includes('value="many"') && page.html.includes('value="1,2"'));
  t.is((await reviewer.get('/warm-ups/what-if?warmup=999')).status, 404);
  t.is((await (await world.signedIn('owner@acme.example')).get(`/warm-ups/what-if?warmup=${warmupId}`)).status, 404);
});

onBothEngines('the page is the same after midnight, before yesterday is judged', async (t, world) => {
  const scene = await acmeWithIp(world);
  await lived(world.deps, scene.warmupId, { days: 10 });
  world.now += 16 * HOUR;
  t.regex((await read(world, scene)).text, /As planned\./);
});
