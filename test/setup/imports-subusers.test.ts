// Importing subusers with the customers they belong to.
import test from 'ava';
import { runImports } from '../../src/imports/actions.ts';
import { Spool } from '../../src/imports/spool.ts';
import { checkData } from '../../src/invariants/store.ts';
import { closeAccount, suspendAccount } from '../../src/requests/account/actions.ts';
import { everythingStored } from '../support/dump.ts';
import * as make from '../support/make.ts';
import type { Visitor } from '../support/visitor.ts';
import { onBothEngines, type World } from '../support/world.ts';

async function send(visitor: Visitor, content: string) {
  const form = new FormData();
  form.append('file', new Blob([content]), 'customers.csv');
  return visitor.send('/customers/import', form);
}

const administrator = async (world: World): Promise<Visitor> => world.signedIn((await make.staff(world)).admin.email);
const countIn = async (world: World, table: string): Promise<number> =>
  Number((await world.db(table).count({ n: '*' }).first())?.['n']);
/** The route goes on in the background; this waits until nothing is left. */
const untilDone = async (world: World): Promise<void> => {
  while ((await countIn(world, 'import_parts')) > 0) await runImports(world.deps);
  while (await world.db('imports').whereNull('finished_at').first()) await new Promise((soon) => setImmediate(soon));
};

const WITH_PARENT = 'customer,plan,region,email,name,role,domains,parent';
const family = (...lines: readonly string[]): string => [WITH_PARENT, ...lines, ''].join('\n');

onBothEngines(
  'S-23: subusers come in a file below a parent that is stored or right before them, on its plan and in a region of their own',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme' });
    const visitor = await administrator(world);
    const answer = await send(
      visitor,
      family(
        'Labs,,eu,li@labs.example,Li,,labs.example,ACME',
        'Labs,premium,eu,bo@labs.example,Bo,billing,,Acme',
        'Group,enterprise,,gil@group.example,Gil,,group.example,',
        'Group US,enterprise,us,,,,us.group.example,Group',
        'Group EU,,eu,,,,eu.group.example,Group',
      ),
    );
    t.regex(answer.location ?? '', /^\/imports\/\d+$/, answer.text);
    await untilDone(world);
    t.regex((await visitor.get(answer.location ?? '')).text, /Done 4 of 4 customers/);
    const rows = await world
      .db('accounts as a')
      .leftJoin('accounts as p', 'p.id', 'a.parent_id')
      .whereNot('a.id', acme.id)
      .orderBy('a.name_key')
      .select('a.name', 'a.plan', 'a.region', { parent: 'p.name' });
    t.deepEqual(
      rows.map(({ name, plan, region, parent }) => [name, plan, region, parent]),
      [
        ['Group', 'enterprise', null, null],
        ['Group EU', 'enterprise', 'eu', 'Group'],
        ['Group US', 'enterprise', 'us', 'Group'],
        ['Labs', 'premium', 'eu', 'Acme'],
      ],
    );
    t.deepEqual(await checkData(world.db, world.now), []);
    const owner = await world.signedIn(acme.admin.email);
    t.regex((await owner.get('/subusers')).text, /Labs EU 2 1 Active/);
    t.regex((await owner.get('/history')).text, /created the subuser Labs in EU/);
  },
);

onBothEngines('each line whose parent cannot be is told with its number, and nothing is stored', async (t, world) => {
  const acme = await make.account(world, { name: 'Acme' });
  await make.subuser(world, acme, { name: 'Below' });
  const gone = await make.account(world, { name: 'Gone' });
  const actor = { person: (await make.staff(world)).admin, at: world.now };
  t.true((await suspendAccount(world.db, actor, { id: gone.id, version: 1, reason: 'Unpaid.' })).ok);
  const visitor = await administrator(world);
  const before = await everythingStored(world.db);
  const answer = await send(
    visitor,
    family(
      'A,,us,,,,,Nobody',
      'B,,us,,,,,Below',
      'C,,us,,,,,Gone',
      'D,essentials,us,,,,,Acme',
      'E,,any,,,,,Acme',
      'F,,us,,,,,f',
      'G,premium,,,,,,',
      'H,,us,,,,,Acme',
      'I,,us,,,,,G',
      'J,premium,,,,,,',
      'K,,us,,,,,G',
      'I2,,us,,,,,I',
      'L,,us,,,,,Acme',
      'L,,us,,,,,J',
      'M,,,,,,,',
    ),
  );
  t.is(answer.status, 422);
  for (const line of [
    /Line 2: No customer is called Nobody\. Put the lines of a parent right before those of its subusers\./,
    /Line 3: Below is a subuser itself, and has no subusers\./,
    /Line 4: Gone is suspended\. Reopen it first\./,
    /Line 5: The field plan must be empty or premium, the plan of Acme\./,
    /Line 6: The field region must be us or eu for a subuser: it is fixed with it\./,
    /Line 7: The field parent names the customer itself\./,
    /Line 12: No customer is called G\./,
    /Line 13: No customer is called I\./,
    /Line 15: Its plan, region and parent must be those of line 14, which is the same customer\./,
    /Line 16: The field plan must be one of/,
  ])
    t.regex(answer.text, line);
  for (const right of [8, 9, 10, 11, 14]) t.notRegex(answer.text, new RegExp(`Line ${right}:`));
  t.deepEqual(await everythingStored(world.db), before);
});

onBothEngines('a file has at most 2,000 subusers of a customer that is in it too', async (t, world) => {
  const visitor = await administrator(world);
  const below = Array.from({ length: 2_001 }, (_, nth) => `Sub ${nth},,us,,,,,Group`);
  const answer = await send(visitor, family('Group,premium,,,,,,', ...below));
  t.is(answer.status, 422);
  t.regex(answer.text, /Line 2,003: A file has at most 2,000 subusers of a customer that is in it too\./);
  t.notRegex(answer.text, /Line 2,002:/);
  t.is(await countIn(world, 'accounts'), 0);
});

onBothEngines(
  'subusers of a file are left out where their parent was closed, or left out itself, since the file was checked',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme' });
    const { admin } = await make.staff(world);
    const below = (name: string, parent: { name: string; isInFile: boolean }) => ({
      ...{ name, plan: 'premium', region: 'us', people: [], domains: [], parent },
    });
    const top = { name: 'Group', plan: 'premium', region: null, domains: [] };
    const people = [{ email: acme.admin.email, name: 'A', role: 'admin' }];
    const items = [
      below('Labs', { name: 'Acme', isInFile: false }),
      { ...top, people },
      below('Group US', { name: 'Group', isInFile: true }),
    ];
    const row = { kind: 'customers', file: 'c.csv', items: 3, invites: false, made_by: admin.id, made_at: 0 };
    const [{ id }] = await world.db('imports').insert(row).returning('id');
    const event = { subject_type: 'import', subject_id: id, seq: 1, name: 'import.begun', at: 0, facts: '{}' };
    await world.db('audit_events').insert(event);
    await world.db('import_parts').insert({ import_id: id, part: 1, list: JSON.stringify(items), items: 3 });
    const closing = { id: acme.id, version: 1, reason: 'It is over.' };
    const actor = { person: admin, at: world.now };
    t.true((await closeAccount(world.db, actor, world.deps.policy.document, closing)).ok);
    await untilDone(world);
    t.deepEqual(await world.db('accounts').pluck('name'), ['Acme']);
    const visitor = await administrator(world);
    t.regex((await visitor.get(`/imports/${id}`)).text, /Labs.*Group.*Group US/);
  },
);

test('a subuser is never in another piece of an import than its parent in the file', async (t) => {
  const spool = await Spool.open();
  for (const [name, follows] of Object.entries({ a: false, b: true, c: true, d: false, e: false, f: true }))
    await spool.add(name, follows);
  await spool.end();
  const lists: string[] = [];
  for await (const { list, items } of spool.lists(2)) lists.push(`${items} ${JSON.parse(list).join('')}`);
  await spool.close();
  t.deepEqual(lists, ['3 abc', '3 def']);
});
