import { dayOf } from '../../src/day.ts';
import { followed } from '../support/asking.ts';
import * as make from '../support/make.ts';
import { dedicated } from '../support/make-requests.ts';
import { DAY, HOUR, onBothEngines, type World } from '../support/world.ts';

const PATH = '/requests/dedicated-ips';

const typed = async (world: World, person: Parameters<typeof dedicated>[1]) => {
  const answers = await dedicated(world, person);
  return {
    domains: answers.domainIds.map(String),
    ipCount: '1',
    weeklyVolume: '180,000',
    peakWeeklyVolume: '',
    stream: 'both',
    region: 'us',
    startsOn: new Date((dayOf(world.now) + 7) * DAY).toISOString().slice(0, 10),
    sends: 'Order news.',
    signup: 'In the shop.',
  };
};

onBothEngines('an account with 400 domains asks for all of them at once', async (t, world) => {
  const acme = await make.account(world);
  const rows = Array.from({ length: 398 }, (_, nth) => ({ accountId: acme.id, name: `d${nth}.acme.example`, nth }));
  const [first] = await world.db('domains').where({ account_id: acme.id });
  const { id: _, ...like } = first;
  await world.db.batchInsert(
    'domains',
    rows.map(({ name }) => ({ ...like, name })),
    50,
  );
  const ids = await world.db('domains').where({ account_id: acme.id }).pluck('id');
  await world.db.batchInsert(
    'audit_events',
    ids
      .filter((id) => !acme.domains.some((domain) => domain.id === id))
      .map((id) => ({
        ...{ subject_type: 'domain', subject_id: id, seq: 1, name: 'domain.added', at: world.now, facts: '{}' },
        ...{ account_id: acme.id, to_status: 'default' },
      })),
    50,
  );
  const visitor = await world.signedIn(acme.admin.email);
  const fields = await typed(world, acme.admin);
  t.is(fields.domains.length, 400);
  const check = await followed(visitor, await visitor.post(PATH, fields));
  t.is(check.status, 200, check.text.slice(0, 300));
  const sent = await visitor.submit(check, PATH, { ...fields, step: 'send' });
  t.regex(sent.location ?? sent.text, /note=request-sent/);
  t.is((await world.db('request_domains')).length, 400);
});

onBothEngines('today is the day of the person who asks, west and east of UTC', async (t, world) => {
  const acme = await make.account(world);
  const zone = (timeZone: string) => world.db('people').where({ id: acme.admin.id }).update({ time_zone: timeZone });
  // In the afternoon of the 23rd in Los Angeles it is the 24th in UTC.
  world.now += 15 * HOUR + 30 * 60_000;
  t.is(new Date(world.now).toISOString(), '2026-11-24T00:30:00.000Z');
  const visitor = await world.signedIn(acme.admin.email);
  const at = async (startsOn: string) =>
    (await visitor.post(PATH, { ...(await typed(world, acme.admin)), startsOn })).status;
  await zone('America/Los_Angeles');
  t.deepEqual([await at('2026-11-22'), await at('2026-11-23'), await at('2026-11-24')], [422, 303, 303]);
  t.regex((await visitor.get('/requests/new/dedicated-ips')).html, /value="2026-11-23"/);
  await zone('UTC');
  t.deepEqual([await at('2026-11-23'), await at('2026-11-24')], [422, 303]);
  world.now += 11 * HOUR;
  await zone('Pacific/Auckland');
  t.deepEqual([await at('2026-11-24'), await at('2026-11-25')], [422, 303]);
});

onBothEngines('the one who lost a race reads who was faster, also where that one wrote a note', async (t, world) => {
  const staff = await make.staff(world);
  const acme = await make.account(world);
  await make.ips(world, 'us', 1);
  const id = await make.request(world, acme.admin);
  const place = `/review/WD-${1000 + id}`;
  const [one, other] = [await world.signedIn(staff.reviewer.email), await world.signedIn(staff.reviewer2.email)];
  const pages = [await one.get(place), await other.get(place)] as const;
  const won = await one.submit(pages[0], `${place}/approval`, { reason: 'Known for years.' });
  t.is(won.status, 303);
  t.is((await other.post(`${place}/notes`, { note: 'Looks fine.' })).status, 303);
  const lost = await other.submit(pages[1], `${place}/approval`, { reason: '' });
  t.is(lost.status, 409);
  t.regex(lost.text, new RegExp(`somebody else was faster\\. ${staff.reviewer.name} approved it`));
});
