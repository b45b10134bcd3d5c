// What is mutated, and by which tests each mutant has to be noticed.

export type Target = {
  readonly name: string;
  /** The files that are changed, one fact at a time. */
  readonly files: readonly string[];
  /** Tests that take some milliseconds: in one that takes seconds a mutant waits for ever, and is noticed. */
  readonly tests: readonly string[];
  /** Tests with a database, for what those let through: most mutants get no further than to them. */
  readonly slowTests?: readonly string[];
  /** Titles of the tests that are run; all where there are none. */
  readonly match?: readonly string[];
};

/** A mutant cannot have a PostgreSQL of its own: rules over a database are shown on SQLite. */
const ON_SQLITE = ['!*(PostgreSQL)'];

const routingTests = (...names: readonly string[]) => names.map((name) => `test/routing/${name}.test.ts`);
const warmupTests = (...names: readonly string[]) => names.map((name) => `test/warmup/${name}.test.ts`);

export const targets: readonly Target[] = [
  {
    name: 'request lifecycle',
    files: ['src/requests/lifecycle.ts'],
    tests: ['test/requests/lifecycle.test.ts'],
  },
  {
    name: 'warm-up lifecycle',
    files: ['src/warmup/lifecycle.ts'],
    tests: ['test/warmup/lifecycle.test.ts'],
  },
  {
    name: 'checks',
    files: ['src/policy/checks/*.ts'],
    tests: [
      'findings',
      'dedicated',
      'subusers',
      'volume',
      'pool',
      'warm-way-out',
      'recommend',
      'distance',
      'remedies',
    ].map((name) => `test/policy/${name}.test.ts`),
  },
  {
    name: 'daily evaluation',
    files: ['judge', 'progress', 'rates'].map((name) => `src/warmup/daily/${name}.ts`),
    tests: warmupTests('judge', 'judge-whole', 'judge-followed', 'throttled-providers', 'follow-sender'),
  },
  {
    name: 'follow sender',
    files: ['src/warmup/daily/follow-sender.ts'],
    tests: warmupTests('follow-sender', 'judge', 'judge-whole'),
  },
  {
    name: 'follow rhythm',
    files: ['src/warmup/daily/follow-rhythm.ts'],
    tests: warmupTests('follow-rhythm-stages', 'follow-rhythm'),
  },
  {
    name: 'throttled providers',
    files: ['src/warmup/daily/throttled-providers.ts'],
    tests: warmupTests('throttled-providers', 'judge', 'judge-whole'),
  },
  { name: 'quote', files: ['src/pricing/quote.ts'], tests: ['test/pricing/quote.test.ts'] },
  {
    name: 'permissions',
    files: ['src/accounts/permissions.ts'],
    tests: ['test/accounts/permissions.test.ts'],
  },
  {
    name: 'route',
    files: ['src/routing/route.ts', 'src/routing/egress.ts'],
    tests: routingTests('egress', 'egress-streams', 'warm-limit', 'route'),
  },
  {
    name: 'overflow',
    files: ['src/policy/document/overflow.ts'],
    tests: ['test/policy/overflow.test.ts'],
  },
  { name: 'batches', files: ['src/routing/batches.ts'], tests: routingTests('batches') },
  { name: 'lease', files: ['src/routing/lease.ts'], tests: routingTests('lease') },
  {
    name: 'leases',
    files: ['src/routing/cap-leases.ts'],
    tests: routingTests('leases-blocks', 'leases-edges', 'leases-waiting', 'leases-told'),
    slowTests: routingTests('leases-taken'),
    match: ON_SQLITE,
  },
  {
    name: 'claims',
    files: ['src/notifications/store-claims.ts'],
    tests: [],
    slowTests: ['test/notifications/claims.test.ts', 'test/notifications/sender.test.ts'],
    match: ON_SQLITE,
  },
];
