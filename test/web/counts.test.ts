// Counts are the table that grows most: no page may read more of it than it shows.
import ava from 'ava';
import { seedDemo } from '../../seeds/demo.ts';
import { crawl } from '../support/crawl.ts';
import { createWorld } from '../support/world.ts';

type Query = { readonly sql: string; readonly bindings: readonly unknown[] };

ava('no page takes a statement that reads counts but by their domain or their IP', async (t) => {
  t.timeout(300_000);
  const world = await createWorld(t);
  await seedDemo(world.deps);
  const asked = new Map<string, Query>();
  world.db.on('query', ({ sql, bindings }: Query) => {
    if (/\bsending_counts\b/.test(sql)) asked.set(sql, { sql, bindings });
  });
  for (const email of ['owner@acme.example', 'admin@warmdesk.example', 'reviewer@warmdesk.example'])
    await crawl(await world.signedIn(email), '/', 1500);
  t.true(asked.size > 5, 'pages show counts');
  for (const { sql, bindings } of [...asked.values()]) {
    const plan: { detail: string }[] = await world.db.raw(`explain query plan ${sql}`, bindings as never);
    const names = [
      ...sql.matchAll(/sending_counts[`"]? (?:as )?[`"]?(?!where|join|on|group|order|set|left)(\w+)/g),
    ].map(([, name]) => name ?? '');
    const reads = plan.filter(({ detail }) =>
      ['sending_counts', ...names].some((name) => new RegExp(`^(SCAN|SEARCH) ${name}\\b`).test(detail)),
    );
    t.true(reads.length > 0, `${sql}\n${JSON.stringify(plan)}`);
    for (const { detail } of reads) t.regex(detail, /^SEARCH .*\((domain_id|ip_id)=\?/, `${detail}\n${sql}`);
  }
});
