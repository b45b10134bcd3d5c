// What people do while it is measured: sign in, send a request, approve one.
import { randomUUID } from 'node:crypto';
import type { Db } from '../../src/database.ts';
import { reference } from '../../src/requests/request.ts';
import { hiddenFields } from '../support/visitor.ts';
import type { Statement, watchedApp } from './capture.ts';
import { type Filling, passwordOfAll, SENDS_LATER } from './filling.ts';
import type { Asked } from './load.ts';
import { signedIn } from './people.ts';

export type Acts = {
  /** The next `count` sign-ins, each of somebody else. */
  readonly signIns: (count: number) => Asked[];
  /** The next `count` requests to be sent, each of another account; never the same twice. */
  readonly submits: (count: number) => Asked[];
  /** The approvals of all requests that were sent and are not approved yet, as a reviewer's page has them. */
  readonly approvals: (url: string) => Promise<Asked[]>;
};

const form = (cookie: string, path: string, fields: Record<string, string>): Asked => ({
  method: 'POST',
  path,
  headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', cookie },
  body: new URLSearchParams(fields).toString(),
});

/** Makes the acts for a filled database. */
export async function actsOf(db: Db, filling: Filling): Promise<Acts> {
  const reviewer = await signedIn(db, 'reviewer2@warmdesk.example');
  const accounts = await db
    .from(db.raw(`(select id as a from accounts) as x where ${SENDS_LATER} order by a limit 330`))
    .pluck('a');
  const senders: Asked[] = [];
  for (const a of accounts) senders.push(submit(await signedIn(db, `owner@c${a}.example`), a, filling));
  let signed = 0;
  return {
    signIns: (count) => Array.from({ length: count }, () => signIn((signed++ % filling.accounts) + 1)),
    submits: (count) => senders.splice(0, count),
    approvals: async (url) => {
      const sent = await db('requests')
        .where({ status: 'submitted' })
        .whereNot('form_token', 'like', 'filled-%')
        .pluck('id');
      return Promise.all(sent.map((id) => approval(url, reviewer, `/review/${reference(id)}`)));
    },
  };
}

const signIn = (account: number): Asked =>
  form('', '/sign-in', { email: `owner@c${account}.example`, password: passwordOfAll });

const submit = (cookie: string, account: number, { today }: Filling): Asked =>
  form(cookie, '/requests/dedicated-ips', {
    domains: String(2 * account - 1),
    ipCount: '1',
    weeklyVolume: '60,000',
    stream: 'both',
    region: 'us',
    startsOn: new Date((today + 7) * 86_400_000).toISOString().slice(0, 10),
    sends: 'Order news and a newsletter.',
    signup: 'In the shop, with a confirmed address.',
    formToken: randomUUID(),
    shownCents: '0',
    step: 'send',
  });

async function approval(url: string, cookie: string, path: string): Promise<Asked> {
  const page = await fetch(url + path, { headers: { cookie } });
  const fields = hiddenFields(await page.text(), `${path}/approval`);
  return form(cookie, `${path}/approval`, { seen: fields['seen']?.[0] ?? '' });
}

/** Does each act once, and gives the values that it wrote, a text for each statement: the bare server writes the same. */
export async function watchActs(
  app: Awaited<ReturnType<typeof watchedApp>>,
  acts: Acts,
): Promise<Record<string, string[]>> {
  const [signedIn] = acts.signIns(1);
  const [sent] = acts.submits(1);
  const writes = { 'sign-in': await watch(app, signedIn), submit: await watch(app, sent) };
  const [approved] = await acts.approvals(app.url);
  return { ...writes, approve: await watch(app, approved) };
}

async function watch(app: Awaited<ReturnType<typeof watchedApp>>, asked: Asked | undefined): Promise<string[]> {
  if (!asked) throw new Error('there is nobody left to do it');
  app.seen();
  const { method = 'GET', path, body = '' } = asked;
  const answer = await fetch(app.url + path, { method, headers: asked.headers, body, redirect: 'manual' });
  const location = answer.headers.get('location') ?? '';
  if (answer.status !== 303 || /already/.test(location))
    throw new Error(`${path} answers ${answer.status} ${location}`);
  return app
    .seen()
    .filter(isWrite)
    .map(({ bindings }) => JSON.stringify(bindings));
}

const isWrite = ({ sql }: Statement): boolean => /^(insert|update|delete)/i.test(sql);
