// What each person sees of a request in each state, and what they can do there.
import type { ExecutionContext } from 'ava';
import type { Status } from '../../src/requests/request.ts';
import { checked, DEDICATED, dedicatedForm } from '../support/asking.ts';
import * as make from '../support/make.ts';
import type { Answer } from '../support/visitor.ts';
import { onBothEngines, type World } from '../support/world.ts';

const AGAIN = 'Ask again with these answers';
const COMMENT = 'Add comment';
const DECIDE = ['Ask for information', 'Decline'];

/** What can be done on the customer's page. Payers are the account's admin, who asked, and its billing person. */
const CUSTOMERS: Readonly<Record<Status, { readonly payer: readonly string[]; readonly member: readonly string[] }>> = {
  submitted: { payer: [COMMENT, 'Withdraw'], member: [COMMENT] },
  needs_info: { payer: ['Send answer', COMMENT, 'Withdraw'], member: ['Send answer', COMMENT] },
  second_review: { payer: [COMMENT, 'Withdraw'], member: [COMMENT] },
  offered: { payer: ['Accept the offer', COMMENT, 'Withdraw'], member: [COMMENT] },
  waitlisted: { payer: [COMMENT, 'Withdraw'], member: [COMMENT] },
  fulfilled: { payer: [AGAIN], member: [AGAIN] },
  declined: { payer: [AGAIN, 'Send the appeal'], member: [AGAIN] },
  withdrawn: { payer: [AGAIN], member: [AGAIN] },
  expired: { payer: [AGAIN], member: [AGAIN] },
};

/** What can be done on the reviewers' page beside keeping a note: by who acted first, by others of staff, by staff of that account. */
const STAFF: Readonly<Record<Status, readonly [first: readonly string[], other: readonly string[]]>> = {
  submitted: [
    ['Approve', ...DECIDE],
    ['Approve', ...DECIDE],
  ],
  second_review: [DECIDE, ['Approve', 'Send back', ...DECIDE]],
  needs_info: [[], []],
  offered: [[], []],
  waitlisted: [[], []],
  fulfilled: [[], []],
  declined: [[], []],
  withdrawn: [[], []],
  expired: [[], []],
};

const statuses = Object.keys(CUSTOMERS) as Status[];

for (const status of statuses) {
  onBothEngines(
    `a request that is ${status} offers each person what they may do, and nothing else`,
    async (t, world) => {
      const acme = await make.account(world, status === 'second_review' ? { weekly: 30_000 } : {});
      const both = await make.insider(world, acme.id);
      if (status === 'fulfilled') await make.ips(world, 'us', 1);
      const id = await make.requestIn(world, status, acme.admin);
      const { payer, member } = CUSTOMERS[status];
      const path = `/requests/WD-${1000 + id}`;
      await shows(t, world, acme.admin.email, path, payer);
      await shows(t, world, acme.billing.email, path, payer);
      await shows(t, world, acme.member.email, path, member);
      await shows(t, world, both.email, path, member);
      const staff = await make.staff(world);
      const [first, other] = STAFF[status].map((steps) => [...steps, 'Save note']) as [string[], string[]];
      const review = `/review/WD-${1000 + id}`;
      await shows(t, world, staff.reviewer.email, review, first);
      await shows(t, world, staff.reviewer2.email, review, other);
      await shows(t, world, staff.admin.email, review, other);
      //
      await shows(t, world, both.email, review, ['Save note']);
    },
  );
}

async function shows(t: ExecutionContext, world: World, email: string, path: string, steps: readonly string[]) {
  const answer = await (await world.signedIn(email)).get(path);
  t.is(answer.status, 200);
  t.deepEqual(actionsOn(answer).sort(), [...steps].sort(), `${email} on ${path}`);
}

/** The labels of the buttons, and of the links that look like buttons, in the main part. */
function actionsOn({ html }: Answer): string[] {
  const [, main = ''] = /<main\b([\s\S]*?)<\/main>/.exec(html) ?? [];
  const buttons = [...main.matchAll(/<(button|a)\b[^>]*class="btn[^"]*"[^>]*>([\s\S]*?)<\/\1>/g)];
  return buttons
    .map(([, , inner = '']) => inner.replace(/<kbd[\s\S]*?<\/kbd>|<[^>]*>/g, '').trim())
    .filter((label) => !ON_THE_DESK.includes(label));
}

/** What settles who has a request, or leads on to another one, decides nothing about it. */
const ON_THE_DESK = ['Claim', 'Take over', 'Give back', 'Hand over', 'Skip to the next', 'Next request'];

onBothEngines(
  'R-02: before sending, one page shows checks, price, recommended number and forecast',
  async (t, world) => {
    const acme = await make.account(world);
    await make.ips(world, 'us', 3);
    await make.requestIn(world, 'fulfilled', acme.admin);
    const visitor = await world.signedIn(acme.admin.email);
    const { text } = await checked(visitor, DEDICATED, dedicatedForm(acme.domains));
    for (const sentence of [
      'Your Premium plan includes three IPs; this is the second. A fourth would be $50 a month.',
      'Quoted 23 Nov 2026, good until 7 Dec 2026.',
      'We measured 180,000 a week from news.acme.example and shop.acme.example over the last four weeks; two IPs, with the one that these domains use already, need 100,000.',
      '1 % of your mail of the last 28 days bounced (limit 5 %).',
      'One IP in all, the one in use included. You ask for one, which makes two.',
      '180,000 a week is enough for up to three IPs at 50,000 each.',
      '42 days, until 11 Jan 2027',
      '11 Jan 2027 12,858 100 %',
    ]) {
      t.true(text.includes(sentence), sentence);
    }
    const dear = await checked(visitor, DEDICATED, { ...dedicatedForm(acme.domains), ipCount: '3' });
    t.true(dear.text.includes('$50 a month'));
    t.deepEqual(dear.hidden(DEDICATED).shownCents, ['5000']);
  },
);

onBothEngines('R-02: a request that cannot pass says what would make it pass', async (t, world) => {
  const acme = await make.account(world, { weekly: 30_000, dns: false });
  const visitor = await world.signedIn(acme.admin.email);
  const { text } = await checked(visitor, DEDICATED, { ...dedicatedForm(acme.domains), weeklyVolume: '30,000' });
  t.true(text.includes('This does not meet our rules yet.'));
  t.regex(text, /What would make it pass.*50,000/);
});

onBothEngines(
  'C-11: a dedicated IP is asked for from the domain’s Mail Servers page, with its volume',
  async (t, world) => {
    const acme = await make.account(world);
    const visitor = await world.signedIn(acme.member.email);
    const page = await visitor.get(`/domains/${acme.domains[0]?.id}`);
    const [, way = ''] = /<a [^>]*href="([^"]+)"[^>]*>Request dedicated IPs<\/a>/.exec(page.html) ?? [];
    t.is(way, `/requests/new/dedicated-ips?domain=${acme.domains[0]?.id}`);
    const form = await visitor.get(way);
    t.is(form.status, 200);
    t.true(form.text.includes('Expected weekly volume'));
    t.regex(form.html, /name="weeklyVolume"[^>]*value="180,000"/, 'what was measured is filled in');
  },
);

onBothEngines('R-03: a reviewer sees each check with its fact, limit, verdict, source and age', async (t, world) => {
  const acme = await make.account(world, { bounced: 0.08 });
  const id = await make.request(world, acme.admin);
  const visitor = await world.signedIn((await make.staff(world)).reviewer.email);
  const { html, text } = await visitor.get(`/review/WD-${1000 + id}`);
  t.true(text.includes('Bounce rate, 28 days 8 % ≤ 5 % fails mail servers · just now'));
  t.true(
    text.includes(
      'Measured volume 180,000 a week from news.acme.example and shop.acme.example, mean of 4 weeks ≥ 50,000 for 1 IP passes mail servers',
    ),
  );
  const [weighed = '', passed = ''] = html.split('<details class="passed">');
  t.regex(weighed, /data-check="[^"]+" data-verdict="fails"/);
  t.notRegex(weighed, /data-verdict="passes"/, 'what passes is folded to a line');
  t.regex(passed, /^\s*<summary>.*\d+ pass<\/span>/s);
  t.notRegex(passed, /data-verdict="(fails|look|blocks)"/);
  t.true(text.includes('second reviewer'), 'it says what approving will do');
});

onBothEngines(
  'R-09, S-13: the customer follows a request on its own page, and sees which IPs warm up',
  async (t, world) => {
    const acme = await make.account(world);
    await make.ips(world, 'us', 1);
    const id = await make.requestIn(world, 'fulfilled', acme.admin);
    const visitor = await world.signedIn(acme.member.email);
    const page = await visitor.get(`/requests/WD-${1000 + id}`);
    t.true(page.text.includes('Your request is approved and set up.'));
    t.regex(page.html, /href="\/warm-ups\/\d+"/);
    t.regex((await visitor.get('/ips')).text, /Starts \d+ \w+/, 'warm-up begins on the day asked for');
  },
);

onBothEngines(
  'a customer reads no internal notes, and nothing that reviewers write to each other',
  async (t, world) => {
    const acme = await make.account(world, { weekly: 30_000 });
    const { reviewer, reviewer2 } = await make.staff(world);
    const id = await make.request(world, acme.admin);
    const [first, second] = [await world.signedIn(reviewer.email), await world.signedIn(reviewer2.email)];
    const review = `/review/WD-${1000 + id}`;
    await first.post(`${review}/notes`, { note: 'Whisper one' });
    await first.submit(await first.get(review), `${review}/approval`, { reason: 'Whisper two' });
    await second.post(`${review}/return`, { reason: 'Whisper three' });
    await second.submit(await second.get(`${review}?decision=decline`), `${review}/refusal`, { reason: 'Said aloud' });
    const history = (await first.get(review)).text;
    for (const words of ['Whisper one', 'Whisper two', 'Whisper three', 'Said aloud'])
      t.true(history.includes(words), words);
    const visitor = await world.signedIn(acme.admin.email);
    const pages = ['/', '/requests', `/requests/WD-${1000 + id}`, '/history'];
    const texts = await Promise.all(pages.map(async (path) => (await visitor.get(path)).text));
    t.notRegex(texts.join(' '), /Whisper/);
    t.true(texts[2]?.includes('Said aloud'));
    const mails = await world.db('outbox').whereIn('recipient_id', [acme.admin.id, acme.billing.id, acme.member.id]);
    t.notRegex(JSON.stringify(mails), /Whisper/);
  },
);
