// Fields of CSV files that people open in spreadsheets. Pure.

/** A text as a field. One that a spreadsheet would take for a formula begins with an apostrophe. */
export function csvField(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
