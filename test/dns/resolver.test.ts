import test from 'ava';
import { isCertain, recordsOf } from '../../src/dns/outcome.ts';
import { openResolver } from '../../src/dns/resolver.ts';
import { readServers } from '../../src/dns/servers.ts';
import { NameServer, type Zones } from '../support/name-server.ts';

const KEY = `v=DKIM1; k=rsa; p=${'A'.repeat(700)}`;

const ZONES: Zones = {
  'acme.test': {
    TXT: ['v=spf1 -all', ['one ', 'text']],
    MX: ['10 mx1.acme.test', '20 mx2.acme.test'],
    A: ['192.0.2.1'],
    AAAA: ['2001:db8::1'],
  },
  'six.test': { AAAA: ['2001:db8::6'] },
  'key.test': { TXT: [[KEY.slice(0, 255), KEY.slice(255, 510), KEY.slice(510)], 'x'.repeat(200), 'y'.repeat(250)] },
  'alias.test': { CNAME: 'second.test' },
  'second.test': { CNAME: 'acme.test' },
  'loop.test': { CNAME: 'pool.test' },
  'pool.test': { CNAME: 'loop.test' },
  'dangling.test': { CNAME: 'gone.test' },
  'no-mail.test': { MX: ['0 .'] },
  '9.0.18.198.in-addr.arpa': { CNAME: '9.0/26.0.18.198.in-addr.arpa' },
  '9.0/26.0.18.198.in-addr.arpa': { PTR: ['mx.acme.test'] },
  '10.0.18.198.in-addr.arpa': { PTR: ['.'] },
  'failing.test': { trouble: 'servfail' },
  'refusing.test': { trouble: 'refused' },
  'babbling.test': { trouble: 'garbage' },
  'silent.test': { trouble: 'silent' },
  'hostile.test': { TXT: [[Buffer.from([0, 0xff, 0x1b])], '<script>alert(1)</script>', ''] },
  'below.deep.test': { TXT: ['here'] },
};

async function world(t: { teardown(fn: () => Promise<void>): void }, questionMs = 20_000) {
  const server = await NameServer.start(ZONES);
  t.teardown(() => server.stop());
  return { server, dns: openResolver([server.address], { questionMs, atOnce: 2 }) };
}

test('records are found, a text of many strings as one', async (t) => {
  const { dns } = await world(t);
  t.deepEqual(await dns.txt('acme.test'), { outcome: 'found', records: ['v=spf1 -all', 'one text'] });
  t.deepEqual(await dns.mx('acme.test'), {
    outcome: 'found',
    records: [
      { exchange: 'mx1.acme.test', priority: 10 },
      { exchange: 'mx2.acme.test', priority: 20 },
    ],
  });
  t.deepEqual(recordsOf(await dns.a('acme.test')), ['192.0.2.1']);
  t.deepEqual(recordsOf(await dns.aaaa('acme.test')), ['2001:db8::1']);
  t.deepEqual(recordsOf(await dns.mx('no-mail.test')), [{ exchange: '', priority: 0 }]);
});

test('an address has the names of its PTR records, by the alias of a delegated range too; `.` is not a name', async (t) => {
  const { dns } = await world(t);
  t.deepEqual(recordsOf(await dns.ptr('198.18.0.9')), ['mx.acme.test']);
  t.deepEqual(await dns.ptr('198.18.0.10'), { outcome: 'no-such-record' });
});

test('an answer that does not fit a packet is fetched over TCP', async (t) => {
  const { dns, server } = await world(t);
  t.deepEqual(recordsOf(await dns.txt('key.test')).toSorted()[0], KEY);
  t.true(server.asked.includes('TXT key.test tcp'));
});

test('a name that does not exist is told apart from one without this record', async (t) => {
  const { dns } = await world(t);
  t.deepEqual(await dns.txt('nobody.test'), { outcome: 'no-such-name' });
  t.deepEqual(await dns.txt('six.test'), { outcome: 'no-such-record' });
  t.deepEqual(await dns.txt('deep.test'), { outcome: 'no-such-record' }, 'it exists, as something is below it');
});

test('aliases are followed to their end, and one step at a time where that is asked for', async (t) => {
  const { dns } = await world(t);
  t.deepEqual(recordsOf(await dns.txt('alias.test')), ['v=spf1 -all', 'one text']);
  t.deepEqual(recordsOf(await dns.cname('alias.test')), ['second.test']);
  t.deepEqual(await dns.txt('dangling.test'), { outcome: 'no-such-name' });
  t.deepEqual(await dns.txt('loop.test'), { outcome: 'no-such-record' });
  t.deepEqual(recordsOf(await dns.cname('loop.test')), ['pool.test']);
});

test('a server that fails, refuses or babbles says nothing about the record', async (t) => {
  const { dns } = await world(t);
  const answers = [await dns.txt('failing.test'), await dns.txt('refusing.test'), await dns.txt('babbling.test')];
  t.deepEqual(answers, [
    { outcome: 'server-failed', code: 'ESERVFAIL' },
    { outcome: 'server-failed', code: 'EREFUSED' },
    { outcome: 'server-failed', code: 'EBADRESP' },
  ]);
  t.false(answers.some(isCertain));
});

test('a question ends when its time is over, and a resolver that is away is known as such', async (t) => {
  const { dns } = await world(t, 50);
  const answer = await dns.txt('silent.test');
  t.deepEqual(answer, { outcome: 'timed-out' });
  t.false(isCertain(answer));
  t.deepEqual(await openResolver(['127.0.0.1:9']).txt('acme.test'), { outcome: 'away' });
});

test('no more questions are under way than the limit; the others wait and are all answered', async (t) => {
  const { dns, server } = await world(t);
  const silent = [dns.txt('silent.test'), dns.txt('silent.test')];
  const later = Array.from({ length: 20 }, () => dns.txt('acme.test'));
  // Somebody else's question is answered meanwhile.
  t.deepEqual(recordsOf(await openResolver([server.address]).txt('below.deep.test')), ['here']);
  t.deepEqual([...new Set(server.asked)].toSorted(), ['TXT below.deep.test', 'TXT silent.test']);
  // They are asked again each second.
  server.zones = { ...server.zones, 'silent.test': { TXT: ['here'] } };
  for (const answer of await Promise.all([...silent, ...later])) t.is(answer.outcome, 'found');
});

test('what a hostile zone says arrives as text', async (t) => {
  const { dns } = await world(t);
  t.deepEqual(recordsOf(await dns.txt('hostile.test')).toSorted(), ['', '\0\u00ff\x1b', '<script>alert(1)</script>']);
});

test('a name that cannot be asked for is a failure, not an absent record', async (t) => {
  const { dns } = await world(t);
  t.deepEqual(await dns.txt('a..test'), { outcome: 'server-failed', code: 'EBADNAME' });
});

test('DNS_SERVERS takes addresses of either family, with a port or without', (t) => {
  t.deepEqual(readServers('127.0.0.1:5353, 2001:db8::53 [::1]:53'), ['127.0.0.1:5353', '2001:db8::53', '[::1]:53']);
  for (const wrong of ['', 'dns.example', '192.0.2.1:0', '192.0.2.1:99999', '192.0.2.300', '[::1', '192.0.2.1,,x'])
    t.is(readServers(wrong), null, wrong);
});
