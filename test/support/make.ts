// Brings accounts, people, domains, counts, IPs and requests in any state into a world, by calling the actions only.
// `import * as make from './make.ts'`.
export * from './make-accounts.ts';
export * from './make-pools.ts';
export * from './make-requests.ts';
