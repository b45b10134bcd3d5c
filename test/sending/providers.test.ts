import { readFileSync } from 'node:fs';
import ava from 'ava';
import { loadPolicy, policyPath } from '../../src/policy/document/load.ts';
import { ProviderTable } from '../../src/sending/receivers/provider-table.ts';

for (const name of ['customerio', 'sendgrid']) {
  ava(`${name}: mailbox providers are known by domain and by the server that takes the mail`, (t) => {
    const policy = loadPolicy(policyPath(name));
    if (!policy.ok) return t.fail(policy.problem.join('\n'));
    const table = new ProviderTable(policy.value);
    for (const [domain, mx, expected] of [
      ['gmail.com', null, 'gmail'],
      ['firm.example', 'aspmx.l.google.com', 'gmail'],
      ['firm.example', 'mxa.smtp.goog.', 'gmail'],
      ['hotmail.fr', null, 'microsoft'],
      ['outlook.com.br', null, 'microsoft'],
      ['live.nl', null, 'microsoft'],
      ['own.example', 'own-example.olc.protection.outlook.com', 'microsoft'],
      ['contoso.example', 'contoso-example.mail.protection.outlook.com', 'microsoft-365'],
      ['fabrikam.example', 'fabrikam-example.o-v1.mx.microsoft', 'microsoft-365'],
      ['yahoo.ca', null, 'yahoo'],
      ['aol.co.uk', null, 'yahoo'],
      ['cox.net', 'cxr.mx.a.cloudfilter.net', 'yahoo'],
      ['firm.example', 'mta7.am0.yahoodns.net', 'yahoo'],
      ['yahoo.co.jp', null, 'other'],
      ['outlook.com.example', 'mx.outlook.com.example', 'other'],
    ] as const)
      t.is(table.of(domain, mx), expected, `${domain} ${mx}`);
  });
}

ava('each entry of the shipped table has a source, and the table a date', (t) => {
  const table = JSON.parse(readFileSync('seeds/mailbox-providers.json', 'utf8'));
  t.regex(table.asOf, /^\d{4}-\d\d-\d\d$/);
  for (const { key, source } of table.providers) t.true(source.length > 20, key);
  const names: string[] = table.providers.flatMap(({ domains, mx }: { domains: string[]; mx: string[] }) => [
    ...domains,
    ...mx,
  ]);
  t.deepEqual(
    table.providers.flatMap(({ domains }: { domains: string[] }) => domains).length,
    new Set(table.providers.flatMap(({ domains }: { domains: string[] }) => domains)).size,
    'no domain stands twice',
  );
  t.true(names.every((name) => name === name.toLowerCase()));
});
