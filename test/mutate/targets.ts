// What is mutated, and by which tests each mutant has to be noticed.

export type Target = {
  readonly name: string;
  /** The files that are changed, one fact at a time. */
  readonly files: readonly string[];
  readonly tests: readonly string[];
  /** Titles of the tests that are run; all where there are none. */
  readonly match?: readonly string[];
};

/** A mutant cannot have a PostgreSQL of its own: rules over a database are shown on SQLite. */
const ON_SQLITE = ['!*(PostgreSQL)'];

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
    tests: ['findings', 'dedicated', 'volume', 'pool', 'warm-way-out', 'recommend', 'distance', 'remedies'].map(
      (name) => `test/policy/${name}.test.ts`,
    ),
  },
  {
    name: 'daily evaluation',
    files: ['judge', 'progress', 'rates', 'follow-sender', 'follow-rhythm', 'throttled-providers'].map(
      (name) => `src/warmup/daily/${name}.ts`,
    ),
    tests: [
      'judge',
      'judge-whole',
      'follow-sender',
      'follow-rhythm',
      'follow-rhythm-stages',
      'throttled-providers',
    ].map((name) => `test/warmup/${name}.test.ts`),
    match: ['!*(SQLite)', '!*(PostgreSQL)'],
  },
  { name: 'quote', files: ['src/pricing/quote.ts'], tests: ['test/pricing/quote.test.ts'] },
  {
    name: 'permissions',
    files: ['src/accounts/permissions.ts'],
    tests: ['test/accounts/permissions.test.ts'],
  },
  {
    name: 'route',
    files: ['src/routing/route.ts', 'src/routing/egress.ts', 'src/policy/document/overflow.ts'],
    tests: ['route', 'egress', 'warm-limit'].map((name) => `test/routing/${name}.test.ts`),
    match: ['!*(SQLite)', '!*(PostgreSQL)'],
  },
  {
    name: 'leases',
    files: ['src/routing/cap-leases.ts'],
    tests: ['leases-waiting', 'leases-blocks', 'leases-edges', 'leases'].map((name) => `test/routing/${name}.test.ts`),
    match: ON_SQLITE,
  },
  {
    name: 'claims',
    files: ['src/notifications/store-claims.ts'],
    tests: ['test/notifications/claims.test.ts', 'test/notifications/sender.test.ts'],
    match: ON_SQLITE,
  },
];
