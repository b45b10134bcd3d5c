// What strangers publish in DNS, made fit to be kept and shown. Pure.

const MOST = 6;
const LONGEST = 400;
// Bytes outside plain ASCII come as one character each; controls and what turns or hides text are shown as \ddd, as in zone files.
const ODD = /[^\x20-\x7e]/g;

/** At most six of the texts, each cut to 400 characters, with everything but plain ASCII written as in a zone file. */
export const printableTexts = (texts: readonly string[]): string[] =>
  texts.slice(0, MOST).map((text) => {
    const plain = text.replace(ODD, (one) => `\\${(one.codePointAt(0) ?? 0).toString().padStart(3, '0')}`);
    return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain;
  });
