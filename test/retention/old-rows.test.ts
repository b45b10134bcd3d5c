// Mails, days of warm-ups, entries of blocklists and used links go once they are old; what is asked for later stays.
import { sweepLinks } from '../../src/accounts/reset/retention/background.ts';
import { checkData } from '../../src/invariants/store.ts';
import { sweepListings } from '../../src/ips/listings/retention/background.ts';
import { sendAgain } from '../../src/notifications/actions.ts';
import { sweepMails, sweepWithheld } from '../../src/notifications/retention/background.ts';
import { sweepWarmupDays } from '../../src/warmup/retention/background.ts';
import { addReader, queue } from '../support/outbox.ts';
import { acmeWithIp } from '../support/scene.ts';
import { begun, goodDay, warmupNow } from '../support/warm.ts';
import { lived } from '../support/warm-ups.ts';
import { DAY, MINUTE, onBothEngines, type World } from '../support/world.ts';

const sentAt = (at: number) => ({
  ...{ status: 'sent', next_at: null, claim_token: null, claimed_until: null },
  ...{ sent_at: at, smtp_reply: '250 ok' },
});
const statuses = (world: World): Promise<string[]> => world.db('outbox').orderBy('id').pluck('status');

onBothEngines('mails go by their last end, what waits stays, and pages say so', async (t, world) => {
  const { staff } = await acmeWithIp(world);
  const { db } = world;
  const keep = world.deps.config.keep;
  const ids: number[] = await db('outbox').orderBy('id').pluck('id');
  t.true(ids.length >= 4);
  const [failed = 0, waiting = 0, bounced = 0] = ids;
  await db('outbox').update(sentAt(world.now));
  await db('outbox').where({ id: failed }).update({ status: 'failed', sent_at: null });
  await db('outbox').where({ id: waiting }).update({ status: 'waiting', sent_at: null, next_at: world.now });
  await db('outbox')
    .where({ id: bounced })
    .update({ bounced_at: world.now + 3 * DAY, bounce_reply: '550 no' });
  const later = (days: number) => sweepMails({ db, keep, at: world.now + days * DAY });
  t.like(await later(400), { removed: 0 });
  t.like(await later(401), { removed: ids.length - 2 });
  t.deepEqual(await statuses(world), ['waiting', 'sent'], 'one waits, one came back later');
  t.like(await later(404), { removed: 1 });
  const admin = await world.signedIn(staff.admin.email);
  t.regex(
    (await admin.get('/mail?tab=sent')).text,
    /Mails that were sent or failed more than 400 days ago are removed\./,
  );
  t.notRegex((await admin.get('/mail?tab=waiting')).text, /are removed/);
});

onBothEngines('a failed mail that was sent again is kept from then on', async (t, world) => {
  const { db } = world;
  const { reviewer } = (await acmeWithIp(world)).staff;
  await db('outbox').update(sentAt(world.now));
  const reader = await addReader(db, 'late@example.com');
  await queue(world, [reader]);
  const { id } = await db('outbox').orderBy('id', 'desc').first();
  await db('outbox').where({ id }).update({ status: 'failed', next_at: null });
  const begunAt = world.now;
  world.now += 300 * DAY;
  const again = await sendAgain(db, { person: reviewer, at: world.now }, id, () => 'A mail');
  t.true(again.ok);
  await db('outbox').where({ id }).update({ status: 'failed', next_at: null });
  await sweepMails({ db, keep: world.deps.config.keep, at: begunAt + 401 * DAY });
  t.deepEqual(await db('outbox').pluck('id'), [id]);
  t.like(await sweepMails({ db, keep: world.deps.config.keep, at: begunAt + 701 * DAY }), { removed: 1 });
});

onBothEngines('what was not mailed goes with the mails', async (t, world) => {
  const { acme } = await acmeWithIp(world);
  const { event_id, recipient_id, template, facts } = await world
    .db('outbox')
    .where({ recipient_id: acme.owner.id })
    .first();
  const row = { event_id, recipient_id, template, facts, choice: 'off', created_at: world.now };
  await world.db('withheld_mails').insert(row);
  await world.db('outbox').where({ event_id, recipient_id }).delete();
  t.like(await sweepWithheld({ db: world.db, keep: world.deps.config.keep, at: world.now + 400 * DAY }), {
    removed: 0,
  });
  t.like(await sweepWithheld({ db: world.db, keep: world.deps.config.keep, at: world.now + 401 * DAY }), {
    removed: 1,
  });
});

onBothEngines('more mails than a piece are removed in several, and those that are young end it', async (t, world) => {
  const readers = await Promise.all(
    Array.from({ length: 40 }, (_, nth) => addReader(world.db, `reader-${nth}@example.com`)),
  );
  for (let nth = 0; nth < 30; nth += 1) await queue(world, readers);
  await world.db('outbox').update(sentAt(world.now));
  world.now += 200 * DAY;
  await queue(world, readers);
  t.like(await sweepMails({ db: world.db, keep: world.deps.config.keep, at: world.now + 201 * DAY }), {
    removed: 1200,
    pieces: 3,
  });
  t.is((await statuses(world)).length, 40);
});

onBothEngines('the days of a warm-up that ended are summed up on its page', async (t, world) => {
  const { db, deps } = world;
  const { warmupId, allocationId } = await acmeWithIp(world);
  await lived(deps, warmupId, { days: 20 });
  const { sent } = (await db('warmup_days').sum({ sent: 'sent' }).first()) ?? {};
  const keep = { ...deps.config.keep, warmups: 90 };
  t.like(await sweepWarmupDays({ db, keep, at: world.now + 500 * DAY }), { removed: 0 }, 'it runs');
  const owner = await world.signedIn('owner@acme.example');
  const { ip_id: ipId } = await db('allocations').where({ id: allocationId }).first();
  const asked = await owner.get(`/ips/${ipId}/release`);
  await owner.submit(asked, `/ips/${ipId}/release`, { reason: 'Not needed any more.' });
  t.is((await db('warmups').first()).status, 'ended');
  await db('retention').delete();
  t.like(await sweepWarmupDays({ db, keep, at: world.now + 89 * DAY }), { removed: 0 });
  t.like(await sweepWarmupDays({ db, keep, at: world.now + 90 * DAY }), { removed: 20 });
  t.is((await db('warmup_days')).length, 0);
  const page = await owner.get(`/warm-ups/${warmupId}`);
  t.regex(page.text, /are not kept one by one any more: on 20 days, [\d,]+ messages were sent/);
  t.is(Number((await db('warmup_totals').first()).sent), Number(sent));
});

onBothEngines(
  'an IP that warms up once more has been complete before, also once those days are gone',
  async (t, world) => {
    t.timeout(5 * MINUTE);
    const scene = await acmeWithIp(world);
    const { db } = world;
    await begun(world, scene);
    while ((await warmupNow(world, scene.warmupId)).status !== 'complete') await goodDay(world, scene);
    const { length } = await db('warmup_days');
    world.now += 91 * DAY;
    t.like(await sweepWarmupDays({ db, keep: { ...world.deps.config.keep, warmups: 90 }, at: world.now }), {
      removed: length,
    });
    const { last_day: last, completions } = await db('warmup_totals').first();
    t.is(completions, 1);
    const day = { warmup_id: scene.warmupId, day: last + 2, stage: 1, stage_cap: 200, cap: 200 };
    await db('warmups')
      .where({ id: scene.warmupId })
      .update({ next_day: last + 3 });
    await db('warmup_days').insert({ ...day, sent: 5, delivered: 4, verdict: 'hold', why: 'Few.' });
    t.deepEqual(await checkData(db, world.now), [], 'although no day that is left completed it');
    world.now += DAY;
    await sweepWarmupDays({ db, keep: { ...world.deps.config.keep, warmups: 90 }, at: world.now });
    t.like(await db('warmup_totals').first(), { days: length + 1, last_day: last + 2, completions: 1 });
  },
);

onBothEngines('entries of blocklists that ended, and links that were used, go', async (t, world) => {
  const { db } = world;
  const { acme } = await acmeWithIp(world);
  const { id: ip_id } = await db('ips').where({ status: 'free' }).first();
  const entry = { ip_id, zone: 'bl.example', name: 'List', codes: '127.0.0.2', found_at: 1, seen_at: 2 };
  await db('ip_listings').insert([
    { ...entry, gone_at: world.now },
    { ...entry, gone_at: null },
  ]);
  t.like(await sweepListings({ db, keep: world.deps.config.keep, at: world.now + 800 * DAY }), { removed: 0 });
  t.like(await sweepListings({ db, keep: world.deps.config.keep, at: world.now + 801 * DAY }), { removed: 1 });
  t.deepEqual(await db('ip_listings').pluck('gone_at'), [null]);
  const link = { person_id: acme.owner.id, kind: 'reset', created_at: 1, expires_at: 2 };
  await db('password_resets').insert([
    { ...link, token_hash: 'a', used_at: world.now },
    { ...link, token_hash: 'b', used_at: null },
  ]);
  t.like(await sweepLinks({ db, keep: world.deps.config.keep, at: world.now + 91 * DAY }), { removed: 1 });
  t.deepEqual(await db('password_resets').pluck('token_hash'), ['b']);
});
