// Colleagues whom a note names with an @. Pure.

export type Named = { readonly id: number; readonly name: string; readonly email: string };

/** What is written after the @ for somebody: the whole name, the first one, or the mail address as far as its @. */
const callsOf = ({ name, email }: Named): string[] =>
  [name, name.split(' ')[0] ?? '', email.split('@')[0] ?? '']
    .filter((call) => call !== '')
    .map((call) => call.toLowerCase());

/** Whether a word goes on here: neither `@anna` nor `@ann-lena` names Ann. */
const GOES_ON = /^([\p{L}\p{N}_]|[-.][\p{L}\p{N}])/u;

/**
 * The people of `staff` whom a text names, each once, in the order of the text. Of several calls that fit the longest counts;
 * one that two of them have names nobody.
 */
export function mentionedIn<P extends Named>(text: string, staff: readonly P[]): P[] {
  const found = new Set<P>();
  for (const { index } of text.matchAll(/(?<![\p{L}\p{N}_.@])@(?=[\p{L}\p{N}])/gu)) {
    const rest = text.slice(index + 1).toLowerCase();
    const fits = (call: string): boolean => rest.startsWith(call) && !GOES_ON.test(rest.slice(call.length));
    const calls = staff.flatMap((person) =>
      callsOf(person)
        .filter(fits)
        .map((call) => ({ person, call })),
    );
    const longest = Math.max(0, ...calls.map(({ call }) => call.length));
    const meant = new Set(calls.filter(({ call }) => call.length === longest).map(({ person }) => person));
    const [person] = meant;
    if (person !== undefined && meant.size === 1) found.add(person);
  }
  return [...found];
}
