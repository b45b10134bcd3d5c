import test from 'ava';
import type { Deps } from '../../src/deps.ts';
import { lettersOf } from '../../src/letters.ts';
import { asHtml } from '../../src/mail.ts';
import { link, oneLine, renderMail } from '../../src/notifications/render.ts';
import { sampleFacts } from '../support/sample-mails.ts';
import { readable } from '../support/visitor.ts';

const settings = {
  letters: lettersOf({ sessionSecret: 'a secret' } as Deps),
  baseUrl: 'https://desk.example',
  provider: 'Example Mail',
  html: asHtml,
};
const ola = { id: 1, email: 'ola@acme.example', name: 'Ola Acme', timeZone: 'Europe/Berlin' };
const at = Date.UTC(2026, 10, 23, 9);
const folded = (text: string) => text.replace(/[\s:]+/g, ' ').trim();

const reset = { seed: 'one of many', expiresAt: at + 3_600_000 };
for (const [template, facts] of Object.entries({ ...sampleFacts, 'password-reset': reset })) {
  test(`the mail ${template} is whole, and its text and HTML say the same`, async (t) => {
    const { subject, text, html } = await renderMail({ to: ola, template, facts, createdAt: at }, settings);

    for (const part of [subject, text, html]) t.notRegex(part, /undefined|null|NaN|\[object/);
    t.true(subject.length <= 110, subject);
    if (/^(request|warmup-(?!progress))/.test(template))
      t.true([subject, text, html].every((part) => part.includes('WD-1042')));
    const links = [...html.matchAll(/href="(https:\/\/desk\.example\/[^"]*)"/g)].map(([, href = '']) => href);
    t.is(links.length, html.split('href=').length - 1, 'to our own pages only');
    t.is(links.length, 1);
    t.true(text.includes(`:\n${links[0]}\n`));
    t.notRegex(html, /<(img|script|link|form)\b|src=|url\(/, 'nothing is fetched or run');
    const seen = folded(readable(html));
    for (const line of text.split('\n')) {
      const plain = line.replace(/^(> ?|- |[✓!] |-- ?$|=+$|https:.*)/, '');
      t.true(seen.includes(folded(plain)), `not in the HTML: ${plain}`);
    }
  });
}

test('times in mails are in the time zone of the person who reads them', async (t) => {
  const mail = { template: 'request-to-review', facts: sampleFacts['request-to-review'], createdAt: at };
  const inBerlin = await renderMail({ ...mail, to: ola }, settings);
  const inNewYork = await renderMail({ ...mail, to: { ...ola, timeZone: 'America/New_York' } }, settings);

  t.true(inBerlin.text.includes('24 Nov 2026, 16:30 CET'));
  t.true(inNewYork.text.includes('24 Nov 2026, 10:30 EST'));
});

test('what a mail box previews of a changed use speaks of one domain or of several', async (t) => {
  const previewOf = async (change: { added?: string[]; removed?: string[] }) => {
    const facts = { ...sampleFacts['ip-use-changed'], added: [], removed: [], stream: null, ...change };
    const { html } = await renderMail({ to: ola, template: 'ip-use-changed', facts, createdAt: at }, settings);
    return /<div style="display: none[^>]*>([^&]*)/.exec(html)?.[1];
  };
  t.is(await previewOf({ added: ['a.example'] }), 'a.example now uses it.');
  t.is(
    await previewOf({ added: ['a.example', 'b.example'], removed: ['c.example', 'd.example'] }),
    'a.example and b.example now use it. c.example and d.example no longer use it.',
  );
  t.is(await previewOf({ removed: ['c.example'] }), 'c.example no longer uses it.');
});

test('facts that must not be stored are added when the mail is written', async (t) => {
  const enrich = { 'request-withdrawn': async (facts: object) => ({ ...facts, by: 'a person found late' }) } as never;
  const mail = { to: ola, template: 'request-withdrawn', facts: sampleFacts['request-withdrawn'], createdAt: at };
  const { text } = await renderMail(mail, { ...settings, letters: { ...settings.letters, enrich } });
  t.true(text.includes('a person found late withdrew it'));
});

test('a mail links to nothing but our own pages', (t) => {
  t.is(link('https://desk.example', '/requests/WD-1'), 'https://desk.example/requests/WD-1');
  for (const path of ['.evil.example/', '@evil.example/', 'https://evil.example', ':81/', '']) {
    t.throws(() => link('https://desk.example', path), undefined, path);
  }
});

test('a subject is one line whatever is in it', (t) => {
  t.is(oneLine('a\r\nBcc: b@c.example\u2028\u0000\u0085x  y\ud800'), 'a Bcc: b@c.example x y\ufffd');
});
