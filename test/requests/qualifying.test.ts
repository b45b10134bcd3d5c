// Whether a request can come to anything is said before its form is opened, by the checks that decide about it later.
import test from 'ava';
import { checked, DEDICATED, dedicatedForm } from '../support/asking.ts';
import * as make from '../support/make.ts';
import { createWorld, onBothEngines } from '../support/world.ts';

const BUTTON = (label: string) => new RegExp(`<button class="btn" type="button" disabled[^>]*>${label}</button>`);
const IPS = 'Request dedicated IPs';
const POOL = 'Request the transactional pool';

onBothEngines(
  'R-02: too little mail is said on Home, on the domain and before the form, with the distance',
  async (t, world) => {
    const tiny = await make.account(world, { weekly: 12_000 });
    const visitor = await world.signedIn(tiny.admin.email);
    const reason = /Not yet: Too little mail for one IP\. We measured 12,000 a week .* one IP needs 50,000\./;
    for (const path of ['/', `/domains/${tiny.domains[0]?.id}`, '/requests/new'])
      t.regex((await visitor.get(path)).text, reason, path);
    const page = await visitor.get('/requests/qualifying');
    t.regex(
      page.text,
      /Measured volume fails 12,000 a week .* ≥ 50,000 for 1 IP 38,000 emails a week to go Reach 50,000 a week/,
    );
    t.regex(page.text, /Bounce rate, 28 days passes 0\.93 % ≤ 5 % met/);
    t.true((await visitor.get('/')).html.includes('href="/requests/qualifying"'));
  },
);

onBothEngines('R-02: who sends enough reads so, with no reason beside the button', async (t, world) => {
  const acme = await make.account(world);
  await make.ips(world, 'us', 1);
  const visitor = await world.signedIn(acme.admin.email);
  const home = await visitor.get('/');
  t.regex(home.text, /You send enough for a dedicated IP of your own/);
  t.notRegex(home.text, /Not yet/);
  t.regex(home.html, /<a class="btn" href="\/requests\/new\/dedicated-ips">Request dedicated IPs<\/a>/);
  t.regex((await visitor.get('/requests/qualifying')).text, /One more dedicated IP .* You qualify\./);
});

onBothEngines('C-08: domains without an IP are not judged by the mail of those that have one', async (t, world) => {
  const acme = await make.account(world, { weekly: 55_000 });
  await make.ips(world, 'us', 2);
  await make.decided(world, await make.request(world, acme.admin, { weeklyVolume: 55_000, peakWeeklyVolume: 55_000 }));
  await make.domain(world, acme.id, 'new.acme.example', { weekly: 60_000 });
  const visitor = await world.signedIn(acme.admin.email);
  t.regex((await visitor.get('/requests/qualifying')).text, /≥ (50,000 for 1 IP|100,000 for 2 IPs) met/);
});

onBothEngines(
  'C-04: without a separate transactional domain the pool is not offered, and it is said why',
  async (t, world) => {
    const acme = await make.account(world);
    const visitor = await world.signedIn(acme.admin.email);
    for (const path of ['/', '/requests/new', '/requests/qualifying']) {
      const page = await visitor.get(path);
      t.regex(page.html, BUTTON(POOL), path);
      t.regex(page.text, /The pool takes a separate domain that sends transactional messages only/);
    }
    const form = await visitor.get('/requests/new/transactional-pool');
    t.notRegex(form.html, /name="samples"/, 'nobody fills in what cannot be sent');
    t.regex(form.text, /You cannot ask for this now\. The pool takes a separate domain/);
  },
);

onBothEngines('C-04: in the form of the pool only a domain that could be asked for can be chosen', async (t, world) => {
  const acme = await make.account(world);
  const pays = await make.domain(world, acme.id, 'pay.acme.example', { usage: 'transactional' });
  const form = await (await world.signedIn(acme.admin.email)).get('/requests/new/transactional-pool');
  const inputs = form.html.match(/<input id="domain[^>]*>/g) ?? [];
  t.is(inputs.length, 3);
  for (const input of inputs) t.is(/ disabled/.test(input), !input.includes(`value="${pays.id}"`), input);
  t.regex(form.text, /the pool takes domains for transactional mail alone/);
});

onBothEngines(
  'S-11: a member reads beforehand who can send what they prepare',
  async (t, world) => {
    const acme = await make.account(world, { plan: 'pro' });
    await make.ips(world, 'us', 1);
    const visitor = await world.signedIn(acme.member.email);
    const home = await visitor.get('/');
    t.regex(home.text, /You can prepare it, and Acme admin or Acme billing sends it\./);
    t.notRegex(home.html, BUTTON(IPS));
  },
  { POLICY: 'sendgrid' },
);

onBothEngines('C-11: a member sends a request under Customer.io, and nothing is said of roles', async (t, world) => {
  const acme = await make.account(world);
  await make.ips(world, 'us', 1);
  const visitor = await world.signedIn(acme.member.email);
  for (const path of ['/', '/requests/new', '/requests/qualifying', '/policy']) {
    const page = await visitor.get(path);
    t.notRegex(page.text, /You can prepare it|commit to|billing contact|a month is looked at/, path);
  }
  const page = await checked(visitor, DEDICATED, dedicatedForm(acme.domains));
  const sent = await visitor.submit(page, DEDICATED, { step: 'send' });
  t.regex(sent.location ?? '', /^\/requests\/WD-\d+\?note=request-sent$/);
});

onBothEngines(
  'S-08: a Pro account of SendGrid qualifies with little mail, and no page names a volume that it needs',
  async (t, world) => {
    const small = await make.account(world, { plan: 'pro', weekly: 3_000 });
    await make.ips(world, 'us', 1);
    const visitor = await world.signedIn(small.admin.email);
    for (const path of ['/', '/requests/new', '/requests/new/dedicated-ips', '/requests/qualifying', '/policy']) {
      const page = await visitor.get(path);
      t.is(page.status, 200, path);
      t.notRegex(page.text, /needs? (at least )?\d+,\d+|Not yet|Wanted:|emails a week per IP/, path);
    }
    const asked = { ...dedicatedForm(small.domains), weeklyVolume: '3,000', peakWeeklyVolume: '3,000', warmup: 'own' };
    const page = await checked(visitor, DEDICATED, asked);
    t.notRegex(page.text, /does not meet our rules|None yet/);
    t.regex((await visitor.submit(page, DEDICATED, { step: 'send' })).location ?? '', /note=request-sent$/);
    const staff = await make.staff(world);
    const review = await (await world.signedIn(staff.reviewer.email)).get('/review/WD-1001');
    t.notRegex(review.text, /Stated volume|Measured volume|25,000/);
  },
  { POLICY: 'sendgrid' },
);

onBothEngines('R-01: an open request leaves no second way to its form, and it is said which', async (t, world) => {
  const acme = await make.account(world);
  await make.request(world, acme.admin);
  const visitor = await world.signedIn(acme.admin.email);
  t.notRegex((await visitor.get('/')).text, new RegExp(IPS));
  const domain = await visitor.get(`/domains/${acme.domains[0]?.id}`);
  t.regex(domain.html, BUTTON(IPS));
  t.regex(domain.text, /Another request is open\. Your request WD-\d+ for dedicated IPs is still open/);
});

for (const engine of ['SQLite', 'PostgreSQL'] as const) {
  test(`S-03: a plan that sells no IPs is not asked about IPs (${engine})`, async (t) => {
    const world = await createWorld(t, engine, { POLICY: 'sendgrid' });
    const acme = await make.account(world, { plan: 'essentials' });
    const visitor = await world.signedIn(acme.admin.email);
    const reason = /Your plan sends over shared IPs only\. Dedicated IPs need another plan than Essentials.*Change to/;
    for (const path of ['/', `/domains/${acme.domains[0]?.id}`, '/requests/new', '/requests/qualifying']) {
      const page = await visitor.get(path);
      t.regex(page.html, BUTTON(IPS), path);
      t.regex(page.text, reason, path);
    }
    const form = await visitor.get('/requests/new/dedicated-ips');
    t.notRegex(form.html, /name="ipCount"/);
    t.notRegex(form.text, /plan includes/);
    t.regex(form.text, reason);
  });
}

onBothEngines(
  'a declined request says its code and the way to a yes, and leads to what is needed',
  async (t, world) => {
    const tiny = await make.account(world, { weekly: 31_400 });
    const wish = { weeklyVolume: 35_000, peakWeeklyVolume: 35_000 };
    const id = await make.requestIn(world, 'declined', tiny.admin, wish);
    const page = await (await world.signedIn(tiny.admin.email)).get(`/requests/WD-${1000 + id}`);
    t.regex(
      page.text,
      /What would get it approved Reach 50,000 a week: 18,600 more than we measured\. Reason code: stated-volume, measured-volume/,
    );
    t.is(page.text.match(/Reach [\d,]+ a week/g)?.length, 1, 'one remedy, not two that contradict');
    t.true(page.html.includes('href="/requests/qualifying"'));
    const mail = await world.db('outbox').where({ template: 'request-declined' }).first('facts');
    t.like(JSON.parse(mail.facts), { codes: ['stated-volume', 'measured-volume'] });
  },
);

onBothEngines('a sent request does not ask for what cannot be changed any more', async (t, world) => {
  const acme = await make.account(world, { weekly: 60_000 });
  await make.ips(world, 'us', 2);
  const visitor = await world.signedIn(acme.admin.email);
  const form = { ...dedicatedForm(acme.domains), weeklyVolume: '200,000', peakWeeklyVolume: '' };
  t.regex((await checked(visitor, DEDICATED, form)).text, /Say in your request what will bring the additional mail\./);
  const id = await make.request(world, acme.admin, { weeklyVolume: 200_000, peakWeeklyVolume: 200_000 });
  const sent = await visitor.get(`/requests/WD-${1000 + id}`);
  t.regex(sent.text, /Much more than you send today\./);
  t.notRegex(sent.text, /Say in your request/);
});

onBothEngines(
  'C-05: of many domains the one that a page is about is judged, whatever the others do',
  async (t, world) => {
    const acme = await make.account(world);
    const poor = { usage: 'transactional', weekly: 20_000, bounced: 0.3 } as const;
    for (let nth = 10; nth < 32; nth += 1) await make.domain(world, acme.id, `a${nth}.acme.example`, poor);
    const good = await make.domain(world, acme.id, 'z.acme.example', { usage: 'transactional', weekly: 10_000 });
    const visitor = await world.signedIn(acme.admin.email);
    t.notRegex((await visitor.get(`/domains/${good.id}`)).text, /Request the transactional pool Not yet/);
  },
);

onBothEngines('a decline for no failed check does not send its customer to the checks', async (t, world) => {
  const acme = await make.account(world);
  const id = await make.requestIn(world, 'declined', acme.admin);
  const page = (await (await world.signedIn(acme.admin.email)).get(`/requests/WD-${1000 + id}`)).text;
  t.regex(page, /Reason code: judgement/);
  t.notRegex(page, /What would get it approved|What you need to qualify/);
});

onBothEngines(
  'C-04: a domain’s own page judges that domain, also where another one comes further',
  async (t, world) => {
    const acme = await make.account(world);
    await make.domain(world, acme.id, 'good.acme.example', { usage: 'transactional', weekly: 90_000 });
    const bad = await make.domain(world, acme.id, 'bad.acme.example', {
      ...{ usage: 'transactional', weekly: 20_000, complained: 0.002 },
    });
    const visitor = await world.signedIn(acme.admin.email);
    const complaints = /Not yet: [^.]*omplaint/;
    t.notRegex((await visitor.get('/')).text, complaints, 'Home speaks of the one that comes furthest');
    t.regex((await visitor.get(`/domains/${bad.id}`)).text, complaints);
  },
);

onBothEngines('S-14: a form for IPs starts in the region of the IPs that an account has already', async (t, world) => {
  const acme = await make.account(world, { weekly: 400_000 });
  await make.ips(world, 'eu', 1);
  await make.decided(world, await make.request(world, acme.admin, { region: 'eu' }));
  const form = await (await world.signedIn(acme.admin.email)).get('/requests/new/dedicated-ips');
  t.regex(form.html, /id="region"[\s\S]*?value="eu" ?(checked|selected)/);
});
