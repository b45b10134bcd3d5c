// S-12: the page on which an IP is added at once, in each of its states, under a policy that has it.
import ava from 'ava';
import { openAccount } from '../../src/accounts/actions.ts';
import { actIn } from '../../src/act.ts';
import { openBrowser, sitDown } from '../support/browser.ts';
import * as make from '../support/make.ts';
import { createWorld, DAY } from '../support/world.ts';
import { visit } from './reading.ts';

ava('S-12: adding an IP at once can be read by everybody', async (t) => {
  t.timeout(600_000);
  const world = await createWorld(t, 'SQLite', { POLICY: 'sendgrid' });
  await make.staff(world);
  const acme = await make.account(world, { plan: 'pro' });
  const accountId = await openAccount(actIn(world.db, { person: null, at: world.now }), {
    ...{ name: 'New', plan: 'pro', region: null },
  });
  const empty = await make.person(world, { email: 'admin@new.example', accountId, accountRole: 'admin' });
  await make.ips(world, 'us', 3);
  const browser = await openBrowser(t);
  const faults: Record<string, unknown> = {};
  const look = async (state: string, path: string, { email, press }: { email: string; press?: string }) => {
    const sitter = await sitDown(browser, world.url);
    await sitter.signIn(email);
    const go = async () => {
      await sitter.goto(path);
      if (press !== undefined) await sitter.press(press);
    };
    const found = await visit(sitter, { route: path, status: state === 'wrong' ? 422 : 200, go });
    if (Object.values(found).some((list) => list.length > 0)) faults[state] = found;
    t.pass();
  };
  const { email } = acme.admin;
  const own = `/ips/new?${acme.domains.map(({ id }) => `domains=${id}`).join('&')}&region=us&warmup=own`;
  await look('blocked', '/ips/new', { email });
  await look('wrong', '/ips/new?region=us', { email });
  await look('no domain', '/ips/new', { email: empty.email });
  await look('possible', own, { email });
  await look('added', own, { email, press: 'Add this IP at no cost' });
  await look('list', '/ips', { email });
  await look('for a person', own, { email });
  await look('asked for', own, { email, press: 'Ask for it instead' });
  await world.db('allocations').update({ allocated_at: world.now - 60 * DAY });
  await look('with warm-up', '/ips/new', { email });
  t.deepEqual(faults, {});
});
