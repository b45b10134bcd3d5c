// A mail before it is written: who gets it, which template, and the facts that the template tells.
export type Recipient = {
  readonly id: number;
  readonly email: string;
  readonly name: string;
  readonly timeZone: string;
};

/** The facts of each template; a slice that sends mail adds its own (`declare module`). Times are UTC milliseconds. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the slices
export interface MailFacts {}

export type MailName = keyof MailFacts & string;

/** A mail to one person about one recorded event. `thread`: what its References root is made of, like `WD-1042`. */
export type Mail = {
  [Name in MailName]: {
    readonly eventId: number;
    readonly to: Recipient;
    readonly template: Name;
    readonly facts: MailFacts[Name];
    readonly thread: string | null;
  };
}[MailName];

// One plain address: what a mail library could read as two, as a route or as a comment is refused.
const ADDRESS =
  /^[a-z0-9!#$%&'*+/=?^_{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_{|}~-]+)*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i;

/** Whether `text` is exactly one plain mail address, safe to hand to a mail server. */
export const isPlainAddress = (text: string): boolean =>
  text.length <= 254 && text.lastIndexOf('@') <= 64 && ADDRESS.test(text);
