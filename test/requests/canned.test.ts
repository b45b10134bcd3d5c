// Texts that reviewers use again and again.
import ava from 'ava';
import { EXAMPLE, filled, placeholderList, unknownIn, withText } from '../../src/requests/review/canned/canned.ts';
import * as make from '../support/make.ts';
import { onBothEngines, type World } from '../support/world.ts';

const keep = async (world: World, email: string, text: Record<string, string>) =>
  (await world.signedIn(email)).post('/review/answers', {
    purpose: 'ask',
    name: 'Lists',
    body: 'Where from?',
    ...text,
  });

const areaOf = (html: string, name: string): string | undefined =>
  new RegExp(`<textarea[^>]*name="${name}"[^>]*>\\n?([\\s\\S]*?)</textarea>`).exec(html)?.[1];

onBothEngines('a text is offered in its form, filled with what is known of the request', async (t, world) => {
  const { reviewer } = await make.staff(world);
  const acme = await make.account(world, { name: 'Acme {domains} x', weekly: 20_000 });
  const id = await make.request(world, acme.admin, { weeklyVolume: 60_000, peakWeeklyVolume: 60_000 });
  const body =
    '{person}: {request} of {customer} for {IPs} over {domains} states {stated}; measured: {measured}, needed: {needed}.';
  t.is((await keep(world, reviewer.email, { name: 'Too little', purpose: 'decline', body })).status, 303);
  await keep(world, reviewer.email, { name: 'Lists' });
  const desk = await world.signedIn(reviewer.email);
  const path = `/review/WD-${1000 + id}`;
  const declining = await desk.get(`${path}?decision=decline`);
  const text = `${acme.admin.name}: WD-${1000 + id} of Acme {domains} x for one IP over news.acme-domains-x.example and shop.acme-domains-x.example states 60,000 emails a week; measured: 20,000 emails a week, needed: 50,000 emails a week.`;
  t.true(declining.text.includes(text), 'the preview');
  t.notRegex(declining.text, /Where from/, 'that is for another form');
  const [, button] = /name="canned" value="(\d+)"/.exec(declining.html) ?? [];
  const typed = { mode: 'decline', seen: '{}', reason: 'Not yet.', canned: button ?? '' };
  const again = await desk.post(`${path}/text`, typed);
  t.is(again.status, 200);
  t.is(areaOf(again.html, 'reason')?.replaceAll('&#39;', "'"), `Not yet.\n\n${text}`);
  t.is((await world.db('requests').where({ id }).first()).status, 'submitted', 'nothing is decided by it');
  const asking = await desk.get(`${path}?decision=ask`);
  t.regex(asking.text, /Where from\?/);
  t.notRegex(asking.text, /states 60,000 emails/);
});

onBothEngines('what staff write for each other is never offered where the customer reads', async (t, world) => {
  const { reviewer } = await make.staff(world);
  const low = await make.account(world, { weekly: 20_000 });
  const id = await make.request(world, low.admin);
  await keep(world, reviewer.email, { name: 'Exception', purpose: 'approve', body: 'A known customer of sales.' });
  const desk = await world.signedIn(reviewer.email);
  const path = `/review/WD-${1000 + id}`;
  t.regex((await desk.get(path)).text, /A known customer of sales\./);
  for (const mode of ['ask', 'decline']) t.notRegex((await desk.get(`${path}?decision=${mode}`)).text, /sales/);
  const { id: canned } = await world.db('canned_answers').first('id');
  for (const mode of ['ask', 'decline', 'nothing', 'note']) {
    const field = mode === 'ask' ? 'question' : 'reason';
    const answer = await desk.post(`${path}/text`, { mode, canned: String(canned), [field]: 'Mine stays' });
    if (mode === 'nothing') continue;
    t.is(answer.status, 409, mode);
    t.notRegex(answer.text, /sales/, mode);
    t.regex(answer.html, /Mine stays/, mode);
  }
  const clear = await make.request(world, (await make.account(world)).admin);
  t.notRegex((await desk.get(`/review/WD-${1000 + clear}`)).text, /Canned/, 'no words are asked for');
});

onBothEngines(
  'a browser that goes back to a page with a chosen text is not asked to send it again',
  async (t, world) => {
    const { reviewer } = await make.staff(world);
    const id = await make.request(world, (await make.account(world)).admin);
    await keep(world, reviewer.email, {});
    const { id: canned } = await world.db('canned_answers').first('id');
    const desk = await world.signedIn(reviewer.email);
    const headers = { 'sec-fetch-dest': 'document' };
    const body = { mode: 'ask', canned: String(canned) };
    const answer = await desk.post(`/review/WD-${1000 + id}/text`, body, headers);
    t.is(answer.status, 303);
    t.regex(areaOf((await desk.get(answer.location ?? '')).html, 'question') ?? '', /^Where from\?/);
  },
);

onBothEngines(
  'texts are added, changed and deleted by reviewers, and each act is recorded with its words',
  async (t, world) => {
    const { reviewer, reviewer2 } = await make.staff(world);
    await keep(world, reviewer.email, {});
    const desk = await world.signedIn(reviewer2.email);
    const { id } = await world.db('canned_answers').first('id');
    const changed = { purpose: 'ask', name: 'Origin of lists', body: 'Where are the lists of {domains} from?' };
    t.is((await desk.post(`/review/answers/${id}`, changed)).location, '/review/answers?note=text-kept');
    const list = (await desk.get('/review/answers')).text;
    t.regex(list, /Origin of lists/);
    t.regex(list, /Where are the lists of acme\.example and news\.acme\.example from\?/);
    t.is((await desk.post(`/review/answers/${id}/removal`, {})).location, '/review/answers?note=text-deleted');
    t.is((await desk.post(`/review/answers/${id}/removal`, {})).status, 404);
    const records = await world
      .db('audit_events as e')
      .join('messages as m', 'm.event_id', 'e.id')
      .where('e.name', 'like', 'canned.%')
      .orderBy('e.id')
      .select('e.name', 'e.actor_id', 'm.body');
    t.deepEqual(
      records.map(({ name, actor_id, body }) => [name, actor_id, body]),
      [
        ['canned.added', reviewer.id, 'Where from?'],
        ['canned.changed', reviewer2.id, changed.body],
        ['canned.removed', reviewer2.id, changed.body],
      ],
    );
  },
);

onBothEngines('a text with something missing, unknown or twice is refused at its field', async (t, world) => {
  const { reviewer } = await make.staff(world);
  const refusedFor = async (text: Record<string, string>) => {
    const answer = await keep(world, reviewer.email, text);
    t.is(answer.status, 422);
    return answer.text;
  };
  t.regex(await refusedFor({ body: '' }), /Text is missing/);
  t.regex(await refusedFor({ purpose: 'note' }), /Choose for which form it is/);
  t.regex(await refusedFor({ body: 'Dear {nobody}, {person}' }), /\{nobody\} is not one of the names below/);
  t.is((await keep(world, reviewer.email, { name: 'Lists' })).status, 303);
  t.regex(await refusedFor({ name: 'LISTS' }), /already has a text with this name/);
  t.is((await keep(world, reviewer.email, { name: 'Lists', purpose: 'decline' })).status, 303);
});

ava('each placeholder is known, and becomes something', (t) => {
  for (const [placeholder] of placeholderList()) {
    t.deepEqual(unknownIn(placeholder), []);
    t.notRegex(filled(placeholder, EXAMPLE), /[{}]/, placeholder);
  }
  t.deepEqual(unknownIn('{constructor} {toString} {person}'), ['{constructor}', '{toString}']);
  t.is(filled('{person}', { ...EXAMPLE, person: '{domains} $& $1' }), '{domains} $& $1');
  t.is(withText('', 'text'), 'text');
  t.is(withText('typed \n', 'text'), 'typed\n\ntext');
});
