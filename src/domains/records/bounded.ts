// DNS for the records of one domain: each question once, and no more than a number of them in a span of time.
import type { Answer } from '../../dns/outcome.ts';
import type { Mx, Resolver } from '../../dns/resolver.ts';

/** SPF alone may take ten look-ups, of which each mail exchanger takes ten more. */
const MOST_QUESTIONS = 120;
const LONGEST_MS = 20_000;

export type Questions = {
  txt(name: string): Promise<Answer<string>>;
  cname(name: string): Promise<Answer<string>>;
  mx(name: string): Promise<Answer<Mx>>;
  a(name: string): Promise<Answer<string>>;
  aaaa(name: string): Promise<Answer<string>>;
};

/** What is asked beyond the bounds counts as not answered in time. */
export function bounded(dns: Resolver): Questions {
  const until = performance.now() + LONGEST_MS;
  const asked = new Map<string, Promise<Answer<unknown>>>();
  const once = <T>(question: string, ask: () => Promise<Answer<T>>): Promise<Answer<T>> => {
    const before = asked.get(question);
    if (before) return before as Promise<Answer<T>>;
    const isOver = asked.size >= MOST_QUESTIONS || performance.now() > until;
    const answer = isOver ? Promise.resolve<Answer<T>>({ outcome: 'timed-out' }) : ask();
    asked.set(question, answer);
    return answer;
  };
  return {
    txt: (name) => once(`TXT ${name}`, () => dns.txt(name)),
    cname: (name) => once(`CNAME ${name}`, () => dns.cname(name)),
    mx: (name) => once(`MX ${name}`, () => dns.mx(name)),
    a: (name) => once(`A ${name}`, () => dns.a(name)),
    aaaa: (name) => once(`AAAA ${name}`, () => dns.aaaa(name)),
  };
}
