// Changes that no test notices, each with the reason why that is right. `npm run mutate` fails on any other, and on an
// entry that nothing needs any more.

export type Accepted = {
  readonly file: string;
  /** How the line begins, without the space before it. */
  readonly line: string;
  /** What the change puts there; all changes of that line where it is left out. */
  readonly change?: string;
  readonly why: string;
};

export const accepted: readonly Accepted[] = [
  {
    file: 'src/accounts/permissions.ts',
    line: '...(person.accountRole ? ofAccountRole[person.accountRole] : []),',
    change: '["Stryker was here"]',
    why: 'No route asks for a permission of that name.',
  },
  {
    file: 'src/accounts/permissions.ts',
    line: '...(person.staffRole ? ofStaffRole[person.staffRole] : []),',
    change: '["Stryker was here"]',
    why: 'No route asks for a permission of that name.',
  },
  {
    file: 'src/pricing/quote.ts',
    line: "const next = lines.at(-1)?.ordinal === included ? 'Another' :",
    change: 'lines.at(-1).ordinal',
    why: 'A quote without lines has no free ones, and its sentence ended above.',
  },
  {
    file: 'src/policy/checks/warmup.ts',
    line: "limit: LIMITS[String(routes.includes('warm-ips'))]?.[String(routes.includes('pool'))] ?? '',",
    why: 'true and false are both keys; the types do not know.',
  },
  {
    file: 'src/policy/checks/volume.ts',
    line: 'return facts.sharing !== null && lackOf(alone)',
    change: 'true',
    why: 'Where nothing is shared, all IPs together lack at least as much as the new ones alone.',
  },
  {
    file: 'src/policy/checks/volume.ts',
    line: 'if (facts.measured.weekly === null || own === null) return null;',
    change: 'false',
    why: 'What was measured of some domains was measured of all, so where all have no week those asked for have none.',
  },
  {
    file: 'src/policy/checks/volume.ts',
    line: 'if (weekly === null || ownWeekly(facts) === null) {',
    change: 'false',
    why: 'The same.',
  },
  {
    file: 'src/policy/checks/volume.ts',
    line: 'const enough = (volume: number) => (perIp === null ?',
    change: 'false',
    why: 'Only asked where there is a volume to reach; the types do not know.',
  },
  {
    file: 'src/policy/checks/recommend.ts',
    line: '...(two.value !== null && forStreams > 1',
    change: 'true',
    why: 'Without a volume from which two are advised, one is enough for the streams; the types do not know.',
  },
  {
    file: 'src/policy/checks/sending.ts',
    line: 'const same = (text: string) => rate !== limit && text === percent(limit, 4);',
    change: 'true',
    why: 'A rate that is the limit reads alike with any number of decimals.',
  },
  {
    file: 'src/routing/route.ts',
    line: 'if (warming.length === 0) return undefined;',
    change: 'false',
    why: 'Only saves the hash of a message that nothing warming is there for, on each answer.',
  },
  {
    file: 'src/routing/route.ts',
    line: "if (fallback.to !== 'ips' || beyond === null)",
    change: 'false',
    why: 'Only what goes over IPs has something beyond them; the types do not know.',
  },
  {
    file: 'src/routing/egress.ts',
    line: 'if (parts.length === 0) return 0;',
    change: 'false',
    why: 'Where no IP has a plan, nobody asks what is expected for one.',
  },
  {
    file: 'src/routing/cap-leases.ts',
    line: "const key = provider === '' ?",
    change: 'false',
    why: 'Only spares most answers the making of a text: the longer key is as good.',
  },
  {
    file: 'src/routing/cap-leases.ts',
    line: "const key = provider === '' ?",
    change: '"Stryker was here!"',
    why: 'The same.',
  },
  {
    file: 'src/routing/cap-leases.ts',
    line: 'const all = await act(this.#db, { person: null, at },',
    change: '{}',
    why: 'A block is taken by nobody, and says itself when.',
  },
  {
    file: 'src/routing/cap-leases.ts',
    line: 'await act(this.#db, { person: null, at: now }, async ({ trx }) => {',
    change: '{}',
    why: 'What is given back is given by nobody, and says itself when.',
  },
  {
    file: 'src/notifications/store-claims.ts',
    line: "return skippingLocked(db, waiting.orderBy(order).limit(count)).as('due');",
    change: '""',
    why: 'PostgreSQL wants a name for it, any will do; SQLite wants none.',
  },
  {
    file: 'src/routing/cap-leases.ts',
    line: 'const taken = (all.ok ? all.value[index] : undefined) ??',
    change: '{}',
    why: 'Taking a block refuses nothing; the types do not know.',
  },
  {
    file: 'src/routing/cap-leases.ts',
    line: 'const told = blocks[index]?.carried;',
    why: 'There are as many blocks as were wanted; the types do not know.',
  },
  {
    file: 'src/routing/cap-leases.ts',
    line: 'if (told && taken.carried) this.#mail?.noteTold(',
    change: 'this.#mail.noteTold',
    why: 'Only mail that is shared has told anything; the types do not know.',
  },
  {
    file: 'src/routing/cap-leases.ts',
    line: '.sort((a, b) => a.ipId - b.ipId ||',
    change: 'a.provider <= b.provider',
    why: 'An IP has one lease for a provider: two are never alike.',
  },
  {
    file: 'src/routing/batches.ts',
    line: '#isUrgent = false;',
    why: 'Every write begins with somebody in a hurry, be it the timer, and ends that.',
  },
  {
    file: 'src/warmup/daily/follow-rhythm.ts',
    line: 'if (day - remadeOn < patience(pattern.period) || roughlyAhead(schedule, state) > most) return null;',
    change: 'roughlyAhead(schedule, state) >= most',
    why: 'What is rough is never exactly the limit, and its exact number is looked at next.',
  },
];
