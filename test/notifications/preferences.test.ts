// Which optional mails somebody gets: at once, in the daily summary, or not at all; on a page, and by the link in each mail.
import ava from 'ava';
import { sendDue } from '../../src/notifications/background.ts';
import { EVENTS, eventKeys } from '../../src/notifications/preferences/events.ts';
import { readUnsubscribe, unsubscribePath } from '../../src/notifications/preferences/token.ts';
import { transitions } from '../../src/requests/lifecycle.ts';
import { startMailServer } from '../support/mail-server.ts';
import * as make from '../support/make.ts';
import { deliveryTo } from '../support/outbox.ts';
import { onBothEngines, type World } from '../support/world.ts';

const HTTPS = 'https://desk.example';

async function scene(world: World) {
  const staff = await make.staff(world);
  return { ...staff, acme: await make.account(world, { name: 'Acme' }) };
}

const mailsOf = async ({ db }: World, personId: number): Promise<string[]> =>
  db('outbox').where({ recipient_id: personId }).orderBy('id').pluck('template');

ava('decisions, questions and what one did oneself about them are not optional', (t) => {
  const optional = new Set<string>(eventKeys.flatMap((key) => EVENTS[key].templates));
  for (const step of ['ask', 'offer', 'approve', 'confirm', 'waitlist', 'decline', 'expire', 'withdraw'] as const)
    for (const template of Object.values(transitions[step].mails)) t.false(optional.has(template), template);
  for (const template of ['request-approved-pool', 'request-escalated', 'password-reset', 'warmup-paused'])
    t.false(optional.has(template), template);
});

onBothEngines(
  'what somebody chose on the page holds for the mails that come then, and is recorded',
  async (t, world) => {
    const { reviewer, reviewer2, acme } = await scene(world);
    const visitor = await world.signedIn(reviewer.email);
    const page = await visitor.get('/profile/mails');
    t.notRegex(page.html, /name="own-requests"/, 'nothing that only customers get');
    const all = {
      'to-review': 'off',
      due: 'now',
      'customer-words': 'digest',
      mentions: 'now',
      quarantine: 'now',
      'warmups-to-look-at': 'now',
    };
    const saved = await visitor.submit(page, '/profile/mails', all);
    t.is(saved.location, '/profile/mails?note=mails-chosen');
    t.regex((await visitor.get('/profile/mails')).html, /name="to-review" type="radio" value="off" checked/);
    const [event] = await world.db('audit_events').where({ name: 'person.mailsChosen' });
    t.deepEqual(JSON.parse(event.facts), {
      before: { 'New requests': 'At once', 'Changes and comments by customers': 'At once' },
      after: { 'New requests': 'Not at all', 'Changes and comments by customers': 'In the daily summary' },
    });
    const id = await make.request(world, acme.admin);
    t.deepEqual(await mailsOf(world, reviewer.id), []);
    t.deepEqual(await mailsOf(world, reviewer2.id), ['request-to-review']);
    const kept = await world.db('withheld_mails').orderBy('id').select('recipient_id', 'template', 'choice', 'told_at');
    t.deepEqual(kept, [{ recipient_id: reviewer.id, template: 'request-to-review', choice: 'off', told_at: null }]);
    const office = await world.signedIn((await world.db('people').where({ staff_role: 'admin' }).first()).email);
    t.regex((await office.get('/audit')).text, /changed which mails .* gets/);
    t.truthy(id);
  },
);

onBothEngines('a choice that is missing, or that nobody offers, is told at its field', async (t, world) => {
  const { reviewer } = await scene(world);
  const visitor = await world.signedIn(reviewer.email);
  const page = await visitor.get('/profile/mails');
  const answer = await visitor.submit(page, '/profile/mails', { 'to-review': 'sometimes', due: 'off' });
  t.is(answer.status, 422);
  t.regex(answer.text, /Choose when you get “New requests”/);
  t.regex(answer.html, /name="due" type="radio" value="off" checked/, 'what was chosen is kept');
  t.deepEqual(await world.db('mail_preferences').select(), []);
});

onBothEngines('an account’s receipts can be switched off; its decisions come all the same', async (t, world) => {
  const { acme } = await scene(world);
  await make.ips(world, 'us', 2);
  await world
    .db('mail_preferences')
    .insert({ person_id: acme.admin.id, event: 'own-requests', choice: 'off', chosen_at: 0 });
  await make.requestIn(world, 'fulfilled', acme.admin);
  t.deepEqual(
    (await mailsOf(world, acme.admin.id)).filter((template) => template.startsWith('request-')),
    ['request-approved'],
  );
});

onBothEngines(
  'RFC 8058: an optional mail names its link in the header, over real SMTP; others name none',
  async (t, world) => {
    const { reviewer, acme } = await scene(world);
    const server = await startMailServer(t);
    await make.request(world, acme.admin);
    Object.assign(world.deps, { config: { ...world.deps.config, baseUrl: HTTPS } });
    const delivery = deliveryTo(t, world, server);
    await world
      .db('outbox')
      .where({ recipient_id: acme.admin.id })
      .update({ template: 'request-withdrawn', facts: JSON.stringify(WITHDRAWN) });
    await sendDue(delivery);
    const to = (email: string) => server.accepted.find((one) => one.to.includes(email));
    const optional = to(reviewer.email);
    const link = `${HTTPS}${unsubscribePath(world.deps.sessionSecret, reviewer.id, 'to-review')}`;
    const headers = (optional?.raw ?? '').replace(/\r\n[ \t]+/g, ' ').split('\r\n');
    t.true(headers.includes(`List-Unsubscribe: <${link}>`));
    t.true(headers.includes('List-Unsubscribe-Post: List-Unsubscribe=One-Click'));
    t.true(optional?.mail.text?.includes(`Stop mails like this: ${link}`));
    t.true(String(optional?.mail.html).includes(`href="${link}"`));
    const required = to(acme.admin.email);
    t.truthy(required);
    t.notRegex(required?.raw ?? '', /unsubscribe/i);
  },
);

const WITHDRAWN = {
  ...{ reference: 'WD-1001', kind: 'dedicated_ip', what: 'One dedicated IP for Acme', account: 'Acme' },
  ...{ path: '/requests/WD-1001', by: 'Ola' },
};

onBothEngines(
  'RFC 8058: a mailbox provider’s POST stops such mails, without a cookie and without a redirect',
  async (t, world) => {
    const { reviewer, acme } = await scene(world);
    const path = unsubscribePath(world.deps.sessionSecret, reviewer.id, 'to-review');
    const body = new FormData();
    body.set('List-Unsubscribe', 'One-Click');
    const answer = await fetch(new URL(path, world.url), { method: 'POST', body, redirect: 'manual' });
    t.is(answer.status, 200);
    await make.request(world, acme.admin);
    t.deepEqual(await mailsOf(world, reviewer.id), []);
    const [event] = await world.db('audit_events').where({ name: 'person.mailsChosen' });
    t.is(event.actor_id, null);
    t.true(JSON.parse(event.facts).byLink);
    t.is((await fetch(new URL(path, world.url), { method: 'POST', body, redirect: 'manual' })).status, 200, 'again');
    t.is((await world.db('audit_events').where({ name: 'person.mailsChosen' })).length, 1);
  },
);

onBothEngines('opening the link changes nothing; its button does', async (t, world) => {
  const { reviewer } = await scene(world);
  const path = unsubscribePath(world.deps.sessionSecret, reviewer.id, 'due');
  const visitor = world.visitor();
  const page = await visitor.get(path);
  t.regex(page.text, /Stop these mails\?.*Decisions that are due/);
  t.deepEqual(await world.db('mail_preferences').select(), []);
  t.regex((await visitor.submit(page, path, {})).text, /These mails are stopped/);
  t.like(await world.db('mail_preferences').first(), { person_id: reviewer.id, event: 'due', choice: 'off' });
  t.false(world.logLines.join('\n').includes(path.slice(-43)), 'the log has no link that works');
});

onBothEngines('a link that was changed, or is somebody’s who is gone, is not there', async (t, world) => {
  const { reviewer, reviewer2 } = await scene(world);
  const { sessionSecret } = world.deps;
  const path = unsubscribePath(sessionSecret, reviewer.id, 'due');
  const wrong = [
    path.replace(`/${reviewer.id}.`, `/${reviewer2.id}.`),
    path.replace('.due.', '.to-review.'),
    unsubscribePath('another secret', reviewer.id, 'due'),
    `${path}x`,
    '/unsubscribe/x',
  ];
  for (const one of wrong) {
    t.is((await world.visitor().get(one)).status, 404, one);
    t.is((await world.visitor().post(one, {})).status, 404, one);
  }
  await world.db('people').where({ id: reviewer.id }).update({ disabled_at: world.now });
  t.is((await world.visitor().get(path)).status, 404);
  t.deepEqual(await world.db('mail_preferences').select(), []);
});

ava('a link is read as what it was made of', (t) => {
  for (const what of [...eventKeys, 'summary'] as const) {
    const token = unsubscribePath('secret', 7, what).split('/').at(-1);
    t.deepEqual(readUnsubscribe('secret', token), { personId: 7, what });
    t.is(readUnsubscribe('other', token), undefined);
  }
});
