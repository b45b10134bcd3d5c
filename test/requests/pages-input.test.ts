// What is typed wrong is told at its field, kept as it was typed, and stored nowhere.
import type { ExecutionContext } from 'ava';
import { DEDICATED, dedicatedForm, followed, heldBy, POOL, poolForm, send, type Typed } from '../support/asking.ts';
import { everythingStored } from '../support/dump.ts';
import * as make from '../support/make.ts';
import type { Answer, Visitor } from '../support/visitor.ts';
import { onBothEngines, type World } from '../support/world.ts';

const LONG = 'a'.repeat(10_000);
const NOT_WHOLE = /must be a whole number in digits, like (50,000|5)\./;

type Bad = readonly [field: string, typed: string, message: RegExp];

const VOLUMES: readonly (readonly [string, RegExp])[] = [
  ['0', /must be at least 1/],
  ['-50000', NOT_WHOLE],
  ['+5', NOT_WHOLE],
  ['1e9', NOT_WHOLE],
  ['0x10', NOT_WHOLE],
  ['5,00', NOT_WHOLE],
  ['50.000', NOT_WHOLE],
  ['1,0000', NOT_WHOLE],
  ['fifty', NOT_WHOLE],
  ['５００００', NOT_WHOLE],
  ['٥٠', NOT_WHOLE],
  ['50\u00000', /has a character that cannot be used/],
  ['1000000000000000', NOT_WHOLE],
  ['999,999,999,999,999', /must be at most/],
  ['9'.repeat(400), NOT_WHOLE],
  [' ', /is missing/],
  ['<b>5</b>', NOT_WHOLE],
];
const of = (field: string, list: readonly (readonly [string, RegExp])[]): Bad[] =>
  list.map(([typed, message]) => [field, typed, message]);

const DEDICATED_INPUT: readonly Bad[] = [
  ...of('weeklyVolume', VOLUMES),
  ...of('peakWeeklyVolume', VOLUMES).filter(([, typed]) => typed !== ' '),
  ['peakWeeklyVolume', '179,999', /must not be below the expected one/],
  ...of('ipCount', VOLUMES),
  ['ipCount', '6', /must be at most 5/],
  ['startsOn', '2026-11-22', /is in the past. Choose today or later/],
  ['startsOn', '2026-02-30', /must be a date/],
  ['startsOn', 'tomorrow', /must be a date/],
  ['startsOn', '2027-11-25', /within a year/],
  ['startsOn', '', /is missing/],
  ['sends', LONG, /has 10,000 characters; 2,000 fit/],
  ['sends', '\n \n', /is missing/],
  ['sends', 'bell\u0007', /has a character that cannot be used/],
  ['signup', LONG, /has 10,000 characters; 2,000 fit/],
];
const POOL_INPUT: readonly Bad[] = [
  ...of('weeklyVolume', VOLUMES),
  ['sends', LONG, /has 10,000 characters; 2,000 fit/],
  ['samples', LONG, /has 10,000 characters; 2,000 fit/],
];

onBothEngines('bad input gets its field’s message, is kept as it was typed, and is not stored', async (t, world) => {
  const { visitor, right } = await asking(world);
  const before = await everythingStored(world.db);
  const inputs = { [DEDICATED]: DEDICATED_INPUT, [POOL]: POOL_INPUT };
  for (const [path, list] of Object.entries(inputs)) {
    for (const [field, typed, message] of list) {
      for (const step of ['check', 'send']) {
        const body = { ...right[path], [field]: typed, step, formToken: make.formToken() };
        refused(t, await visitor.post(path, body), path, body, [field, message]);
      }
    }
  }
  t.deepEqual(await everythingStored(world.db), before);
});

onBothEngines('what is not chosen, chosen twice or not on the list is told at its field', async (t, world) => {
  const { visitor, right, domain } = await asking(world);
  const before = await everythingStored(world.db);
  const refusals: readonly (readonly [string, string, string | string[], RegExp])[] = [
    [DEDICATED, 'domains', [], /Domains: choose at least one/],
    [DEDICATED, 'domains', [domain, domain], /the same one was given twice/],
    [DEDICATED, 'domains', ['1 or 1=1'], /choose from the list/],
    [DEDICATED, 'stream', 'all', /Choose what goes over the IPs/],
    [DEDICATED, 'region', 'mars', /Choose a region/],
    [POOL, 'domain', [domain, domain], /the same one was given twice/],
    [POOL, 'confirmed', [], /can no longer send campaigns or broadcasts/],
  ];
  for (const [path, field, value, message] of refusals) {
    const answer = await visitor.post(path, { ...right[path], [field]: value, step: 'check' });
    t.is(answer.status, 422, `${field} ${value}`);
    t.regex(answer.text, message);
  }
  t.deepEqual(await everythingStored(world.db), before);
});

onBothEngines('lists and other names where a text is expected do no harm', async (t, world) => {
  const { visitor, right } = await asking(world);
  const before = await everythingStored(world.db);
  const odd: Typed[] = [
    ...['weeklyVolume', 'region', 'startsOn', 'sends', 'step', 'formToken', 'ipCount'].map((name) => ({
      ...right[DEDICATED],
      [name]: ['one', 'two'],
    })),
    { 'weeklyVolume[a]': '1', 'domains[]': '1', 'sends[toString]': 'x' },
    { ...right[DEDICATED], constructor: 'x', toString: 'y', hasOwnProperty: 'z', page: 'p', h: 'q', include: 'r' },
    { title: 'x', words: 'y', errors: 'z', typed: 'a', locals: 'b', step: 'change' },
  ];
  for (const body of odd) {
    for (const path of [DEDICATED, POOL]) {
      const { status } = await visitor.post(path, body);
      t.true([303, 422].includes(status), `${path} ${JSON.stringify(body)}: ${status}`);
    }
  }
  t.deepEqual(await everythingStored(world.db), before);
});

onBothEngines('50,000 and 50 000 are understood', async (t, world) => {
  const { visitor, right } = await asking(world);
  const volumes = ['50000', '50,000', '50 000', '50\u00a0000', '50\u202f000', ' 50,000 '];
  for (const weeklyVolume of volumes) {
    const body = { ...right[DEDICATED], weeklyVolume, peakWeeklyVolume: '', step: 'check' };
    const check = await followed(visitor, await visitor.post(DEDICATED, body));
    t.is(check.status, 200, weeklyVolume);
    t.true(check.text.includes('50,000 emails; no peak given'), weeklyVolume);
    if (weeklyVolume !== volumes.at(-1)) continue;
    t.is((await send(visitor, DEDICATED, check)).status, 303);
    t.like(await world.db('requests').first(), { weekly_volume: 50_000, peak_weekly_volume: 50_000 });
  }
});

onBothEngines('a post from another site, and one that is too large, change nothing', async (t, world) => {
  const { visitor, right } = await asking(world);
  const form = { ...right[DEDICATED], step: 'send', formToken: make.formToken() };
  const before = await everythingStored(world.db);
  t.is((await visitor.post(DEDICATED, form, { 'sec-fetch-site': 'cross-site' })).status, 403);
  const large = await visitor.post(DEDICATED, { ...form, sends: 'a'.repeat(300_000) });
  t.is(large.status, 413);
  t.true(large.text.includes('That is too much at once'));
  t.deepEqual(await everythingStored(world.db), before);
});

onBothEngines('pages answer HEAD, and other methods find nothing', async (t, world) => {
  const { visitor } = await asking(world);
  for (const path of ['/', '/requests', '/requests/new/dedicated-ips', '/domains', '/healthz']) {
    const answer = await visitor.get(path, {}, 'HEAD');
    t.is(answer.status, 200, path);
    t.is(answer.html, '', path);
  }
  for (const method of ['PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
    t.is((await fetch(`${world.url}/requests`, { method })).status, 404, method);
  }
});

function refused(t: ExecutionContext, answer: Answer, path: string, body: Typed, [field, message]: [string, RegExp]) {
  const what = `${path} ${field} ${String(body[field]).slice(0, 40)}`;
  t.is(answer.status, 422, what);
  const own = new RegExp(`id="${field}-error">([\\s\\S]*?)</p>`).exec(answer.html)?.[1] ?? '';
  t.regex(own, message, `${what}: the message is at its field`);
  t.true(answer.html.includes(`<a href="#${field}">`), `${what}: the summary leads there`);
  const { step: _, ...typed } = body;
  const held = heldBy(answer.html, path);
  for (const [name, value] of Object.entries(typed))
    t.deepEqual(held[name], [value].flat(), `${what}: ${name} is kept`);
}

async function asking(world: World): Promise<{ visitor: Visitor; right: Record<string, Typed>; domain: string }> {
  const acme = await make.account(world, { usage: 'transactional' });
  const visitor = await world.signedIn(acme.admin.email);
  const right = { [DEDICATED]: dedicatedForm(acme.domains), [POOL]: poolForm(acme.domains[0]) };
  return { visitor, right, domain: String(acme.domains[0]?.id) };
}
