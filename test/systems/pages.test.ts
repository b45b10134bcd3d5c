import { staff } from '../support/people.ts';
import { postJson } from '../support/reporting.ts';
import { HOUR, onBothEngines, type World } from '../support/world.ts';

const PATH = '/api/v1/sending-counts';
const TOKEN = /wd_[\w-]{43}/;

async function added(world: World, name = 'mx1') {
  const { admin } = await staff(world);
  const visitor = await world.signedIn(admin.email);
  const page = await visitor.get('/mail-systems');
  const answer = await visitor.submit(page, '/mail-systems', { name });
  return { visitor, answer, token: TOKEN.exec(answer.text)?.[0] ?? '' };
}

onBothEngines('a token is shown once, and only its hash is kept', async (t, world) => {
  const { visitor, answer, token } = await added(world);
  t.is(answer.status, 200);
  t.regex(token, TOKEN);
  t.is(answer.headers.get('cache-control'), 'no-store');
  const [row] = await world.db('mail_systems');
  t.false(JSON.stringify(row).includes(token));
  t.regex(row.token_hash, /^[0-9a-f]{64}$/);
  t.is(row.token_start, token.slice(0, 7));
  const list = await visitor.get('/mail-systems');
  t.notRegex(list.html, TOKEN);
  t.true(list.text.includes('mx1') && list.text.includes(`${token.slice(0, 7)}…`));
  t.false(world.logLines.join('').includes(token.slice(3)), 'no line of the log has it');
  const events = await world.db('audit_events').where({ name: 'system.added' });
  t.false(JSON.stringify(events).includes(token.slice(3)));
});

onBothEngines('the last use of a token is shown', async (t, world) => {
  const { visitor, token } = await added(world);
  t.regex((await visitor.get('/mail-systems')).text, /mx1 .* never Good/);
  t.is((await postJson(world, PATH, token, {})).status, 422, 'let in');
  world.now += 3 * HOUR;
  t.regex((await visitor.get('/mail-systems')).text, /3 h ago/);
});

onBothEngines('a revoked token is refused; it takes a second step to revoke one', async (t, world) => {
  const { visitor, token } = await added(world);
  const list = await visitor.get('/mail-systems');
  const [, path = ''] = /href="(\/mail-systems\/\d+\/revocation)"/.exec(list.html) ?? [];
  const page = await visitor.get(path);
  t.regex(page.text, /Revoke the token of mx1\?/);
  t.is((await postJson(world, PATH, token, {})).status, 422, 'looking revokes nothing');
  t.is((await visitor.submit(page, path, {})).location, '/mail-systems?note=system-revoked');
  const { status, json } = await postJson(world, PATH, token, {});
  t.is(status, 401);
  t.regex(json.error.message, /token/);
  t.regex((await visitor.get('/mail-systems')).text, /Revoked 23 Nov 2026/);
  t.is((await visitor.post(path, {})).status, 303, 'revoking it again changes nothing');
  t.is((await world.db('audit_events').where({ name: 'system.revoked' })).length, 1);
});

onBothEngines('a name is wanted, and once only; what was typed is kept', async (t, world) => {
  const { visitor } = await added(world);
  for (const [name, sentence] of [
    ['', /Name is missing/],
    ['x'.repeat(61), /61 characters; 60 fit/],
    ['mx1', /has this name already/],
    ['mx\u0000', /cannot be used/],
  ] as const) {
    const answer = await visitor.post('/mail-systems', { name });
    t.is(answer.status, 422);
    t.regex(answer.text, sentence);
  }
  t.true((await visitor.post('/mail-systems', { name: `<b>${'y'.repeat(60)}` })).html.includes('value="&lt;b&gt;yy'));
  t.is((await world.db('mail_systems')).length, 1);
});

onBothEngines('without a good token the API says 401, in JSON', async (t, world) => {
  const { token } = await added(world);
  for (const wrong of [null, 'wd_wrong', `${token}x`, token.toUpperCase()]) {
    const { status, json } = await postJson(world, PATH, wrong, {});
    t.is(status, 401);
    t.is(json.error.status, 401);
    t.is((await postJson(world, PATH, wrong, '{"batch":')).status, 401, 'its body is not even read');
  }
});
