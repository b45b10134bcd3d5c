// A customer's own list of requests, and what is found in it.
import { addComment } from '../../src/requests/comments/actions.ts';
import { answerRequest } from '../../src/requests/customer/actions.ts';
import { gatherListed, PAGE_SIZE } from '../../src/requests/listing/gather.ts';
import { reference } from '../../src/requests/request.ts';
import { addNote, askForInformation } from '../../src/requests/review/actions.ts';
import { MOST_TEXTS } from '../../src/requests/search/store.ts';
import * as make from '../support/make.ts';
import { onBothEngines, type World } from '../support/world.ts';

/** The references that an account finds, the newest first. */
const found = async (world: World, accountId: number, search: string): Promise<string[]> =>
  (await gatherListed(world.db, accountId, { search, page: 1 })).requests.map(({ id }) => reference(id));

/** Birch has a fulfilled request for one of its domains, and an open one for the transactional pool. */
async function scene(world: World) {
  const { reviewer } = await make.staff(world);
  const [address = ''] = await make.ips(world, 'us', 1);
  const birch = await make.account(world, { name: 'Birch', weekly: 400_000 });
  const [news] = birch.domains;
  const first = await make.requestIn(world, 'fulfilled', birch.admin, {
    domainIds: [news?.id ?? 0],
    sends: 'Fahrpläne für Österreich.',
  });
  const pay = await make.domain(world, birch.id, 'pay.birch.example', { usage: 'transactional', weekly: 30_000 });
  const second = await make.poolRequest(world, birch.admin, pay.id, { sends: 'Receipts.' });
  const by = { person: reviewer, at: world.now };
  await askForInformation(world.db, by, second, 'Which shop is it?');
  await answerRequest(world.db, { person: birch.admin, at: world.now }, second, 'The one for bicycles.');
  return { reviewer, birch, address, first: reference(first), second: reference(second), secondId: second };
}

onBothEngines('a customer finds requests by number, domain, IP and what was written', async (t, world) => {
  const { birch, address, first, second } = await scene(world);
  const finds: readonly (readonly [string, readonly string[]])[] = [
    ['', [second, first]],
    [first, [first]],
    [second.replace('WD-', ''), [second]],
    ['news.birch.example', [first]],
    ['PAY.birch', [second]],
    ['birch.example', [second, first]],
    [address, [first]],
    [address.slice(0, -1), [first]],
    ['fahrplane osterreich', [first]],
    ['which shop', [second]],
    ['BICYCLES', [second]],
    ['bicycles osterreich', []],
    ['%', []],
    ['_', []],
  ];
  for (const [search, references] of finds) t.deepEqual(await found(world, birch.id, search), [...references], search);
});

onBothEngines(
  'R-05: what is written for staff alone is not found by a customer, nor what is others’',
  async (t, world) => {
    const { reviewer, birch, first, secondId } = await scene(world);
    const cedar = await make.account(world, { name: 'Cedar' });
    const theirs = await make.request(world, cedar.admin, { sends: 'A wombat newsletter.' });
    const by = { person: reviewer, at: world.now };
    t.true((await addNote(world.db, by, secondId, 'The quokka campaign is over.')).ok);
    t.deepEqual(await found(world, birch.id, 'quokka'), []);
    for (const search of [reference(theirs), 'wombat', 'cedar.example']) {
      t.deepEqual(await found(world, birch.id, search), [], search);
      t.deepEqual(await found(world, cedar.id, search), [reference(theirs)], search);
    }
    // The reason with which its approval was proposed: staff read it in the history.
    const words = 'A known customer';
    const small = await make.account(world, { name: 'Elm', weekly: 10_000 });
    const proposed = await make.request(world, small.admin);
    await make.approve(world, proposed, words);
    t.deepEqual(await found(world, small.id, words), []);
    t.deepEqual(await found(world, birch.id, first), [first]);
    const page = await (await world.signedIn(birch.admin.email)).get('/requests?q=quokka');
    t.notRegex(page.text, /campaign/);
  },
);

onBothEngines(
  'a customer with many requests leafs through them, and finds an old one by a word that others use daily',
  async (t, world) => {
    const { birch, first, secondId } = await scene(world);
    const { id: _, ...row } = await world.db('requests').where({ id: secondId }).first();
    const closed = { ...row, status: 'withdrawn', due_at: null };
    for (let from = 0; from < 2 * PAGE_SIZE; from += 50) {
      const rows = Array.from({ length: 50 }, (__, nth) => ({ ...closed, form_token: `t${from + nth}` }));
      await world.db('requests').insert(rows);
    }
    const cedar = await make.account(world, { name: 'Cedar' });
    const theirs = await make.request(world, cedar.admin, { sends: 'Fahrpläne.' });
    const last = await world
      .db('audit_events')
      .where({ subject_type: 'request', subject_id: theirs })
      .max('seq as seq');
    for (let from = 0; from <= MOST_TEXTS; from += 500) {
      const rows = Array.from({ length: 500 }, (__, nth) => ({
        ...{ subject_type: 'request', subject_id: theirs, seq: Number(last[0]?.seq) + 1 + from + nth },
        ...{ name: 'request.requoted', account_id: cedar.id, at: world.now, facts: '{}' },
      }));
      await world.db('audit_events').insert(rows);
    }
    const visitor = await world.signedIn(birch.admin.email);
    const list = await visitor.get('/requests');
    t.regex(list.text, new RegExp(`1–${PAGE_SIZE} of ${2 * PAGE_SIZE + 2}`));
    t.false(list.text.includes(first));
    t.true((await visitor.get('/requests?page=3')).text.includes(first));
    t.deepEqual(await found(world, birch.id, 'fahrplane'), [first]);
    t.regex((await visitor.get('/requests?q=receipt&page=9')).text, /Nothing on this page/);
    t.notRegex((await visitor.get('/requests?q=fahrplane')).text, /were searched/);
    // Of a customer's own texts the newest are read, and the page says so.
    const other = await world.signedIn(cedar.admin.email);
    t.regex((await other.get('/requests?q=fahrplane')).text, /Only the newest 5,000 entries/);
    await world.db('requests').where({ status: 'withdrawn' }).delete();
  },
);

onBothEngines('the page keeps what was typed, shows what was found, and says where nothing was', async (t, world) => {
  const { birch, second, secondId } = await scene(world);
  const { member } = birch;
  t.true((await addComment(world.db, { person: birch.admin, at: world.now }, secondId, 'Ready since May.')).ok);
  const visitor = await world.signedIn(member.email);
  const { html, text } = await visitor.get('/requests?q=ready+may');
  t.regex(html, /name="q" type="search" maxlength="100" value="ready may"/);
  t.regex(html, new RegExp(`${second}.*in a message: “<mark>Ready</mark> since May\\.”`, 's'));
  t.regex(text, /One request found|1 request found/);
  const nothing = await visitor.get(`/requests?q=${encodeURIComponent('<b>quokka</b>')}`);
  t.is(nothing.status, 200);
  t.regex(nothing.text, /No request found No request of your account has “<b>quokka<\/b>” in its reference/);
  t.regex(nothing.html, /value="&lt;b&gt;quokka&lt;\/b&gt;"/);
  for (const typed of ['\0', '%00', '"', "' or 1=1 --", '%', '\ud800'.toWellFormed(), '😀'.repeat(99)])
    t.is((await visitor.get(`/requests?q=${encodeURIComponent(typed)}`)).status, 200, typed);
  const tiny = await make.account(world, { name: 'Tiny' });
  const empty = await (await world.signedIn(tiny.admin.email)).get('/requests');
  t.regex(empty.text, /No requests yet/);
  t.notRegex(empty.html, /type="search"/);
});

onBothEngines('a page of found requests takes no more statements than any other page', async (t, world) => {
  const { birch, address, first } = await scene(world);
  const visitor = await world.signedIn(birch.admin.email);
  let statements = 0;
  world.db.on('query', () => (statements += 1));
  for (const q of ['', 'bicycles', 'birch.example', address, first, 'nothing at all']) {
    statements = 0;
    t.is((await visitor.get(`/requests?q=${encodeURIComponent(q)}`)).status, 200);
    t.true(statements <= 16, `${q}: ${statements}`);
  }
});
