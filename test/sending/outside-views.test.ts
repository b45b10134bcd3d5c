import test from 'ava';
import { outsideViewsOfIp } from '../../src/sending/outside-views.ts';
import * as make from '../support/make.ts';
import { onBothEngines } from '../support/world.ts';

onBothEngines(
  'S-25: the page of an IP leads its holder and staff to what Google, Microsoft and MX Toolbox see of it',
  async (t, world) => {
    const acme = await make.account(world);
    const [address = ''] = await make.ips(world, 'us', 1);
    await make.decided(world, await make.request(world, acme.admin, { ipCount: 1 }));
    const { id } = await world.db('ips').where({ address }).first('id');
    const { reviewer } = await make.staff(world);
    for (const email of [acme.admin.email, reviewer.email]) {
      const { html } = await (await world.signedIn(email)).get(`/ips/${id}/sending`);
      for (const { href } of outsideViewsOfIp(address))
        t.true(html.includes(`<a href="${href}" rel="external noreferrer">`), `${email}: ${href}`);
      t.true(html.includes(`action=blacklist%3A${address}"`), 'asked about this very IP');
    }
  },
);

onBothEngines('S-25: the Mail Servers page of a domain leads to what others see of the domain', async (t, world) => {
  const acme = await make.account(world);
  const [domain] = acme.domains;
  const { html } = await (await world.signedIn(acme.admin.email)).get(`/domains/${domain?.id}`);
  t.true(html.includes('href="https://postmaster.google.com/"'));
  t.true(html.includes(`action=blacklist%3A${domain?.name}"`));
});

test('S-25: an IPv6 address is written into a link so that it stays one', (t) => {
  const { searchParams } = new URL(outsideViewsOfIp('2001:db8::5')[1]?.href ?? '');
  t.is(searchParams.get('action'), 'blacklist:2001:db8::5');
});
