// Header fields of a mail, of a report or of the message that it is about. Pure.

/** Fields by their names in lower case, each with its values in their order. */
export type Fields = ReadonlyMap<string, readonly string[]>;

/** Reads `Name: value` lines up to the first empty one; a line that begins with a blank goes on with the one before. */
export function fieldsOf(text: string): Fields {
  const fields = new Map<string, string[]>();
  const end = /\r?\n\r?\n/.exec(text.trimStart())?.index;
  const head = text.trimStart().slice(0, end);
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    const values = fields.get(name);
    if (values) values.push(value);
    else fields.set(name, [value]);
  }
  return fields;
}

/** The first value of the first of these fields that has one; '' where none has. */
export const first = (fields: Fields, ...names: readonly string[]): string => {
  for (const name of names) {
    const value = fields.get(name)?.[0];
    if (value !== undefined && value !== '') return value;
  }
  return '';
};

/** All groups of fields in a text, which empty lines part: those of a delivery status are about one recipient each. */
export const groupsOf = (text: string): Fields[] =>
  text
    .split(/\r?\n[ \t]*\r?\n/)
    .map(fieldsOf)
    .filter((fields) => fields.size > 0);

/** `<ann@example.com>`, `rfc822; ann@example.com`, `Ann <ann@example.com>` → the address; '' where there is none. */
export const addressIn = (value: string): string =>
  /<([^<>]*@[^<>]*)>/.exec(value)?.[1] ?? /[^\s;:,<>]+@[^\s;,<>]+/.exec(value)?.[0] ?? '';
