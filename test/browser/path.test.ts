// The whole path, once, for real: ask, question, answer, approval, warm-up; and a mail to everybody concerned.
import ava, { type ExecutionContext } from 'ava';
import { ACME, type Office, openOffice, REVIEWER, STAFF } from '../support/office.ts';
import { askDedicated, checkDedicated } from './asking.ts';

type Case = { readonly engine: 'SQLite' | 'PostgreSQL'; readonly javaScriptEnabled: boolean };
const CASES: readonly Case[] = [
  { engine: 'SQLite', javaScriptEnabled: true },
  { engine: 'SQLite', javaScriptEnabled: false },
  { engine: 'PostgreSQL', javaScriptEnabled: true },
];

for (const { engine, javaScriptEnabled } of CASES) {
  const how = `${engine}, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`;
  ava.serial(`a customer asks, a reviewer asks back and approves, warm-up starts (${how})`, async (t) => {
    const office = await openOffice(t, engine);
    const owner = await office.sit(ACME, { javaScriptEnabled });
    await checkDedicated(owner);
    const checks = await owner.text();
    for (const shown of ['This qualifies.', '$0', '180,000', 'One IP in all', 'What warm-up will look like'])
      t.true(checks.includes(shown), shown);
    const reference = await askDedicated(owner);
    t.regex(await owner.text(), /Your request is sent.*In review/s);
    await owner.page.goBack();
    t.regex(await owner.text(), /Nothing was sent twice.*In review/s, 'the Back button');

    const sent = await office.post();
    t.deepEqual(sent.to, [...STAFF, ACME].sort());
    t.is(sent.linkTo(ACME, office.world.url), `/requests/${reference}`);
    const reviewer = await office.sit(REVIEWER, { javaScriptEnabled });
    await reviewer.goto('/review');
    await reviewer.follow(reference);
    t.is(reviewer.path, sent.linkTo(REVIEWER, office.world.url));
    await reviewer.follow('Ask for information');
    t.regex(await reviewer.text(), /Mails your question to Ola Nyström.*Stops the clock/s);
    await reviewer.fill({ 'Your question': 'Which of the two grows?' });
    await reviewer.press('Ask for information');

    const asked = await office.post();
    t.deepEqual(asked.to, [ACME]);
    await owner.goto(asked.linkTo(ACME, office.world.url));
    t.true((await owner.text()).includes('Which of the two grows?'));
    await owner.fill({ 'Your answer': 'The shop, by a tenth a month.' });
    await owner.press('Send answer');
    await approveAndStart(t, office, { reference, javaScriptEnabled });
  });
}

ava.serial('going back to a rejected form loads its page, with what was typed, and sends nothing again', async (t) => {
  const owner = await (await openOffice(t, 'SQLite')).sit(ACME, { javaScriptEnabled: false });
  await checkDedicated(owner, { 'Expected weekly volume': 'a lot' });
  const rejected = owner.path;
  t.regex(rejected, /^\/rejected\//);
  const posts: string[] = [];
  owner.page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
  await owner.goto('/');
  await owner.page.goBack();
  t.is(owner.path, rejected);
  t.is(await owner.page.getByLabel('Expected weekly volume', { exact: true }).inputValue(), 'a lot');
  await owner.page.reload();
  t.is(owner.path, rejected);
  t.deepEqual(posts, []);
});

async function approveAndStart(
  t: ExecutionContext,
  office: Office,
  { reference, javaScriptEnabled }: { reference: string; javaScriptEnabled: boolean },
): Promise<void> {
  const { url } = office.world;
  const answered = await office.post();
  t.true(answered.to.includes(REVIEWER) && new Set(answered.to).size === answered.to.length, `${answered.to}`);
  const reviewer = await office.sit(REVIEWER, { javaScriptEnabled });
  await reviewer.goto(answered.linkTo(REVIEWER, url));
  const before = await reviewer.text();
  t.true(before.includes('The shop, by a tenth a month.') && before.includes('Allocates one IP in the US'));
  await reviewer.press('Approve');
  t.regex(await reviewer.text(), /IPs are allocated, warm-up is planned.*Approved by Rea Vogt/s);

  const approved = await office.post();
  t.deepEqual(approved.to, ['billing@acme.example', ACME]);
  t.is(approved.subjectTo(ACME), `Approved: One dedicated IP for Acme (${reference})`);
  const owner = await office.sit(ACME, { javaScriptEnabled });
  await owner.goto(`/requests/${reference}`);
  await owner.leave(() => owner.page.locator('main a[href^="/warm-ups/"]').first().click());
  t.regex(await owner.text(), /Warm-up of [\d.]+.*Day by day.*The plan/s);
  t.deepEqual(await office.faults(), []);
}
