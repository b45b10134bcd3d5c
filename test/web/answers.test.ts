import ava from 'ava';
import { createWorld } from '../support/world.ts';

ava('every answer forbids inline code, framing, guessing of types and keeping', async (t) => {
  const world = await createWorld(t);
  for (const path of ['/sign-in', '/nowhere', '/healthz']) {
    const { headers } = await world.visitor().get(path);
    const policy = headers.get('content-security-policy') ?? '';
    for (const word of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'"]) {
      t.true(policy.includes(word), `${path}: ${word}`);
    }
    t.true(policy.includes("frame-ancestors 'none'"));
    t.notRegex(policy, /unsafe|https?:/);
    t.is(headers.get('x-content-type-options'), 'nosniff');
    t.is(headers.get('referrer-policy'), 'same-origin');
    t.is(headers.get('cache-control'), 'no-store');
    t.is(headers.get('x-powered-by'), null);
  }
});

ava('pages need nothing inline', async (t) => {
  const world = await createWorld(t);
  for (const path of ['/sign-in', '/password-reset', '/nowhere']) {
    const { html } = await world.visitor().get(path);
    t.notRegex(html, /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:/i, path);
  }
});

ava('a fault shows a reference that the log has too, and nothing of its cause', async (t) => {
  const world = await createWorld(t);
  await world.db.schema.dropTable('rate_limits');
  const answer = await world.visitor().post('/sign-in', { email: 'a@b.example', password: 'a-wrong-one' });
  t.is(answer.status, 500);
  const reference = answer.headers.get('x-request-id') ?? '';
  t.true(answer.text.includes(reference));
  t.notRegex(answer.html, /rate_limits|SQLITE|node_modules|\bat .*:\d+:\d+/);
  const line = world.logLines.find((one) => one.includes('request failed') && one.includes(reference)) ?? '';
  t.true(line.includes('rate_limits'));
  t.false(world.logLines.join('').includes('a-wrong-one'));
});

ava('what is not there is not found, with a way back', async (t) => {
  const world = await createWorld(t);
  const answer = await world.visitor().get('/nowhere');
  t.is(answer.status, 404);
  t.true(answer.text.includes('There is no such page'));
});

ava('the demo’s people are listed where there is a demo', async (t) => {
  const withDemo = await createWorld(t, 'SQLite', { DEMO: 'on' });
  t.true((await withDemo.visitor().get('/sign-in')).text.includes('warmdesk-demo'));
  const without = await createWorld(t, 'SQLite', { DEMO: 'off' });
  t.false((await without.visitor().get('/sign-in')).text.includes('warmdesk-demo'));
});

ava('the demo’s people are never listed in production', async (t) => {
  const settings = {
    NODE_ENV: 'production',
    DEMO: 'on',
    SESSION_SECRET: 'x'.repeat(32),
    BASE_URL: 'https://desk.example',
    SMTP_URL: 'smtp://localhost',
    MAIL_FROM: 'desk@desk.example',
  };
  const world = await createWorld(t, 'SQLite', settings);
  t.false((await world.visitor().get('/sign-in')).text.includes('warmdesk-demo'));
});

ava(
  'a part of a file is answered with the whole file: parts of what is compressed would be of other bytes',
  async (t) => {
    const world = await createWorld(t);
    for (const path of ['/assets/tabler.css', '/assets/warmdesk.css']) {
      for (const range of ['bytes=0-4095', 'bytes=99999999-']) {
        const answer = await fetch(new URL(path, world.url), { headers: { range, 'accept-encoding': 'gzip' } });
        t.is(answer.status, 200, path);
        t.is(answer.headers.get('content-range'), null);
        await answer.arrayBuffer();
      }
    }
  },
);
