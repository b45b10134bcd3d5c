// C-08: how many IPs suit somebody, on the form and on the page before sending.
import { checked, DEDICATED, dedicatedForm } from '../support/asking.ts';
import * as make from '../support/make.ts';
import { onBothEngines } from '../support/world.ts';

onBothEngines(
  'C-08: the form and the check say what suits today’s mail of each kind, and what is planned',
  async (t, world) => {
    const acme = await make.account(world);
    const [, shop] = acme.domains;
    await world.db('sending_counts').where({ domain_id: shop?.id }).update({ stream: 'transactional' });
    const visitor = await world.signedIn(acme.admin.email);
    const form = await visitor.get('/requests/new/dedicated-ips');
    const today = /Today 180,000 60,000 120,000 One IP\. It is enough for up to three\./;
    t.regex(form.text, today);
    t.is(form.html.match(/class="sizing-ip"/g)?.length, 3, 'drawn: a line for each IP that it is enough for');
    t.notRegex(form.text, /As you plan|if it goes on growing/, 'nothing is planned yet, and nothing grows');
    const check = await checked(visitor, DEDICATED, {
      ...dedicatedForm(acme.domains),
      weeklyVolume: '99,000',
      peakWeeklyVolume: '',
    });
    t.regex(check.text, today);
    t.regex(check.text, /As you plan 99,000 33,000 66,000 One IP\./);
    const one = await checked(visitor, DEDICATED, {
      ...dedicatedForm(acme.domains.slice(0, 1)),
      weeklyVolume: '60,000',
      peakWeeklyVolume: '',
    });
    t.regex(one.text, /Today 60,000 One IP\. As you plan 60,000 One IP\./);
  },
);
