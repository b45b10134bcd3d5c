// Of Tabler's rules browsers get those that pages can need, and all of these.
import { readFileSync } from 'node:fs';
import ava from 'ava';
import { seedDemo } from '../../seeds/demo.ts';
import { tablerStyles } from '../../src/web/assets.ts';
import { usedRules } from '../../src/web/base-styles.ts';
import { crawl } from '../support/crawl.ts';
import { createWorld } from '../support/world.ts';

const used = (css: string, ...words: string[]): string => usedRules(css, new Set(words));

ava('a rule stays where each class of one of its selectors is a word of the pages', (t) => {
  t.is(used('.a{x:1}.b{x:2}.a .b{x:3}.a.c,.a:hover{x:4}', 'a'), '.a{x:1}.a:hover{x:4}');
  t.is(
    used('p{x:1}*,::before{x:2}a:not(.b){x:3}[data-x=".c"] p{x:4}'),
    'p{x:1}*,::before{x:2}a:not(.b){x:3}[data-x=".c"] p{x:4}',
  );
  t.is(used('.a:is(.b,.c:not(.d,.e)),.f{x:1}', 'a'), '.a:is(.b,.c:not(.d,.e)){x:1}');
  t.is(used(String.raw`.w\:1{x:1}.w\.5{x:2}`, 'w.5'), String.raw`.w\.5{x:2}`);
});

ava('what has no selector stays, and a group with what is used of it', (t) => {
  const kept = '@charset "UTF-8";@keyframes k{from{x:1}to{x:2}}@font-face{src:url("a;b{c}")}';
  t.is(used(`${kept}/* .a{} */`), kept);
  t.is(used('@media print{.a{x:1}.b{x:2}}@supports (y:1){@media all{.b{x:3}}}', 'a'), '@media print{.a{x:1}}');
  t.is(used('.a{b:url("data:image/svg+xml,{}")}.c{x:1}', 'a'), '.a{b:url("data:image/svg+xml,{}")}');
});

ava('each rule of Tabler that fits a page of the demo is sent', async (t) => {
  t.timeout(300_000);
  const world = await createWorld(t);
  await seedDemo(world.deps);
  const classes = new Set<string>();
  for (const email of ['owner@acme.example', 'admin@warmdesk.example'])
    for (const { html } of (await crawl(await world.signedIn(email), '/', 1500)).values())
      for (const [, names = ''] of html.matchAll(/ class="([^"]*)"/g))
        for (const name of names.split(/\s+/)) classes.add(name);
  t.true(classes.size > 100);
  const whole = readFileSync('node_modules/@tabler/core/dist/css/tabler.min.css', 'utf8');
  const sent = tablerStyles();
  t.is(usedRules(sent, classes), usedRules(whole, classes));
  t.true(sent.length < whole.length / 5);
});

ava('rules of a class that no view names are not sent', (t) => {
  t.false(tablerStyles().includes('.carousel'));
});
