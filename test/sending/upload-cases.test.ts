// CSV files as spreadsheets and tools write them, one file a case: which are taken, and what is said of the others.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ava from 'ava';
import { counted, countOf, dayText, reporting, uploadCounts } from '../support/reporting.ts';
import { readable } from '../support/visitor.ts';
import { DAY, onBothEngines, type World } from '../support/world.ts';

const CASES = fileURLToPath(new URL('upload-cases/', import.meta.url));
const TAKEN = ['2026-11-26 shop.acme.example 198.51.100.12 gmail marketing 1200 1150 40 12 0 -'];

const cases: readonly (readonly [file: string, refusal: RegExp | null])[] = [
  ['30-plain.csv', null],
  ['31-excel-sep-line.csv', null],
  ['32-excel-blank-rows.csv', null],
  ['34-trailing-newlines.csv', null],
  ['36-utf16.csv', /not CSV in UTF-8\. Save it as “CSV UTF-8”/],
  ['37-german-date-and-numbers.csv', /2 .*The field day must be a date like 2026-11-26, not “26\.11\.2026”/],
  ['38-us-date.csv', /2 .*The field day must be a date like 2026-11-26, not “11\/26\/2026”/],
  ['39-float-numbers.csv', /2 .*must be a whole number in digits, not “1200\.0”/],
  ['40-excel-datetime.csv', null],
  ['46-only-header.csv', /a header and no row/],
  ['47-commas-in-semicolon-file.csv', /2 .*must be a whole number in digits, not “1,200”/],
  ['48-pipe.csv', /The header lacks day/],
  ['49-latin1.csv', /2 .*No customer has the domain/],
  ['50-comment.csv', /The header lacks/],
  ['51-total-row.csv', /3 .*The field day must be a date/],
  ['52-nbsp-number.csv', /2 .*must be a whole number in digits/],
  ['53-formula-domain.csv', /2 .*begins like a formula: “=shop\.acme\.example”/],
  ['54-ip-padded.csv', /2 .*neither an IP of the inventory nor a shared pool/],
  ['55-opened-more.csv', /2 .*More was opened than was sent/],
];

async function upload(world: World, content: Uint8Array) {
  const { staff, allocationId } = await reporting(world);
  world.now = Date.UTC(2026, 10, 28, 12);
  await world.db('ips').where({ address: '192.0.2.1' }).update({ address: '198.51.100.12' });
  await world
    .db('allocations')
    .where({ id: allocationId })
    .update({ allocated_at: world.now - 10 * DAY });
  const visitor = await world.signedIn(staff.reviewer.email);
  return uploadCounts(world, visitor, content);
}

for (const [file, refusal] of cases) {
  onBothEngines(`case ${file} is ${refusal === null ? 'taken' : 'refused with its line and why'}`, async (t, world) => {
    const answer = await upload(world, readFileSync(`${CASES}${file}`));
    t.is(answer.status, refusal === null ? 200 : 422);
    if (refusal !== null) t.regex(readable(answer.text), refusal);
    t.deepEqual(await counted(world), refusal === null ? TAKEN : []);
  });
}

ava('every file is used', (t) => {
  t.deepEqual(
    readdirSync(CASES),
    cases.map(([file]) => file),
  );
});

onBothEngines('a large file with a fault in its first lines is answered at once', async (t, world) => {
  t.timeout(600_000);
  const rows = `${'2026-11-26,shop.acme.example,198.51.100.12,gmail,marketing,1200,1150,40,12,0,\n'.repeat(20_000)}`;
  const answer = await upload(world, Buffer.from(`date,domain\n${rows}`));
  t.is(answer.status, 422);
  t.regex(readable(answer.text), /The header lacks/);
});

onBothEngines('a domain is found by its U-label in a file and by the API', async (t, world) => {
  const plain = readFileSync(`${CASES}30-plain.csv`, 'utf8');
  const { report, staff } = await reporting(world);
  await world.db('domains').where({ name: 'shop.acme.example' }).update({ name: 'xn--bcher-kva.example' });
  t.is((await report('b1', [countOf(world, { domain: 'Bücher.example.' })])).status, 200);
  await world.db('sending_counts').delete();
  const visitor = await world.signedIn(staff.reviewer.email);
  const today = dayText(world);
  const content = plain
    .replace('shop.acme.example', 'BÜCHER.example')
    .replace('198.51.100.12', '192.0.2.1')
    .replace('2026-11-26', today);
  t.is((await uploadCounts(world, visitor, content)).status, 200);
  t.deepEqual(await counted(world), [`${today} xn--bcher-kva.example 192.0.2.1 gmail marketing 1200 1150 40 12 0 -`]);
});
