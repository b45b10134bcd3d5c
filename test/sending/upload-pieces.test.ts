// A file of counts is kept, then stored in pieces: short transactions, in order, finished by whichever process is there.
import { Readable } from 'node:stream';
import ava from 'ava';
import fc from 'fast-check';
import { openDatabase } from '../../src/database.ts';
import { dayOf } from '../../src/day.ts';
import { plainCount } from '../../src/sending/counts.ts';
import { checkFile, keepUpload } from '../../src/sending/upload/actions.ts';
import { dropAbandoned, storeUploads } from '../../src/sending/upload/background.ts';
import { Spool } from '../../src/sending/upload/spool.ts';
import { insertPart, insertUpload, markKept, packed } from '../../src/sending/upload/store.ts';
import { evaluateDue } from '../../src/warmup/daily/run.ts';
import { everythingStored } from '../support/dump.ts';
import { itself } from '../support/people.ts';
import { counted, dayText, reporting } from '../support/reporting.ts';
import { DAY, HOUR, MINUTE, onBothEngines, type World } from '../support/world.ts';

const HEADER = 'day,domain,via,provider,stream,sent,delivered,deferred,bounced,complained\n';
const PROVIDERS = ['gmail', 'microsoft', 'yahoo', 'apple', 'other'];

/** Keeps a file about shop.acme.example: ten rows a day over the shared pools. Returns its id. */
async function kept(world: World, days: number, sent = 100): Promise<number> {
  const rows: string[] = [HEADER];
  for (let ago = 0; ago < days; ago += 1)
    for (const provider of PROVIDERS)
      for (const via of ['shared-us', 'shared-eu'])
        rows.push(`${dayText(world, ago)},shop.acme.example,${via},${provider},marketing,${sent},90,5,3,1\n`);
  const bytes = Readable.from([Buffer.from(rows.join(''))]);
  const checked = await checkFile(world.db, world.deps.policy.document, bytes, { now: world.now });
  const id = await keepUpload(world.db, itself(world), 'counts.csv', checked);
  await checked.spool.close();
  return id;
}

/** Stops after some pieces. */
const after = (pieces: number) => {
  let asked = 0;
  return () => asked++ >= pieces;
};

onBothEngines('no transaction of an upload has more than 4,000 rows or twenty statements', async (t, world) => {
  t.timeout(5 * MINUTE);
  await reporting(world);
  const taken = new Map<string, { statements: number; rows: number }>();
  world.db.on('query', ({ __knexTxId, bindings }: { __knexTxId: string; bindings: readonly unknown[] }) => {
    const one = taken.get(__knexTxId) ?? { statements: 0, rows: 0 };
    const lists = (bindings ?? []).filter((value): value is string => typeof value === 'string' && /^\[\[/.test(value));
    const rows = Math.max(one.rows, ...lists.map((list) => JSON.parse(list).length));
    taken.set(__knexTxId, { statements: one.statements + 1, rows });
  });
  await kept(world, 950);
  await storeUploads(world.deps);
  t.is((await world.db('sending_counts')).length, 9500);
  const stored = [...taken.values()].filter(({ rows }) => rows > 0);
  t.is(
    stored.reduce((sum, { rows }) => sum + rows, 0),
    9500,
  );
  for (const { statements, rows } of taken.values()) t.true(rows <= 4000 && statements <= 20, `${rows} ${statements}`);
});

ava('a domain’s rows are in one piece where they fit, and each row is in one', async (t) => {
  const rows = fc.array(fc.record({ domainId: fc.integer({ min: 1, max: 200 }), day: fc.nat(20_000) }), {
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(rows, fc.integer({ min: 1, max: 12 }), async (some, most) => {
      const spool = await Spool.open();
      const counts = some.map(({ domainId, day }) => ({
        ...plainCount({ day, sent: 9, bounced: 1, complained: 0 }),
        domainId,
      }));
      for (const [line, count] of counts.entries()) await spool.add(count, line);
      await spool.end();
      const pieces: [number, number][][] = [];
      for await (const { list, rows: told } of spool.lists(most)) {
        pieces.push(JSON.parse(list));
        if (told !== pieces.at(-1)?.length) return false;
      }
      await spool.close();
      const key = ([domain, day]: readonly number[]) => `${domain} ${day}`;
      const all = pieces.flat().map(key).sort();
      const isWhole = (domain: number) =>
        counts.filter(({ domainId }) => domainId === domain).length > most ||
        pieces.filter((piece) => piece.some(([one]) => one === domain)).length === 1;
      return (
        pieces.every(({ length }) => length > 0 && length <= most) &&
        all.join() ===
          some
            .map(({ domainId, day }) => key([domainId, day]))
            .sort()
            .join() &&
        some.every(({ domainId }) => isWhole(domainId))
      );
    }),
    { numRuns: 60 },
  );
  t.pass();
});

onBothEngines('pages say that counts are being stored and how far, and customers only that', async (t, world) => {
  t.timeout(5 * MINUTE);
  const { staff, acme } = await reporting(world);
  const reviewer = await world.signedIn(staff.reviewer.email);
  const customer = await world.signedIn(acme.member.email);
  const id = await kept(world, 850);
  await storeUploads(world.deps, after(1));
  const own = `/sending/uploads/${id}`;
  t.regex((await reviewer.get(own)).text, /Counts are being stored: 4,000 of 8,500 rows.*Accepted as new 4,000/);
  for (const page of ['/pools', `/customers/${acme.id}/sending`])
    t.regex((await reviewer.get(page)).text, /Counts are being stored: 4,000 of 8,500 rows/, page);
  t.regex((await reviewer.get('/sending/upload')).text, /counts\.csv .* 8,500 4,000 stored/);
  const told = (await customer.get('/sending')).text;
  t.regex(told, /New counts are being stored/);
  t.notRegex(told, /8,500/);
  await storeUploads(world.deps);
  t.regex((await reviewer.get(own)).text, /8,500 rows accepted.*Accepted as new 8,500/);
  for (const page of ['/pools', `/customers/${acme.id}/sending`, '/sending/upload'])
    t.notRegex((await reviewer.get(page)).text, /being stored/, page);
});

onBothEngines('several processes store each piece once, and of two files the later counts', async (t, world) => {
  t.timeout(5 * MINUTE);
  await reporting(world);
  await kept(world, 850, 100);
  await kept(world, 850, 200);
  await storeUploads(world.deps, after(1));
  const databases = await Promise.all([1, 2, 3].map(() => openDatabase(world.databaseUrl)));
  t.teardown(() => Promise.all(databases.map((db) => db.destroy())));
  const pieces = await Promise.all(databases.map((db) => storeUploads({ db, now: world.deps.now })));
  t.is(
    pieces.reduce((sum, one) => sum + one, 0),
    5,
    'three pieces a file',
  );
  const rows = await counted(world);
  t.is(rows.length, 8500);
  t.true(rows.every((row) => row.includes(' 200 90 ')));
  const events = await world.db('audit_events').where({ name: 'counts.uploaded' }).orderBy('id').pluck('facts');
  t.deepEqual(
    events.map((facts: string) => JSON.parse(facts)),
    [
      { file: 'counts.csv', rows: 8500, new: 8500, replaced: 0 },
      { file: 'counts.csv', rows: 8500, new: 0, replaced: 8500 },
    ],
  );
  t.is((await world.db('sending_upload_parts')).length, 0);
});

onBothEngines('in one process nobody stores in the pauses of another', async (t, world) => {
  t.timeout(5 * MINUTE);
  await reporting(world);
  await kept(world, 1);
  await kept(world, 2);
  t.deepEqual(await Promise.all([storeUploads(world.deps), storeUploads(world.deps)]), [2, 0]);
});

onBothEngines('what was not kept whole is not stored, and is gone an hour later', async (t, world) => {
  await reporting(world);
  const before = await everythingStored(world.db);
  const file = { file: 'a.csv', contentHash: 'x', counts: 2, madeById: null, madeAt: world.now };
  const uploadId = await insertUpload(world.db, file);
  await insertPart(world.db, { uploadId, part: 1, counts: 1, list: await packed('[[1]]') });
  t.is(await storeUploads(world.deps), 0);
  t.false(await markKept(world.db, uploadId, world.now), 'a piece is missing');
  world.now += HOUR;
  t.is(await dropAbandoned(world.db, world.now), 0);
  world.now += 1;
  t.is(await dropAbandoned(world.db, world.now), 1);
  t.deepEqual(await everythingStored(world.db), before);
  t.false(await markKept(world.db, uploadId, world.now));
});

onBothEngines('a file waits for an older one that is still being kept, for ten minutes at most', async (t, world) => {
  await reporting(world);
  const older = { file: 'a.csv', contentHash: 'x', counts: 1, madeById: null, madeAt: world.now };
  await insertUpload(world.db, older);
  await kept(world, 1);
  t.is(await storeUploads(world.deps), 0, 'the older one would win over it');
  world.now += 10 * MINUTE;
  t.is(await storeUploads(world.deps), 1, 'who kept that was killed');
});

onBothEngines('a file that cannot be kept leaves nothing', async (t, world) => {
  await reporting(world);
  const before = await everythingStored(world.db);
  async function* lists() {
    for (let piece = 0; piece < 30; piece += 1) yield { list: '[[1]]', rows: 1 };
    throw new Error('the disk is gone');
  }
  const checked = { rows: 40, rejected: 0, rejectedLines: [], contentHash: 'x', spool: { lists } as unknown as Spool };
  await t.throwsAsync(keepUpload(world.db, itself(world), 'a.csv', checked), { message: 'the disk is gone' });
  t.deepEqual(await everythingStored(world.db), before);
});

onBothEngines('no day is judged while a file is stored, but for one that takes over an hour', async (t, world) => {
  t.timeout(5 * MINUTE);
  await reporting(world);
  const { starts_on } = await world.db('warmups').first('starts_on');
  world.now = (starts_on + 1) * DAY + 12 * HOUR;
  const evaluate = () => evaluateDue(world.db, world.deps.policy.document, world.now);
  const judged = async () => (await world.db('warmup_days')).length;
  await kept(world, 2);
  await evaluate();
  t.is(await judged(), 0);
  t.is((await world.db('warmups').first('status')).status, 'running', 'it began all the same');
  world.now += HOUR;
  await evaluate();
  t.is(await judged(), 1);
  world.now += DAY;
  await kept(world, 2);
  await evaluate();
  t.is(await judged(), 1);
  await storeUploads(world.deps);
  await evaluate();
  t.is(await judged(), 2);
  t.true(dayOf(world.now) > starts_on);
});
