// The configuration that a page of docs/ shows: what the tests run is what the page says.
import { readFileSync } from 'node:fs';

/** The block of a page that is led by this name behind its fence. Throws where there is none, or two. */
export function block(page: string, name: string): string {
  const found = [...readFileSync(page, 'utf8').matchAll(/^( *)```([^\n]*)\n(.*?)^\1```$/gms)].filter(
    ([, , named]) => named === name,
  );
  const [, indent = '', , text] = found[0] ?? [];
  if (text === undefined || found.length > 1) throw new Error(`${page} has ${found.length} blocks "${name}"`);
  return text.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
}
