// Every form that somebody can reach by links, or by a mail before signing in, filled in with markup and sent: what was typed is
// shown as it was typed, where it was refused and wherever it is shown from then on. With each form go fields that it does
// not have, one for each column of the database: nothing comes of them (V8.2.3). The route table says which forms there have to be.

import ava, { type ExecutionContext } from 'ava';
import { changeToken } from '../../src/accounts/email-change/email-change.ts';
import { resetToken } from '../../src/accounts/reset/token.ts';
import { allRoutes } from '../../src/app.ts';
import { halfIn, setUpApp } from '../support/authenticator.ts';
import { crawl } from '../support/crawl.ts';
import { everythingStored } from '../support/dump.ts';
import { type Control, formsOf, type PageForm } from '../support/forms.ts';
import * as make from '../support/make.ts';
import type { Answer, Visitor } from '../support/visitor.ts';
import { createWorld, PASSWORD, type World } from '../support/world.ts';
import { scene } from './typed-scene.ts';

const marked = (word: string): string => `${word} <i>in</i> "quotes" & 'more' <script>alert(1)</script>`;
const RAW = /<i>in|<script>alert/;

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
    '/review/:reference/checklist',
    '/review/approvals',
    '/absence/ending',
    '/mail/inbound/:id/acceptance',
    '/mail/inbound/:id/deletion',
    '/profile/mails',
    '/unsubscribe/:token',
    '/requests/qualifying/watch',
    '/requests/qualifying/watch/ending',
    '/staff/:person/assignments',
    '/settings/chat/test',
    '/settings/chat/removal',
  ],
];
/** With words, in states that this scene has not, or by a button inside another form. */
const OTHER_STATES = [
  ...['/review/:reference/text', '/requests/:reference/appeal'],
  ...['/ips/pools/:id', '/ips/pools/:id/removal', '/domains/:id/pools'],
];
/** Where the policy has no such page: test/ips/names and test/requests/buying fill these in. */
const OTHER_POLICY = [
  '/ips/new',
  ...['/ips/:id', '/customers/:id/ips/:ip'].flatMap((ip) =>
    ['name', 'name/look', 'name/ending'].map((page) => `${ip}/${page}`),
  ),
];
/** What is typed there is a secret, and not shown again. */
const SECRETS = ['/settings/chat'];
const NOT_SENT: ReadonlySet<string> = new Set([...BUTTONS, ...SECRETS, ...OTHER_STATES, ...OTHER_POLICY]);

/** Fields that take no words: what makes a form go on. */
const RIGHT: Readonly<Record<string, string>> = {
  ipCount: '1',
  approvedCount: '1',
  stage: '1',
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

const PAGES = 800;

type Sent = { readonly route: string; readonly status: number };

ava('what is typed into any form is shown as it was typed', async (t) => {
  t.timeout(900_000);
  const world = await createWorld(t);
  columns = await listColumns(world);
  t.true(columns.length > 300, 'all columns are sent along');
  const people = await scene(world);
  // Asked for once: each time something new listens to the database.
  const routes = allRoutes(world.deps).filter(({ method, may }) => method === 'post' && may !== 'mail system');
  const posted = routes.map(({ path }) => path);
  const sent: Sent[] = await sendBeforeSignIn(t, world, posted);
  for (const isLast of [false, true])
    for (const email of people) sent.push(...(await sendAll(t, world, email, { posted, isLast })));
  const reached = new Set(sent.map(({ route }) => route));
  t.deepEqual(
    posted.filter((route) => !reached.has(route) && !NOT_SENT.has(route)),
    [],
    'each form was sent, or is among those that are not',
  );
  for (const route of NOT_SENT) t.true(posted.includes(route), `${route} is a route`);
  for (const [table, rows] of Object.entries(await everythingStored(world.db)))
    t.deepEqual(
      rows.filter((row) => row.includes(NOT_ASKED)),
      [],
      `nothing came into ${table} that its form did not ask for`,
    );
});

/** What no form asks for, and what it says; all columns are in the scene's database. */
const NOT_ASKED = '7007007007';
let columns: readonly string[] = [];

/** Each column of the database, as it is there and as programs write it. */
async function listColumns({ db }: World): Promise<string[]> {
  const rows: { name: string }[] = await db.raw(
    "select distinct c.name from sqlite_master t join pragma_table_info(t.name) c where t.type = 'table'",
  );
  const names = rows.map(({ name }) => name);
  const inPrograms = names.map((name) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()));
  return [...new Set([...names, ...inPrograms])];
}

/** What is sent beside a form's own fields. */
const beside = ({ controls, buttons }: PageForm): Record<string, string> => {
  const own = new Set([...controls, ...buttons].map(({ name }) => name));
  return Object.fromEntries(columns.filter((name) => !own.has(name)).map((name) => [name, NOT_ASKED]));
};

/** Sends the forms on these pages, wrong and right, as one who comes by a link or is half in. */
async function sendOn(t: ExecutionContext, posted: readonly string[], visitor: Visitor, path: string): Promise<Sent[]> {
  const sent: Sent[] = [];
  const page = await visitor.get(path);
  t.is(page.status, 200, path);
  for (const form of formsOf(page.html))
    for (const isRight of [false, true]) sent.push(await sendOne(t, posted, visitor, form, isRight));
  return sent;
}

async function sendOne(
  t: ExecutionContext,
  posted: readonly string[],
  visitor: Visitor,
  form: PageForm,
  isRight: boolean,
) {
  const route = routeOf(posted, form.action);
  const answer = await send(visitor, form, isRight).catch((error) => Promise.reject(new Error(`${route}: ${error}`)));
  t.notRegex(answer.html, RAW, `${route}, before signing in`);
  t.true(answer.status < 500, `${route} answers ${answer.status}`);
  return { route, status: answer.status };
}

/** A form as a script or a page that is shown in one moment only would send it. */
const formOf = (action: string, ...names: readonly string[]): PageForm => ({
  ...{ action, hasFile: false, buttons: [] },
  controls: names.map((name) => ({ name, kind: 'text', values: [], chosen: [] })),
});

/** Signing in with each step, and what mailed links open. */
async function sendBeforeSignIn(t: ExecutionContext, world: World, posted: readonly string[]): Promise<Sent[]> {
  const acme = await make.account(world, { name: 'Half <i>in</i>side' });
  const { reviewer } = await make.staff(world);
  const owner = await world.signedIn(acme.admin.email);
  await setUpApp(world, owner);
  const stranger = world.visitor();
  const sent = [
    ...(await sendOn(t, posted, stranger, '/sign-in')),
    ...(await sendOn(t, posted, stranger, '/password-reset')),
  ];
  const scripted: readonly [Visitor, PageForm][] = [
    [stranger, formOf('/sign-in/openid', 'next', 'kept')],
    [stranger, formOf('/sign-in/passkey', 'credential', 'next', 'kept')],
    [owner, formOf('/profile/sign-in/passkeys', 'credential', 'name')],
  ];
  for (const [visitor, form] of scripted)
    for (const isRight of [false, true]) sent.push(await sendOne(t, posted, visitor, form, isRight));
  sent.push(...(await sendOn(t, posted, await halfIn(world, acme.admin.email), '/sign-in/code')));
  await world.db('settings').insert({ name: 'secondFactor', value: '"staff"', changed_at: 0 });
  const half = world.visitor();
  await half.post('/sign-in', { email: reviewer.email, password: PASSWORD });
  sent.push(...(await sendOn(t, posted, half, '/sign-in/enrolment')));
  await world.db('settings').where({ name: 'secondFactor' }).delete();
  for (const link of await mailedLinks(world, acme)) sent.push(...(await sendOn(t, posted, stranger, link)));
  return sent;
}

/** The links of a forgotten password, a change of address and an invitation. */
async function mailedLinks(world: World, acme: make.Account): Promise<string[]> {
  const invitation = await make.invitation(world, 'invited@half.example', acme);
  await world.visitor().post('/password-reset', { email: acme.member.email });
  const member = await world.signedIn(acme.member.email);
  await member.submit(await member.get('/profile/email'), '/profile/email', { email: 'moved@half.example' });
  const seed = async (template: string): Promise<string> =>
    JSON.parse((await world.db('outbox').where({ template }).orderBy('id', 'desc').first('facts')).facts).seed;
  const secret = world.deps.sessionSecret;
  return [
    `/invitation/${invitation}`,
    `/email-change/${changeToken(secret, await seed('email-proof'))}`,
    `/password-reset/${resetToken(secret, await seed('password-reset'))}`,
  ];
}

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
        const answer = await send(visitor, again, isRight).catch((error) =>
          Promise.reject(new Error(`${route}: ${error}`)),
        );
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

function send(visitor: Visitor, form: PageForm, isRight: boolean): Promise<Answer> {
  const { action, hasFile, controls, buttons } = form;
  const fields = controls.map((control) => [control, typedInto(control, isRight)] as const);
  const button = buttons.at(-1);
  if (!hasFile) {
    const body = Object.fromEntries(fields.map(([{ name }, values]) => [name, values]));
    return visitor.post(action, { ...beside(form), ...body, ...(button ? { [button.name]: button.value } : {}) });
  }
  const sent = new FormData();
  for (const [{ name, kind }, values] of fields)
    if (kind === 'file') sent.append(name, new Blob([marked('Content')]), `${marked('File')}.csv`);
    else for (const value of values) sent.append(name, value);
  return visitor.send(action, sent);
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
