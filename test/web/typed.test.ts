// Every form that somebody can reach by links, filled in with markup and sent: what was typed is shown as it was typed, where
// it was refused and wherever it is shown from then on. The route table says which forms there have to be.

import ava, { type ExecutionContext } from 'ava';
import { allRoutes } from '../../src/app.ts';
import { evaluateDue } from '../../src/warmup/daily/run.ts';
import { crawl } from '../support/crawl.ts';
import { type Control, formsOf, type PageForm } from '../support/forms.ts';
import * as make from '../support/make.ts';
import type { Answer, Visitor } from '../support/visitor.ts';
import { createWorld, DAY, type World } from '../support/world.ts';

const marked = (word: string): string => `${word} <i>in</i> "quotes" & 'more' <script>alert(1)</script>`;
const RAW = /<i>in|<script>alert/;

/** Signed out, at sign-in, or by a mailed link: tests of their own fill these in. */
const BEFORE_SIGN_IN = [
  ...['/sign-in', '/sign-in/openid', '/sign-in/code', '/sign-in/recovery', '/sign-in/enrolment', '/sign-in/passkey'],
  ...['/password-reset/:token', '/email-change/:token', '/invitation/:token'],
];
/** Without a field for words, on pages that this scene has not. */
const BUTTONS = [
  ...['/sign-out', '/profile/sign-in/identity/removal', '/profile/sign-in/app/removal', '/profile/email/withdrawal'],
  ...['/profile/sign-in/recovery-codes', '/profile/sign-in/sessions/:session/ending', '/ledger/closing'],
  ...['/profile/sign-in/passkeys/:passkey/removal', '/staff/:person/enabling', '/staff/:person/second-factor'],
  ...['/people/:person/enabling', '/people/:person/second-factor', '/customers/:id/people/:person/enabling'],
  ...['/customers/:id/people/:person/second-factor', '/customers/:id/addresses/lifting', '/requests/:reference/pool'],
  ...[
    '/staff/:person/invitation',
    '/customers/:id/reopening',
    '/domains/pending/:pending/removal',
    '/domains/:id/look',
  ],
  ...['/customers/:id/domains/:domain/look', '/mail-systems/:id/revocation', '/set-up/:step/resumption'],
  ...[
    '/settings/logo/removal',
    '/review/:reference/claim/ending',
    '/review/:reference/undo',
    '/review/approvals',
    '/absence/ending',
  ],
];
/** With words, in states that this scene has not, or by a button inside another form. */
const OTHER_STATES = [
  '/review/:reference/text',
  '/requests/:reference/appeal',
  ...['/profile/sign-in/passkeys', '/review/:reference/return', '/review/:reference/offer'],
  ...['/domains/:id/selectors', '/requests/transactional-pool'],
  ...['/customers/:id/domains/:domain/selectors', '/domains/:id/leaving', '/customers/:id/domains/:domain/return'],
  ...['/customers/:id/domains/:domain/leaving', '/customers/:id/domains/:domain/staying', '/warm-ups/:id/go-on'],
  ...['/inventory/ips/:id/return', '/warm-ups/:id/setback', '/warm-ups/:id/refusal'],
];
/** Where the policy has no such page: test/ips/names fills these in. */
const OTHER_POLICY = ['/ips/:id', '/customers/:id/ips/:ip'].flatMap((ip) =>
  ['name', 'name/look', 'name/ending'].map((page) => `${ip}/${page}`),
);
const NOT_SENT: ReadonlySet<string> = new Set([...BEFORE_SIGN_IN, ...BUTTONS, ...OTHER_STATES, ...OTHER_POLICY]);

/** Fields that take no words: what makes a form go on. */
const RIGHT: Readonly<Record<string, string>> = {
  ipCount: '1',
};

/** Buttons without words that end the visit, or at once all that others need. */
const ENDING: readonly string[] = ['/sign-out', '/review/approvals'];

/** Sent last: they end what others need. */
const LAST: readonly string[] = [
  '/requests/:reference/withdrawal',
  '/requests/:reference/acceptance',
  '/domains/pending/:pending/removal',
  '/review/views/:view/removal',
  '/review/answers/:answer/removal',
  '/profile/sign-in/sessions/ending',
  '/customers/:id/closing',
  '/customers/:id/suspension',
  '/customers/:id/people/:person/disabling',
  '/people/:person/disabling',
  '/staff/:person/disabling',
  '/customers/:id/domains/:domain/removal',
  '/domains/:id/removal',
  '/ips/:id/release',
  '/customers/:id/ips/:ip/release',
];

const PAGES = 600;

type Sent = { readonly route: string; readonly status: number };

ava('what is typed into any form is shown as it was typed', async (t) => {
  t.timeout(900_000);
  const world = await createWorld(t);
  const people = await scene(world);
  // Asked for once: each time something new listens to the database.
  const routes = allRoutes(world.deps).filter(({ method, may }) => method === 'post' && may !== 'mail system');
  const posted = routes.map(({ path }) => path);
  const sent: Sent[] = [];
  for (const isLast of [false, true])
    for (const email of people) sent.push(...(await sendAll(t, world, email, { posted, isLast })));
  const reached = new Set(sent.map(({ route }) => route));
  t.deepEqual(
    posted.filter((route) => !reached.has(route) && !NOT_SENT.has(route)),
    [],
    'each form was sent, or is among those that are not',
  );
  for (const route of NOT_SENT) t.true(posted.includes(route), `${route} is a route`);
});

/** Sends each form that somebody can reach; then looks at all their pages again. */
async function sendAll(
  t: ExecutionContext,
  world: World,
  email: string,
  { posted, isLast }: { readonly posted: readonly string[]; readonly isLast: boolean },
): Promise<Sent[]> {
  const visitor = await world.signedIn(email);
  const sent: Sent[] = [];
  const done = new Set<string>();
  for (const [path, page] of await crawl(visitor, '/', PAGES)) {
    for (const { action } of formsOf(page.html)) {
      const route = routeOf(posted, action);
      if (LAST.includes(route) !== isLast || done.has(route) || ENDING.includes(route)) continue;
      if (sent.filter((one) => one.route === route).length > 3) continue;
      for (const isRight of [false, true]) {
        const again = formsOf((await visitor.get(path)).html).find((one) => one.action === action);
        if (!again) continue;
        const answer = await send(visitor, again, isRight);
        t.notRegex(answer.html, RAW, `${email}: ${route}`);
        t.true(answer.status < 500, `${email}: ${route} answers ${answer.status}`);
        sent.push({ route, status: answer.status });
        if (answer.status === 303) done.add(route);
      }
    }
  }
  const pages = await crawl(await world.signedIn(email), '/', PAGES);
  for (const [path, answer] of pages) {
    const isPage = answer.headers.get('content-type')?.startsWith('text/html') ?? false;
    if (isPage) t.notRegex(answer.html, RAW, `${email}: ${path}`);
    const from = [...pages].filter(([, { html }]) => html.includes(`href="${path}"`)).map(([one]) => one);
    t.true([200, 303].includes(answer.status), `${email}: ${path} answers ${answer.status}, linked from ${from}`);
  }
  return sent;
}

/** The address of a form as the route table has it. */
function routeOf(posted: readonly string[], action: string): string {
  const [path = ''] = action.split('?');
  const fits = (pattern: string) =>
    new RegExp(`^${pattern.replace(/:\w+/g, '[^/]+').replaceAll('.', '\\.')}$`).test(path);
  const found = posted.find(fits);
  if (!found) throw new Error(`${action} leads nowhere`);
  return found;
}

function send(visitor: Visitor, { action, hasFile, controls, buttons }: PageForm, isRight: boolean): Promise<Answer> {
  const fields = controls.map((control) => [control, typedInto(control, isRight)] as const);
  const button = buttons.at(-1);
  if (!hasFile) {
    const body = Object.fromEntries(fields.map(([{ name }, values]) => [name, values]));
    return visitor.post(action, { ...body, ...(button ? { [button.name]: button.value } : {}) });
  }
  const form = new FormData();
  for (const [{ name, kind }, values] of fields)
    if (kind === 'file') form.append(name, new Blob([marked('Content')]), `${marked('File')}.csv`);
    else for (const value of values) form.append(name, value);
  return visitor.send(action, form);
}

let count = 0;
function typedInto({ name, kind, values, chosen }: Control, isRight: boolean): readonly string[] {
  count += 1;
  if (isRight && RIGHT[name] !== undefined) return [RIGHT[name]];
  switch (kind) {
    case 'hidden':
      return chosen;
    case 'checkbox':
      return values;
    case 'radio':
    case 'select':
      return chosen.length > 0 ? chosen : values.slice(0, 1);
    case 'email':
      return [isRight ? `w${count}@typed.example` : marked('Email')];
    case 'date':
      return [isRight ? (chosen[0] ?? '') || '2026-12-01' : marked('Date')];
    default:
      return [marked(`Word${count}`)];
  }
}

/** Requests in every state, IPs and warm-ups, people, domains and mails. Returns who looks at them. */
async function scene(world: World): Promise<string[]> {
  const acme = await make.account(world, { name: 'Acme <i>in</i>c' });
  const { reviewer2, admin } = await make.staff(world);
  await make.ips(world, 'us', 6);
  await make.requestIn(world, 'fulfilled', acme.admin, { startsOn: (world.now / DAY) | 0 });
  await evaluateDue(world.db, world.deps.policy.document, world.now);
  await make.requestIn(world, 'needs_info', acme.admin);
  const others: make.Account[] = [];
  for (const status of ['submitted', 'submitted', 'submitted', 'submitted', 'offered'] as const) {
    const one = await make.account(world);
    await make.requestIn(world, status, one.admin);
    others.push(one);
  }
  const low = await make.account(world, { weekly: 20_000 });
  await make.requestIn(world, 'second_review', low.admin);
  await world.db('request_drafts').insert(make.draftRow(acme));
  const waiting = { account_id: acme.id, name: 'waits.test', usage: 'both', token: 't', created_at: 0 };
  await world.db('pending_domains').insert(waiting);
  await make.invitation(world, 'invited@acme.example', acme);
  const mail = await world.db('outbox').orderBy('id').first('id');
  await world.db('outbox').where({ id: mail.id }).update({ status: 'failed', next_at: null });
  return [
    acme.admin.email,
    acme.member.email,
    low.billing.email,
    ...others.map((one) => one.admin.email),
    reviewer2.email,
    admin.email,
  ];
}
