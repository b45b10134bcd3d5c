// Importing customers: checked whole, taken in piece by piece, finished after a crash.
import fc from 'fast-check';
import { runImports } from '../../src/imports/actions.ts';
import { everythingStored } from '../support/dump.ts';
import * as make from '../support/make.ts';
import type { Visitor } from '../support/visitor.ts';
import { onBothEngines, type World } from '../support/world.ts';

const HEADER = 'customer,plan,region,email,name,role,domains';
const file = (...lines: readonly string[]): string => [HEADER, ...lines, ''].join('\n');

async function send(visitor: Visitor, content: string, query = '') {
  const form = new FormData();
  form.append('file', new Blob([content]), 'customers.csv');
  return visitor.send(`/customers/import${query}`, form);
}

const administrator = async (world: World): Promise<Visitor> => world.signedIn((await make.staff(world)).admin.email);
const countIn = async (world: World, table: string): Promise<number> =>
  Number((await world.db(table).count({ n: '*' }).first())?.['n']);
/** The route goes on in the background; this waits until nothing is left. */
const untilDone = async (world: World): Promise<void> => {
  while ((await countIn(world, 'import_parts')) > 0) await runImports(world.deps);
  while (await world.db('imports').whereNull('finished_at').first()) await new Promise((soon) => setImmediate(soon));
};

onBothEngines(
  'a file of customers is taken in with people and domains, each on record, and who sent it is told',
  async (t, world) => {
    const visitor = await administrator(world);
    const answer = await send(
      visitor,
      file(
        'Zoë & Söhne,premium,eu,Zoe@Soehne.example,Zoë,admin,shop.soehne.example mail.soehne.example:transactional',
        'Zoë & Söhne,premium,eu,bo@soehne.example,,billing,',
        '"Quoted, Inc.",essentials,,,,,',
      ),
    );
    t.regex(answer.location ?? '', /^\/imports\/\d+$/);
    await untilDone(world);
    t.regex((await visitor.get(answer.location ?? '')).text, /Done 2 of 2 customers/);
    const soehne = await visitor.get('/customers?q=zoë');
    t.regex(soehne.text, /Zoë & Söhne its name Premium EU 2 2 0 Active/);
    const people = await world.db('people').whereNotNull('account_id').orderBy('email');
    t.deepEqual(
      people.map((one) => [one.email, one.name, one.account_role]),
      [
        ['bo@soehne.example', 'bo', 'billing'],
        ['zoe@soehne.example', 'Zoë', 'admin'],
      ],
    );
    t.deepEqual(await world.db('domains').orderBy('name').pluck('usage'), ['transactional', 'both']);
    t.is(await countIn(world, 'outbox'), 1, 'nobody else is mailed');
    t.regex((await visitor.get('/audit')).text, /Staff admin imported customers\.csv: 2 customers/);
    t.regex((await visitor.get('/audit')).text, /Staff admin added the domain shop\.soehne\.example/);
  },
);

onBothEngines('people of an import are mailed an invitation where that is asked for, once', async (t, world) => {
  const visitor = await administrator(world);
  await send(visitor, file('One,premium,,a@one.example,,,', 'Two,premium,,b@two.example,,,'), '?invite=1');
  await untilDone(world);
  t.deepEqual((await world.db('outbox').where({ template: 'invitation' }).pluck('to_address')).sort(), [
    'a@one.example',
    'b@two.example',
  ]);
});

onBothEngines('each line that cannot be taken is told with its number, and nothing is stored', async (t, world) => {
  const acme = await make.account(world, { name: 'Acme' });
  const visitor = await administrator(world);
  const before = await everythingStored(world.db);
  const answer = await send(
    visitor,
    file(
      'One,gold,mars,nobody,,owner,no_domain',
      '=cmd,premium,,,,,',
      `New,premium,,${acme.member.email},,,`,
      'acme,premium,,,,,',
      `Other,premium,,,,,${acme.domains[0]?.name}`,
      'Twice,premium,,a@twice.example,,,twice.example',
      'Between,premium,,a@TWICE.example,,,twice.example',
      'Twice,premium,,,,,',
      'Two plans,premium,,c@two.example,,,',
      'Two plans,essentials,,d@two.example,,,',
      '\u202eTurned,premium,,,,,',
      'too,few',
    ),
  );
  t.is(answer.status, 422);
  for (const line of [
    /Line 2:.*The field plan must be one of essentials, premium and enterprise, not “gold”.*region.*email.*role.*domains/,
    /Line 3:.*begins like a formula/,
    /Line 4: member@acme\.example belongs to somebody here already/,
    /Line 5: acme is a customer already/,
    /Line 6: news\.acme\.example belongs to a customer already/,
    /Line 8:.*The address a@twice\.example is in line 7 already/,
    /Line 8:.*The domain twice\.example is in line 7 already/,
    /Line 9:.*The customer twice is in line 7 already/,
    /Line 11: Its plan, region and parent must be those of line 10/,
    /Line 12:.*changes the direction of the text/,
    /Line 13: It has 2 fields, and the header has 7/,
  ])
    t.regex(answer.text, line);
  for (const [content, sentence] of [
    ['', /The file is empty/],
    ['customer\n', /The header lacks plan/],
    ['customer,plan,shoe size\n', /shoe size/],
    [HEADER, /a header and no line/],
    ['customer,plan\n"open,premium\n', /quotation mark/],
    ['\u0000\u0000', /not CSV in UTF-8/],
  ] as const)
    t.regex((await send(visitor, content)).text, sentence);
  t.is((await visitor.post('/customers/import', {})).status, 422);
  t.deepEqual(await everythingStored(world.db), before);
});

onBothEngines(
  'an import that a crash broke off goes on where it was; of several at once each piece is taken in once',
  async (t, world) => {
    const { admin } = await make.staff(world);
    const items = (part: number) =>
      JSON.stringify(
        Array.from({ length: 50 }, (_, n) => ({
          name: `C ${part}-${n}`,
          plan: 'premium',
          region: null,
          people: [{ email: `p${part}-${n}@c.example`, name: 'P', role: 'admin' }],
          domains: [{ name: `d${part}-${n}.example`, usage: 'both' }],
        })),
      );
    const [{ id }] = await world
      .db('imports')
      .insert({ kind: 'customers', file: 'c.csv', items: 500, invites: false, made_by: admin.id, made_at: 0 })
      .returning('id');
    await world
      .db('audit_events')
      .insert({ subject_type: 'import', subject_id: id, seq: 1, name: 'import.begun', at: 0, facts: '{}' });
    for (let part = 1; part <= 10; part += 1)
      await world.db('import_parts').insert({ import_id: id, part, items: 50, list: items(part) });
    let pieces = 0;
    await runImports(world.deps, () => ++pieces > 3);
    t.like(await world.db('imports').first(), { done: 150, finished_at: null }, 'stopped after three');
    await make.person(world, { email: 'p7-7@c.example', staffRole: 'reviewer' });
    const ran = await Promise.all([runImports(world.deps), runImports(world.deps), runImports(world.deps)]);
    t.is(
      ran.reduce((sum, one) => sum + one, 0),
      7,
    );
    t.is(await countIn(world, 'accounts'), 499);
    const done = await world.db('imports').first();
    t.is(done.done, 500);
    t.not(done.finished_at, null);
    t.deepEqual(JSON.parse(done.left_out), ['C 7-7'], 'what was taken meanwhile is left out, and said');
    t.is(await runImports(world.deps), 0);
    t.is(Number((await world.db('outbox').where({ template: 'import-finished' }).count({ n: '*' }).first())?.['n']), 1);
  },
);

onBothEngines('no file, whatever is in it, makes the import fail or stores a part of it', async (t, world) => {
  const visitor = await administrator(world);
  const cell = fc.oneof(
    fc.constantFrom('Acme', 'premium', 'us', 'a@b.example', 'admin', 'b.example', '=1', '"'),
    fc.string(),
  );
  const lines = fc.array(
    fc.array(cell, { minLength: 1, maxLength: 9 }).map((cells) => cells.join(',')),
    { maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(lines, async (content) => {
      const answer = await send(visitor, file(...content));
      return [303, 422].includes(answer.status);
    }),
    { numRuns: 30 },
  );
  await untilDone(world);
  t.pass();
});
