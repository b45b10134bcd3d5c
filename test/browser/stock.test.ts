// The pages of IPs in stock as a blocklist has them, and the form that refuses what staff add.
import ava from 'ava';
import { askListsDue } from '../../src/warmup/listings/background.ts';
import { openBrowser, sitDown } from '../support/browser.ts';
import * as make from '../support/make.ts';
import { createWorld } from '../support/world.ts';
import { publish } from '../support/zone.ts';
import { visit } from './reading.ts';

ava('listed IPs and refused lines can be read by everybody', async (t) => {
  t.timeout(600_000);
  const world = await createWorld(t);
  const { admin } = await make.staff(world);
  const acme = await make.account(world);
  const [held = '', free = ''] = await make.ips(world, 'us', 2);
  await make.decided(world, await make.request(world, acme.admin));
  const name = (address: string, zone: string) => `${address.split('.').toReversed().join('.')}.${zone}`;
  await publish(t, world, {
    '2.0.0.127.zen.spamhaus.org': { A: ['127.0.0.2'] },
    '2.0.0.127.psbl.surriel.com': { A: ['127.0.0.2'] },
    [name(held, 'zen.spamhaus.org')]: { A: ['127.0.0.2', '127.0.0.4'] },
    [name(held, 'psbl.surriel.com')]: { A: ['127.0.0.2'] },
    [name(free, 'psbl.surriel.com')]: { A: ['127.0.0.2'] },
  });
  const { db, deps } = world;
  await askListsDue({ db, dns: deps.dns, policy: deps.policy, now: () => world.now });
  const { id } = await db('ips').where({ address: held }).first('id');
  const browser = await openBrowser(t);
  const faults: Record<string, unknown> = {};
  const look = async (email: string, address: string, submit?: string) => {
    const sitter = await sitDown(browser, world.url);
    await sitter.signIn(email);
    const go = async () => {
      await sitter.goto(address);
      if (submit === undefined) return;
      await sitter.page.getByText('Add IPs', { exact: true }).first().click();
      await sitter.page.getByLabel('Addresses', { exact: true }).fill(submit);
      await sitter.page.getByRole('button', { name: 'Add IPs' }).click();
    };
    const found = await visit(sitter, { route: address, status: submit === undefined ? 200 : 422, go });
    if (Object.values(found).some((list) => list.length > 0)) faults[`${email}, ${address}`] = found;
    t.pass();
  };
  await look(admin.email, '/inventory');
  await look(admin.email, `/ips/${id}/sending`);
  await look(acme.admin.email, `/ips/${id}/sending`);
  await look(admin.email, '/inventory', '10.0.0.0/8\n203.0.113.300\n::ffff:203.0.113.5\n8.0.0.0/8\n2001:db8::/64');
  t.deepEqual(faults, {});
});
