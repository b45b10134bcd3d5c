// Asks DNS, through the resolvers of the machine or those of DNS_SERVERS. Bounded in time and in number; never throws
// for what DNS answers, so that no caller takes a resolver that is away for a record that is missing.
import { Resolver as Ares } from 'node:dns/promises';
import { type Answer, outcomeOf } from './outcome.ts';
import { reverseName } from './reverse-name.ts';

/** `exchange` is empty where the domain says that it takes no mail (RFC 7505). */
export type Mx = { readonly exchange: string; readonly priority: number };

export type Resolver = {
  /** Each record as one text, however many strings it is split into; a byte that is not ASCII is one character. */
  txt(name: string): Promise<Answer<string>>;
  mx(name: string): Promise<Answer<Mx>>;
  /** The IPv4 addresses. */
  a(name: string): Promise<Answer<string>>;
  /** The IPv6 addresses. */
  aaaa(name: string): Promise<Answer<string>>;
  /** Where an alias points, one step. */
  cname(name: string): Promise<Answer<string>>;
  /** The names of an address. */
  ptr(address: string): Promise<Answer<string>>;
};

export type Limits = {
  /** How long one question may take, retries and TCP included. */
  readonly questionMs: number;
  /** How many questions are under way at once; others wait for their turn. */
  readonly atOnce: number;
};

const LIMITS: Limits = { questionMs: 5_000, atOnce: 40 };
/** A lost packet is asked for again well before a question's time is over. */
const TRIES = { tries: 3, timeout: 1_000, maxTimeout: 2_000 };

/** A resolver that asks `servers` (`address` or `address:port`), or those of the machine where it is null. */
export function openResolver(servers: readonly string[] | null, limits: Limits = LIMITS): Resolver {
  const turn = turns(limits.atOnce);

  async function ask<T>(question: (ares: Ares) => Promise<T[]>): Promise<Answer<T>> {
    const done = await turn();
    // One of its own for each question: a new source port, the machine's resolvers as they are now, and an end of its own.
    const ares = new Ares(TRIES);
    const timer = setTimeout(() => ares.cancel(), limits.questionMs);
    try {
      if (servers) ares.setServers(servers);
      const records = await question(ares);
      return records.length > 0 ? { outcome: 'found', records } : { outcome: 'no-such-record' };
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (typeof code !== 'string') throw error;
      return outcomeOf(code);
    } finally {
      clearTimeout(timer);
      done();
    }
  }

  return {
    txt: (name) => ask(async (ares) => (await ares.resolveTxt(name)).map((strings) => strings.join(''))),
    mx: (name) =>
      ask(async (ares) => (await ares.resolveMx(name)).map(({ exchange, priority }) => ({ exchange, priority }))),
    a: (name) => ask((ares) => ares.resolve4(name)),
    aaaa: (name) => ask((ares) => ares.resolve6(name)),
    cname: (name) => ask((ares) => ares.resolveCname(name)),
    // By its name: `reverse` would look into the machine's own list of hosts first. `.` says that the address has no name.
    ptr: (address) => ask(async (ares) => (await ares.resolvePtr(reverseName(address))).filter((name) => name !== '')),
  };
}

/** Lets `count` in at once; those who come later wait in their order. */
function turns(count: number): () => Promise<() => void> {
  let free = count;
  const waiting: (() => void)[] = [];
  const done = (): void => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  return async () => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    return done;
  };
}
