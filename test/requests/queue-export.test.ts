// The reviewers' queue as a file.
import { eachInJson } from '../../src/dialect.ts';
import { claimRequest } from '../../src/requests/claims/actions.ts';
import { reference } from '../../src/requests/request.ts';
import { addNote } from '../../src/requests/review/actions.ts';
import { MOST_EXPORTED } from '../../src/requests/review/queue/csv.ts';
import { PIECE, rowsOf } from '../../src/requests/review/queue/gather.ts';
import * as make from '../support/make.ts';
import { HOUR, onBothEngines, type World } from '../support/world.ts';

/** One request each of Birch, whom the reviewer has, and of Ash. */
async function scene(world: World) {
  const staff = await make.staff(world);
  await make.ips(world, 'us', 4);
  const send = async (name: string, weekly: number, weeklyVolume: number) => {
    const account = await make.account(world, { name, weekly });
    const id = await make.request(world, account.admin, { weeklyVolume, peakWeeklyVolume: weeklyVolume });
    world.now += HOUR;
    return { account, id };
  };
  const birch = await send('Birch', 180_000, 180_000);
  const ash = await send('Ash', 20_000, 60_000);
  await claimRequest(world.db, { person: staff.reviewer, at: world.now }, birch.id, null);
  return { ...staff, birch, ash };
}

const linesOf = (file: string): string[] => file.trimEnd().split('\r\n').slice(1);

onBothEngines('what is filtered is exported as it is shown, recorded, and with no formula in it', async (t, world) => {
  const { reviewer, ash, birch } = await scene(world);
  await world
    .db('accounts')
    .where({ id: ash.account.id })
    .update({ name: '=HYPERLINK("http://x","y")', plan: 'other' });
  const desk = await world.signedIn(reviewer.email);
  const page = await desk.get('/review?region=us');
  const href = /href="(\/review\.csv[^"]*)"/.exec(page.html)?.[1]?.replaceAll('&amp;', '&') ?? '';
  t.is((await desk.get(href, {}, 'HEAD')).status, 200, 'takes nothing with it, so it is not recorded');
  const file = await desk.get(href);
  t.is(file.status, 200);
  t.regex(file.headers.get('content-disposition') ?? '', /^attachment; filename=requests\.csv$/);
  t.true(file.html.startsWith('reference,'));
  const lines = linesOf(file.html);
  t.is(lines.length, 2);
  t.true(lines[0]?.startsWith(`${reference(birch.id)},Birch,`));
  t.true(lines[0]?.includes(`,Approve,In review,${reviewer.name},`));
  t.true(
    lines[1]?.startsWith(`${reference(ash.id)},"'=HYPERLINK(""http://x"",""y"")",other,dedicated_ip,1,us,60000,20000,`),
  );
  t.deepEqual(linesOf((await desk.get('/review.csv?recommended=approve')).html), [lines[0]]);
  const records = await world.db('audit_events').where({ name: 'queue.exported' }).orderBy('id');
  t.deepEqual(
    records.map((one) => [one.actor_id, JSON.parse(one.facts)]),
    [
      [reviewer.id, { requests: 2, filter: 'region=us' }],
      [reviewer.id, { requests: 1, filter: 'recommended=approve' }],
    ],
  );
  t.regex((await desk.get('/audit')).text, /exported two requests from the queue as a file/);
});

/** Adds copies of a request that were withdrawn; `forget` deletes them, as nothing is recorded about them. */
async function withdrawn(world: World, id: number, count: number): Promise<() => Promise<unknown>> {
  const { id: _, ...row } = await world.db('requests').where({ id }).first();
  const now = { form_token: "'t' || cast(e.value as text)", status: "'withdrawn'", due_at: 'null' };
  const columns: Record<string, string> = { ...now, claimed_by: 'null', claimed_at: 'null', claimed_until: 'null' };
  const names = Object.keys(row);
  await world.db.raw(
    `insert into requests (${names}) select ${names.map((name) => columns[name] ?? `r.${name}`)}
      from requests r cross join ${eachInJson(world.db)} where r.id = ?`,
    [JSON.stringify(Array.from({ length: count }, (__, nth) => nth)), id],
  );
  return () => world.db('requests').where({ status: 'withdrawn' }).delete();
}

onBothEngines('an export that would hold more than it may is refused and says so', async (t, world) => {
  const { reviewer, birch } = await scene(world);
  const forget = await withdrawn(world, birch.id, MOST_EXPORTED + 1);
  const desk = await world.signedIn(reviewer.email);
  const answer = await desk.get('/review.csv?tab=decided&region=us');
  t.is(answer.location, '/review?tab=decided&region=us&note=too-many-to-export');
  t.false((await desk.get('/review?tab=decided')).html.includes('review.csv'));
  t.is((await world.db('audit_events').where({ name: 'queue.exported' })).length, 0);
  await forget();
});

onBothEngines(
  'thousands of requests are exported piece by piece, each once and in the order of the queue',
  async (t, world) => {
    const { reviewer, birch } = await scene(world);
    const forget = await withdrawn(world, birch.id, 3_000);
    const desk = await world.signedIn(reviewer.email);
    const refs = linesOf((await desk.get('/review.csv?tab=all&sort=oldest')).html).map((line) => line.split(',')[0]);
    const ids: number[] = await world.db('requests').orderBy('id').pluck('id');
    t.deepEqual(refs, ids.map(reference));
    let statements = 0;
    world.db.on('query', () => (statements += 1));
    const rows = rowsOf(world.db, ids, { person: reviewer, at: world.now });
    t.is((await rows.next()).value?.length, PIECE);
    const first = statements;
    t.true(first <= 12, `${first} statements for the first piece`);
    let read = PIECE;
    for await (const piece of rows) read += piece.length;
    t.is(read, 3_002);
    t.true(statements > 3 * first, 'the others are read when their turn comes');
    await forget();
  },
);

onBothEngines(
  'an export has begun before all of it is read; where the rest cannot be, the browser is told',
  async (t, world) => {
    const { reviewer, birch } = await scene(world);
    const forget = await withdrawn(world, birch.id, 2_000);
    const last = await world.db('requests').max({ id: 'id' }).first();
    await world.db('requests').where({ id: last?.id }).update({ mailing: '{' });
    const desk = await world.signedIn(reviewer.email);
    const answer = await fetch(`${world.url}/review.csv?tab=all&sort=oldest`, { headers: { cookie: desk.cookie } });
    t.is(answer.status, 200);
    let read = '';
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    await t.throwsAsync(async () => {
      for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read()) read += chunk.value;
    });
    t.true(read.includes(reference(birch.id)), 'what came before it');
    t.false(read.includes(reference(Number(last?.id))));
    t.true(world.logLines.some((line) => line.includes('an export of the queue was cut short')));
    await forget();
  },
);

onBothEngines(
  'R-05: the file has nothing that its reader may not see, however many requests it has',
  async (t, world) => {
    const { reviewer, birch, ash } = await scene(world);
    const insider = await make.insider(world, birch.account.id);
    await claimRequest(world.db, { person: reviewer, at: world.now }, ash.id, null);
    for (const { id } of [birch, ash])
      await addNote(world.db, { person: reviewer, at: world.now }, id, 'The quokka campaign is over.');
    const forget = await withdrawn(world, birch.id, 3 * PIECE);
    const exported = async (email: string, query: string) => {
      const desk = await world.signedIn(email);
      return linesOf((await desk.get(`/review.csv?tab=all&sort=oldest${query}`)).html);
    };
    const [theirs, ours] = [await exported(insider.email, ''), await exported(reviewer.email, '')];
    t.is(theirs.length, ours.length);
    const claimed = (lines: readonly string[]) => lines.filter((line) => line.includes(`,${reviewer.name},`)).length;
    t.deepEqual([claimed(ours), claimed(theirs)], [2, 1], 'not who has a request of their own account');
    t.is((await exported(reviewer.email, '&q=quokka')).length, 2);
    const found = await exported(insider.email, '&q=quokka');
    t.deepEqual(
      found.map((line) => line.split(',')[0]),
      [reference(ash.id)],
      'nor by what a note on it says',
    );
    await forget();
  },
);
