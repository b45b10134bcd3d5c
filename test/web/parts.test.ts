import { globSync, readFileSync } from 'node:fs';
import test from 'ava';
import ejs from 'ejs';
import type { Finding, Verdict } from '../../src/policy/checks/finding.ts';
import { viewWords } from '../../src/requests/wording.ts';
import { render } from '../../src/web/page.ts';
import { viewHelpers } from '../../src/web/view-helpers.ts';

const h = viewHelpers('UTC', Date.UTC(2026, 10, 21, 9, 12));
const part = (name: string, data: Record<string, unknown>): string => render(`parts/${name}`, { h, ...data });

const finding = (verdict: Verdict): Finding => ({
  check: 'measured-volume',
  rule: 'C-08',
  title: 'Measured volume',
  fact: '12,000 a week',
  limit: '≥ 50,000',
  verdict,
  customer: { title: 'Too little mail.', sentence: 'One IP needs 50,000 a week.' },
  remedy: 'Send more, then ask again.',
  source: 'mail servers',
  asOf: h.now - 12 * 60_000,
  binds: true,
});

test('every view compiles', (t) => {
  for (const file of globSync('views/**/*.ejs')) t.notThrows(() => ejs.compile(readFileSync(file, 'utf8')), file);
});

test('no view carries code or styles inline, which the browser would refuse', (t) => {
  for (const file of globSync('views/{layout,[!m]*/**/*}.ejs')) {
    t.notRegex(readFileSync(file, 'utf8'), /\sstyle=|<style|\son[a-z]+="|<script(?! src)/, file);
  }
});

test('a field shows what was typed as it was typed', (t) => {
  const typed = '"><script>alert(1)</script>';
  for (const type of ['text', 'number', 'textarea', 'date']) {
    const html = part('field', { type, name: 'sends', label: 'What you send', value: typed });
    t.true(html.includes('&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;'), type);
    t.false(html.includes('<script>'), type);
  }
  t.true(part('field', { type: 'date', name: 'on', label: 'Start', value: 'soon' }).includes('type="text"'));
  t.true(part('field', { type: 'textarea', name: 'sends', label: 'S', value: '\nfirst' }).includes('>\n\nfirst<'));
});

test('a password is never shown again', (t) => {
  t.false(part('field', { type: 'password', name: 'password', label: 'Password', value: 'secret' }).includes('secret'));
});

test('a wrong field says so to those who cannot see it', (t) => {
  const html = part('field', { name: 'sends', label: 'What you send', value: '', hint: 'In short.', error: 'Say it.' });
  t.regex(html, /aria-describedby="sends-hint sends-error"/);
  t.regex(html, /aria-invalid="true"/);
  t.regex(html, /id="sends-error">[\s\S]*Say it\./);
});

test('the summary of errors leads to each field', (t) => {
  const html = part('error-summary', { errors: { volume: 'Say how much.', domains: 'Choose one.' } });
  t.regex(html, /role="alert"/);
  t.regex(html, /<a href="#volume">Say how much\.<\/a>/);
  t.is(part('error-summary', { errors: {} }).trim(), '');
  const choices = [{ value: 1, label: 'shop.acme.example' }];
  t.regex(part('field', { type: 'checkboxes', name: 'domains', label: 'Domains', options: choices }), /id="domains"/);
});

test('chosen options stay chosen', (t) => {
  const options = [1, 2, 3].map((value) => ({ value, label: `Domain ${value}` }));
  const checked = (data: Record<string, unknown>) =>
    [
      ...part('field', { name: 'd', label: 'D', options, ...data }).matchAll(/value="(\d)"[^>]* (?:checked|selected)/g),
    ].map(([, value]) => value);
  t.deepEqual(checked({ type: 'checkboxes', value: ['1', '3'] }), ['1', '3']);
  t.deepEqual(checked({ type: 'radios', value: 2 }), ['2']);
  t.deepEqual(checked({ type: 'select', value: '2' }), ['2']);
});

test('a finding shows fact, limit, verdict, source and age to staff', (t) => {
  const html = part('findings-table', { findings: [finding('fails')] });
  for (const said of ['12,000 a week', '≥ 50,000', 'fails', 'mail servers', '12 min ago'])
    t.true(html.includes(said), said);
});

test('checks that block come first, then those that fail or need a look; those that pass are folded', (t) => {
  const of = (...verdicts: Finding['verdict'][]) => part('findings-table', { findings: verdicts.map(finding) });
  const order = [...of('look', 'passes', 'fails', 'blocks', 'passes').matchAll(/data-verdict="(\w+)"/g)];
  t.deepEqual(
    order.map(([, verdict]) => verdict),
    ['blocks', 'fails', 'look', 'passes', 'passes'],
  );
  t.regex(of('look', 'passes'), /One passes/);
  t.regex(of('passes', 'passes', 'passes'), /All 3 checks pass/);
  t.notRegex(of('fails'), /<details/);
});

test('a finding tells the customer what would make it pass, unless it does', (t) => {
  const said = (verdict: Verdict) => part('findings', { words: viewWords, findings: [finding(verdict)] });
  t.true(said('blocks').includes('Send more, then ask again.'));
  t.false(said('passes').includes('Send more, then ask again.'));
});

test('no verdict stands by its colour alone', (t) => {
  const words = { passes: 'passes', look: 'needs a look', fails: 'fails', blocks: 'blocks' } as const;
  for (const verdict of ['passes', 'look', 'fails', 'blocks'] as const) {
    t.regex(part('verdict', { verdict }), new RegExp(`<svg[\\s\\S]*${words[verdict]}`));
  }
});

test('volume bars carry the same figures in a table', (t) => {
  const weeks = [91_000, 173_400].map((sent, index) => ({ from: 20_700 + 7 * index, sent }));
  const html = part('volume-bars', { weeks, gate: 100_000, gateLabel: 'two IPs' });
  for (const said of ['role="img"', '173k', '>173,400<', '100,000 a week for two IPs, reached in 1 of 2']) {
    t.true(html.includes(said), said);
  }
  t.true(part('volume-bars', { weeks: [], gate: 50_000 }).includes('No mail was measured'));
});

test('a warm-up curve carries its plan in a table', (t) => {
  const html = part('warmup-curve', { caps: [200, 12_400], startsOn: 20_780, weeklyVolume: 86_800, twin: true });
  t.regex(html, /role="img" aria-label="Warm-up over 2 days: from 200 messages on .* to 12,400 a day/);
  t.regex(html, />12,400<\/td><td class="num">100 %/);
});
