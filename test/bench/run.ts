// npm run bench: prints one table of how fast Warmdesk is, beside something bare in the same run.
//   -- --part NAME   pages (if nothing else is said), routing, step, ingest, patterns, decisions, domains, builds, charges, customers, import, nights or pressure; each file says what more it takes
const PARTS = [
  'pages',
  'routing',
  'step',
  'ingest',
  'patterns',
  'decisions',
  'domains',
  'builds',
  'charges',
  'customers',
  'import',
  'nights',
  'pressure',
];

const args = process.argv.slice(2);
const at = args.indexOf('--part');
const name = at < 0 ? 'pages' : (args[at + 1] ?? '');
if (PARTS.includes(name)) {
  const { run } = await import(`./part-${name}.ts`);
  await run(at < 0 ? args : args.toSpliced(at, 2));
} else {
  console.error(`--part: one of ${PARTS.join(', ')}`);
  process.exitCode = 2;
}
