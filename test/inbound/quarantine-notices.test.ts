// Staff hear that mail waits in quarantine: at most once a day, as they want it, and never what it says.
import { tellOfQuarantine } from '../../src/inbound/quarantine/background.ts';
import { chooseMails } from '../../src/notifications/preferences/actions.ts';
import { sendSummaries } from '../../src/requests/digest/background.ts';
import { reference } from '../../src/requests/request.ts';
import * as make from '../support/make.ts';
import { recordsOf } from '../support/notified.ts';
import { INBOUND, received, replyToOf } from '../support/replies.ts';
import { DAY, HOUR, onBothEngines, type World } from '../support/world.ts';

const SECRET = 'Approve it, says quokka.';

async function scene(world: World) {
  const staff = await make.staff(world);
  const acme = await make.account(world);
  const id = await make.request(world, acme.admin);
  const arrives = () => make.quarantined(world, id, acme.admin, SECRET);
  return { ...staff, acme, id, arrives, tell: () => tellOfQuarantine(world.db, world.now) };
}

/** The notices that were queued, by who gets them. */
const notices = async ({ db }: World): Promise<[string, { waiting: number; references: string[]; more: number }][]> => {
  const rows = await db('outbox as o')
    .join('people as p', 'p.id', 'o.recipient_id')
    .where({ template: 'mail-quarantined' })
    .orderBy('o.id')
    .select('p.name', 'o.facts');
  return rows.map(({ name, facts }) => [name, JSON.parse(facts)]);
};

onBothEngines(
  'all who may add a mail from quarantine are told once of many, and of later ones a day later',
  async (t, world) => {
    const { id, arrives, tell, reviewer, reviewer2, admin } = await scene(world);
    t.is(await tell(), 0);
    await arrives();
    await arrives();
    t.is(await tell(), 3);
    t.is(await tell(), 0);
    const first = await notices(world);
    t.deepEqual(first.map(([name]) => name).toSorted(), [admin.name, reviewer.name, reviewer2.name].toSorted());
    for (const [, facts] of first) t.deepEqual(facts, { waiting: 2, references: [reference(id)], more: 0 });
    t.like((await recordsOf(world, id)).at(-1), { name: 'request.quarantineTold', who: null });
    world.now += HOUR;
    await arrives();
    t.is(await tell(), 0);
    world.now += DAY - HOUR - 1;
    t.is(await tell(), 0);
    world.now += 1;
    t.is(await tell(), 3);
    t.is((await notices(world)).at(-1)?.[1].waiting, 3);
    world.now += DAY;
    t.is(await tell(), 0, 'nothing came since');
  },
);

onBothEngines(
  'what a mail in quarantine says, and who it says that wrote it, is in no notice, nor is there an address to reply to',
  async (t, world) => {
    const { arrives, tell, reviewer } = await scene(world);
    await arrives();
    await tell();
    const mail = (await received(t, world, reviewer.email)).at(-1);
    t.is(mail?.mail.subject, 'A reply by mail is waiting in quarantine');
    t.notRegex(`${mail?.mail.text} ${mail?.mail.html}`, /quokka|ann@private|Re: Your request/);
    t.regex(mail?.mail.text ?? '', /\/mail\/inbound/);
    t.is(replyToOf(mail), '');
    t.is(mail?.mail.headers.get('auto-submitted'), 'auto-generated');
  },
  INBOUND,
);

onBothEngines(
  'R-05: staff of a customer’s own account neither hear of mails about its requests nor are counted them',
  async (t, world) => {
    const { acme, id, arrives, tell, reviewer } = await scene(world);
    const insider = await make.insider(world, acme.id);
    await arrives();
    await tell();
    t.false((await notices(world)).some(([name]) => name === insider.name));
    const other = await make.account(world, { name: 'Birch' });
    const theirs = await make.request(world, other.admin);
    await make.quarantined(world, theirs, other.admin, SECRET);
    world.now += DAY;
    t.is(await tell(), 4);
    t.deepEqual((await notices(world)).find(([name]) => name === insider.name)?.[1].waiting, 1);
    t.regex((await (await world.signedIn(insider.email)).get('/review')).text, /1 mail in quarantine/);
    t.regex((await (await world.signedIn(reviewer.email)).get('/review')).text, /2 mails in quarantine/);
    world.now += DAY;
    await make.quarantined(world, theirs, other.admin, SECRET);
    await arrives();
    t.is(await tell(), 4, 'of the other account’s');
    const { name, facts } = (await recordsOf(world, id)).at(-1) ?? {};
    t.is(name, 'request.quarantineTold');
    t.false(JSON.stringify(facts).includes(insider.name), 'nor does the record of theirs say so');
  },
  INBOUND,
);

onBothEngines('a notice comes as people want it: at once, in the summary, or not at all', async (t, world) => {
  const { arrives, tell, reviewer, reviewer2, admin } = await scene(world);
  const choose = (person: typeof reviewer, quarantine: 'digest' | 'off') =>
    chooseMails(world.db, { person, at: world.now }, { of: person }, { quarantine });
  await choose(reviewer, 'digest');
  await choose(reviewer2, 'off');
  await arrives();
  await tell();
  t.deepEqual(
    (await notices(world)).map(([name]) => name),
    [admin.name],
  );
  world.now += DAY;
  t.is(await sendSummaries(world.db, world.now), 1);
  const summary = (await received(t, world, reviewer.email)).at(-1);
  t.regex(summary?.mail.text ?? '', /Since the last summary:\s+- A reply by mail is waiting in quarantine/);
  t.regex((await (await world.signedIn(reviewer.email)).get('/profile/mails')).text, /Replies in quarantine/);
});

onBothEngines('two processes that tell at once tell once, 5 rounds', async (t, world) => {
  const { arrives, tell } = await scene(world);
  for (let round = 1; round <= 5; round += 1) {
    await arrives();
    await Promise.all([tell(), tell()]);
    t.is((await notices(world)).length, 3 * round);
    world.now += DAY;
  }
});
