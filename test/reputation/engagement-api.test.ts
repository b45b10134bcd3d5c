// S-24: the score that comes of what mail systems tell of engagement: by the API, in the shape of SendGrid’s, on pages.
import { reference } from '../../src/requests/request.ts';
import * as make from '../support/make.ts';
import { TOLD as ALL, countOf, dayText, reporting } from '../support/reporting.ts';
import { DAY, onBothEngines, type World } from '../support/world.ts';

async function ask(world: World, path: string, bearer: string | null, behalf?: string) {
  const headers = {
    ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
    ...(behalf === undefined ? {} : { 'on-behalf-of': behalf }),
  };
  const answer = await fetch(new URL(path, world.url), { headers });
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers as programs do
  return { status: answer.status, json: (await answer.json()) as any };
}

/** Thirty days of mail that tells everything: 100 a day. */
async function month(world: World) {
  const scene = await reporting(world);
  const days = Array.from({ length: 30 }, (_, ago) =>
    countOf(world, {
      ...ALL,
      via: 'shared-us',
      day: dayText(world, ago + 1),
      bounced: 0,
      bouncedInvalid: 0,
      bouncedReputation: 0,
      bouncedOther: 0,
    }),
  );
  await scene.report(
    'month',
    days.map((one) => ({ ...one, complained: 0 })),
  );
  return scene;
}

onBothEngines('S-24: the score of an account can be read, with its metrics and what is missing', async (t, world) => {
  const { bearer, acme: account } = await month(world);
  const path = `/api/v1/accounts/${account.id}/engagement-quality`;
  const { json } = await ask(world, path, bearer);
  t.like(json, { windowDays: 30, sent: 3_000, score: 5, missing: [], opened: 900, openedByProxy: 600, clicked: 270 });
  t.is(json.asOf, dayText(world));
  t.deepEqual(
    json.metrics.map(({ name, rate, of, score }: Record<string, unknown>) => [name, rate, of, score]),
    [
      ['engagement_recency', 0.727778, 2_700, 4],
      ['open_rate', 0.375, 2_400, 5],
      ['bounce_classification', 0, 3_000, 5],
      ['bounce_rate', 0, 3_000, 5],
      ['spam_rate', 0, 3_000, 5],
    ],
  );
  world.now += 21 * DAY;
  const later = await ask(world, path, bearer);
  t.like(later.json, { sent: 900, score: null, metrics: [] });
  t.is((await ask(world, path, null)).status, 401);
  t.is((await ask(world, '/api/v1/accounts/99999/engagement-quality', bearer)).status, 404);
});

onBothEngines('S-24: clients of SendGrid’s API read scores here in the shape of its document', async (t, world) => {
  const { bearer, acme: account } = await month(world);
  const path = (from: string, to: string) => `/v3/engagementquality/scores?from=${from}&to=${to}`;
  const id = `account-id ${account.id}`;
  const { status, json } = await ask(world, path(dayText(world, 25), dayText(world)), bearer, id);
  t.is(status, 200);
  t.is(json.result.length, 26);
  t.deepEqual(json.result[0], { user_id: String(account.id), username: 'Acme', date: dayText(world, 25) });
  t.deepEqual(json.result.at(-1), {
    ...{ user_id: String(account.id), username: 'Acme', date: dayText(world), score: 5 },
    metrics: { engagement_recency: 4, open_rate: 5, bounce_classification: 5, bounce_rate: 5, spam_rate: 5 },
  });
  const byName = await ask(world, path(dayText(world), dayText(world)), bearer, 'Acme');
  t.deepEqual(byName.json.result, [json.result.at(-1)]);
  const faults: readonly [string, string | undefined, string, RegExp][] = [
    ['/v3/engagementquality/scores', id, 'from', /"from" must be provided/],
    [`/v3/engagementquality/scores?from=${dayText(world)}`, id, 'to', /"to" must be provided/],
    [path('yesterday', dayText(world)), id, 'from', /"from" invalid/],
    [path(dayText(world, 91), dayText(world)), id, 'from', /cannot be more than 90 days in the past/],
    [path(dayText(world), dayText(world, -1)), id, 'to', /cannot be in the future/],
    [path(dayText(world), dayText(world, 1)), id, 'to', /"from" cannot come after "to"/],
    [path(dayText(world), dayText(world)), undefined, 'on-behalf-of', /must be provided/],
    [path(dayText(world), dayText(world)), 'nobody', 'on-behalf-of', /no account/],
    [path(dayText(world), dayText(world)), 'account-id 99999', 'on-behalf-of', /no account/],
  ];
  for (const [asked, behalf, field, message] of faults) {
    const answer = await ask(world, asked, bearer, behalf);
    t.is(answer.status, 400, asked);
    t.is(answer.json.errors[0].field, field);
    t.regex(answer.json.errors[0].message, message);
  }
  t.is((await ask(world, path(dayText(world), dayText(world)), null, id)).status, 401);
});

onBothEngines(
  'S-24: scores of all accounts come page by page; without all five metrics there is none',
  async (t, world) => {
    const { bearer, acme: account, report } = await month(world);
    const other = await make.account(world, { name: 'Other', weekly: 7_000 });
    const path = (query: string) => `/v3/engagementquality/subusers/scores?date=${dayText(world)}${query}`;
    const all = (await ask(world, path(''), bearer)).json;
    const of = (id: number) => all.result.find((one: { user_id: string }) => one.user_id === String(id));
    t.is(of(account.id).score, 5);
    t.deepEqual(of(other.id), { user_id: String(other.id), username: 'Other', date: dayText(world) });
    t.is(all._metadata.next_params.after_key, null);
    const seen: string[] = [];
    for (let after: string | null = '0'; after !== null; ) {
      const { json } = await ask(world, path(`&limit=1&after_key=${after}`), bearer);
      t.is(json.result.length, 1);
      seen.push(json.result[0].user_id);
      after = json._metadata.next_params.after_key;
    }
    t.deepEqual(
      seen,
      all.result.map((one: { user_id: string }) => one.user_id),
    );
    for (const [query, field] of [
      ['&limit=0', 'limit'],
      ['&limit=x', 'limit'],
      ['&after_key=-1', 'after_key'],
    ] as const)
      t.is((await ask(world, path(query), bearer)).json.errors[0].field, field);
    t.is((await ask(world, '/v3/engagementquality/subusers/scores', bearer)).json.errors[0].field, 'date');
    t.is((await report('more', [countOf(world)])).status, 200);
  },
);

onBothEngines('S-24: the score is on the account’s page, on its own pages and beside a request', async (t, world) => {
  const { acme: account, requestId } = await month(world);
  const own = await world.signedIn(account.owner.email);
  const staff = await world.signedIn('admin@warmdesk.example');
  const text = async (visitor: typeof own, path: string) => (await visitor.get(path)).text;
  const page = await text(own, '/sending');
  t.regex(page, /Engagement quality the 30 days before 23 Nov 2026, UTC 5 of 5/);
  t.regex(page, /Opened 37\.5 % from 30 % 5 of 5/);
  t.regex(page, /Only privacy proxies opened another 600 messages/);
  t.regex(await text(own, '/'), /How wanted your mail is/);
  t.regex(await text(staff, `/customers/${account.id}`), /Engagement quality 5 of 5/);
  const review = await staff.get(`/review/${reference(requestId)}`);
  t.true(review.html.includes(`href="/customers/${account.id}/sending#engagement"`), 'the review page leads there');
  t.regex(await text(staff, `/customers/${account.id}/sending`), /Reported as spam 0 % up to 0\.02 % 5 of 5/);
});
