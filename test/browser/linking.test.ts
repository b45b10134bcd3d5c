// S-19: the page of a linked domain in each of its states, under a policy that has it.
import ava from 'ava';
import { lookAtDueNames } from '../../src/ips/names/background.ts';
import { openBrowser, sitDown } from '../support/browser.ts';
import * as make from '../support/make.ts';
import { createWorld, DAY } from '../support/world.ts';
import { publish } from '../support/zone.ts';
import { visit } from './reading.ts';

ava('S-19: linking a domain can be read by everybody', async (t) => {
  t.timeout(600_000);
  const world = await createWorld(t, 'SQLite', { POLICY: 'sendgrid' });
  const { admin } = await make.staff(world);
  const acme = await make.account(world, { plan: 'pro' });
  await make.domain(world, acme.id, 'acme.test');
  const [address = ''] = await make.ips(world, 'us', 1);
  await make.decided(world, await make.request(world, acme.admin, { automatedWarmup: false }));
  const { id } = await world.db('ips').where({ address }).first('id');
  const server = await publish(t, world, {});
  const browser = await openBrowser(t);
  const faults: Record<string, unknown> = {};
  const look = async (state: string, email: string, path: string, typed?: string) => {
    const sitter = await sitDown(browser, world.url);
    await sitter.signIn(email);
    const go = async () => {
      await sitter.goto(path);
      if (typed === undefined) return;
      await sitter.fill({ 'Host name': typed });
      await sitter.press('Link it');
    };
    const found = await visit(sitter, { route: path, status: typed === 'o1.other.test' ? 422 : 200, go });
    if (Object.values(found).some((list) => list.length > 0)) faults[`${state}, ${email}`] = found;
    t.pass();
  };
  const names = async (zones: typeof server.zones) => {
    server.zones = zones;
    world.now += DAY;
    await lookAtDueNames({ db: world.db, dns: world.deps.dns, policy: world.deps.policy, now: () => world.now });
  };
  const own = `/ips/${id}/name`;
  await look('new', acme.admin.email, own);
  await look('refused', acme.admin.email, own, 'o1.other.test');
  await look('asked', acme.admin.email, own, 'o1.acme.test');
  const half = { 'o1.acme.test': { A: [address] } };
  await names(half);
  await look('half', admin.email, `/customers/${acme.id}${own}`);
  await names({ ...half, [`${address.split('.').toReversed().join('.')}.in-addr.arpa`]: { PTR: ['o1.acme.test'] } });
  await look('linked', acme.admin.email, own);
  await look('list', acme.admin.email, '/ips');
  await names(half);
  await look('broken', acme.admin.email, own);
  await make.ips(world, 'us', 1);
  await names(half);
  await look('stock', admin.email, '/inventory');
  t.deepEqual(faults, {});
});
