/** The checks by the names that policies call them: a policy can say that nobody may approve against one of them. */
export const checkNames = [
  'account-open',
  'subuser',
  'subuser-domains',
  'stated-volume',
  'measured-volume',
  'stated-to-measured',
  'bounce-rate',
  'complaint-rate',
  'domains-proven',
  'leaves-pool',
  'plan',
  'may-commit',
  'ip-count',
  'one-open',
  'region',
  // The overflow route. Findings of requests are stored under this name, so it stays.
  'warm-way-out',
  'new-ips',
  'free-ips',
  'transactional-only',
  'route-now',
  'history',
] as const;

export type CheckName = (typeof checkNames)[number];
