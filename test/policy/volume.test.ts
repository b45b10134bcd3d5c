import test from 'ava';
import fc from 'fast-check';
import type { DedicatedFacts } from '../../src/policy/checks/facts.ts';
import { remedyOf } from '../../src/policy/checks/finding.ts';
import { acme, domain, found, measured } from './facts.ts';

const threeDomains = [domain('a.example'), domain('b.example'), domain('c.example')];
const first = (stated: number, seen: number | null): DedicatedFacts =>
  acme({ joined: 0, domains: threeDomains, measured: measured(seen) }, { weeklyVolume: stated });

for (const [parts, verdict] of [
  [[20_000, 20_000, 9_999], 'fails'],
  [[20_000, 20_000, 10_000], 'passes'],
  [[20_000, 20_000, 10_001], 'passes'],
] as const) {
  const sum = parts.reduce((total, part) => total + part, 0);
  test(`C-08: ${sum} a week, summed over three domains, ${verdict} the gate for one IP`, (t) => {
    t.is(found('stated-volume', first(sum, null)).verdict, verdict);
    t.is(found('measured-volume', first(90_000, sum)).verdict, verdict);
    t.is(found('measured-volume', first(90_000, sum)).rule, 'C-08');
  });
}

test('C-08: every IP that the account would then have counts, allocated ones too', (t) => {
  t.is(found('measured-volume', acme({ joined: 1, measured: measured(99_999) })).verdict, 'fails');
  t.is(found('measured-volume', acme({ joined: 1, measured: measured(100_000) })).verdict, 'passes');
});

const small = (joined: number, others: number, own: number) =>
  acme(
    {
      joined,
      domains: [domain('small.acme.example')],
      measured: measured(own + others),
      sharing: { names: ['big.acme.example'], weekly: others, asked: { weekly: own, meanOf: 4 } },
    },
    { weeklyVolume: own },
  );

test('C-08: an IP of the account that no domain asked for uses counts neither for nor against them', (t) => {
  const alone = acme({ allocated: 3, joined: 0, measured: measured(50_000) }, { weeklyVolume: 50_000 });
  for (const check of ['measured-volume', 'stated-volume']) t.is(found(check, alone).verdict, 'passes');
});

test('C-08: domains on IPs that are joined count for the whole, and never for a new IP that they do not use', (t) => {
  t.is(found('measured-volume', small(1, 50_000, 50_000)).verdict, 'passes');
  t.is(found('measured-volume', small(1, 49_999, 50_000)).verdict, 'fails');
  const tiny = found('measured-volume', small(1, 1_000_000, 3_000));
  t.is(tiny.verdict, 'fails');
  t.is(tiny.fact, '3,000 a week from small.acme.example, mean of 4 weeks');
  t.is(tiny.limit, '≥ 50,000 for 1 IP');
  t.is(tiny.remedy, 'Reach 50,000 a week: 47,000 more than we measured.');
  const both = found('stated-volume', small(1, 40_000, 55_000));
  t.is(both.fact, '55,000 a week over small.acme.example and 40,000 measured from big.acme.example');
  t.is(both.limit, '≥ 100,000 for 2 IPs');
});

test('C-08: what is measured of the domains asked for alone is held against what is stated of them', (t) => {
  t.is(found('stated-to-measured', small(1, 1_000_000, 60_000)).verdict, 'passes');
});

test('C-08: the finding says what was measured and what is needed', (t) => {
  const finding = found('measured-volume', acme({ joined: 0 }, { ipCount: 2 }));
  t.is(finding.fact, '173,400 a week from shop.acme.example and mail.acme.example, mean of 4 weeks');
  t.is(finding.limit, '≥ 100,000 for 2 IPs');
  t.is(finding.source, 'mail servers');
  t.deepEqual(finding.customer, {
    title: 'Enough mail for two IPs.',
    sentence:
      'We measured 173,400 a week from shop.acme.example and mail.acme.example over the last four weeks; two IPs need 100,000.',
  });
  t.is(finding.remedy, null);
});

test('C-08: too little for two but enough for one says both ways out', (t) => {
  const facts = acme({ joined: 0, measured: measured(62_000) }, { ipCount: 2, weeklyVolume: 120_000 });
  const finding = found('measured-volume', facts);
  t.is(finding.remedy, 'Reach 100,000 a week: 38,000 more than we measured.');
  t.is(finding.instead, 'Or ask for one IP instead of two.');
  t.is(remedyOf(finding, false), `${finding.remedy} ${finding.instead}`);
  t.is(remedyOf(finding, true), finding.remedy ?? '', 'what was asked for is sent, and cannot be changed');
});

test('C-08: where both volumes are too little one of them says what to reach, not two figures that contradict', (t) => {
  const tiny = acme({ joined: 0, measured: measured(12_000) }, { ipCount: 2, weeklyVolume: 62_000 });
  t.is(found('stated-volume', tiny).remedy, null);
  t.is(found('measured-volume', tiny).remedy, 'Reach 100,000 a week: 88,000 more than we measured.');
  t.is(found('measured-volume', tiny).instead, undefined, 'fewer IPs are offered only where that would pass');
  const stated = acme({ joined: 0, measured: measured(120_000) }, { ipCount: 2, weeklyVolume: 62_000 });
  t.is(found('stated-volume', stated).remedy, 'Reach 100,000 a week: 38,000 more than you expect.');
});

test('C-08: no more IPs are offered than one request may ask for', (t) => {
  const facts = acme({ joined: 0, measured: measured(340_000) }, { ipCount: 7, weeklyVolume: 340_000 });
  t.is(found('measured-volume', facts).instead, 'Or ask for five IPs instead of seven.');
});

test('a volume that was never measured wants a look, not a refusal', (t) => {
  const finding = found('measured-volume', first(90_000, null));
  t.is(finding.verdict, 'look');
  t.is(finding.fact, 'no complete week measured');
});

test('C-08: a mean of fewer weeks says of how many', (t) => {
  const facts = (meanOf: number) => acme({ joined: 0, measured: measured(60_000, { meanOf }) });
  t.is(
    found('measured-volume', facts(2)).fact,
    '60,000 a week from shop.acme.example and mail.acme.example, mean of 2 weeks',
  );
  t.regex(found('measured-volume', facts(2)).customer.sentence, /over the last two weeks; one IP needs 50,000/);
  t.is(
    found('measured-volume', facts(1)).fact,
    '60,000 a week from shop.acme.example and mail.acme.example, the only one measured',
  );
  t.regex(found('measured-volume', facts(1)).customer.sentence, /over the last week, the first; one IP/);
});

test('a statement above twice what was measured wants a look', (t) => {
  const verdict = (stated: number) => found('stated-to-measured', acme({}, { weeklyVolume: stated })).verdict;
  t.is(verdict(346_800), 'passes');
  t.is(verdict(346_801), 'look');
});

test('a statement below half of what was measured wants a look, and says what warm-up goes by', (t) => {
  const about = (stated: number) => found('stated-to-measured', acme({}, { weeklyVolume: stated }));
  t.is(about(86_700).verdict, 'passes');
  t.is(about(86_699).verdict, 'look');
  t.is(about(86_699).customer.title, 'Much less than you send today.');
  t.regex(about(86_699).customer.sentence, /86,699 a week; we measured 173,400\. Warm-up goes by what was measured/);
});

test('C-08: the volume checks pass exactly from the gate on, and what a remedy offers really passes', (t) => {
  const volume = fc.integer({ min: 1, max: 2_000_000 });
  const few = fc.integer({ min: 0, max: 6 });
  fc.assert(
    fc.property(volume, volume, few, few, (stated, seen, held, more) => {
      const asking = (ipCount: number) =>
        acme({ joined: held, measured: measured(seen) }, { ipCount, weeklyVolume: stated });
      const check = (name: string, ipCount = more + 1) => found(name, asking(ipCount));
      const gate = 50_000 * (held + more + 1);
      t.is(check('stated-volume').verdict, stated >= gate ? 'passes' : 'fails');
      t.is(check('measured-volume').verdict, seen >= gate ? 'passes' : 'fails');
      const offered = /ask for (\w+) IP/.exec(check('measured-volume').instead ?? '')?.[1];
      if (!offered) return;
      const fewer = ['zero', 'one', 'two', 'three', 'four', 'five', 'six'].indexOf(offered);
      for (const name of ['stated-volume', 'measured-volume', 'ip-count']) t.is(check(name, fewer).verdict, 'passes');
    }),
  );
});
