// Hands mail in, as a customer's program does, and counts what came of it.
import type { ExecutionContext } from 'ava';
import { createTransport } from 'nodemailer';
import type { Customers, Who } from './customers.ts';
import type { Sink } from './sink.ts';

export type HandedIn = {
  /** The names of what was taken, and the server's answer to each of the others. */
  readonly taken: readonly string[];
  readonly refused: readonly string[];
};

let round = 0;

/** Hands in as many messages of each customer as `counts` says, mixed, to one recipient each; `to` says to whom. */
export async function handIn(
  port: number | ((who: Who) => number),
  from: Customers['from'],
  counts: Partial<Record<Who, number>>,
  to: (index: number) => string[] = (index) => [`r${index}@inbox.example`],
): Promise<HandedIn> {
  round += 1;
  const all = (Object.entries(counts) as [Who, number][]).flatMap(([who, many]) =>
    Array.from({ length: many }, (_, i) => ({ who, i, message: `${round}-${who}-${i}`, at: i / many })),
  );
  all.sort((a, b) => a.at - b.at);
  const portOf = typeof port === 'number' ? () => port : port;
  const mailers = new Map([...new Set(all.map(({ who }) => portOf(who)))].map((one) => [one, mailer(one)]));
  const answers = await Promise.all(
    all.map(({ who, i, message }) =>
      mailers
        .get(portOf(who))
        ?.sendMail(mail(from[who], message, to(i)))
        .then(
          () => undefined,
          (error: { response?: string; message: string }) => error.response ?? error.message,
        ),
    ),
  );
  for (const one of mailers.values()) one.close();
  return {
    taken: all.filter((_, i) => answers[i] === undefined).map(({ message }) => message),
    refused: answers.filter((answer) => answer !== undefined),
  };
}

const mailer = (port: number) =>
  createTransport({ host: '127.0.0.1', port, pool: true, maxConnections: 8, maxMessages: 1_000, ignoreTLS: true });

export const mail = (domain: string, message: string, to: string[]) => ({
  envelope: { from: `news@${domain}`, to },
  raw: `From: news@${domain}\r\nTo: somebody@inbox.example\r\nSubject: ${message}\r\nDate: Sat, 28 Nov 2026 06:00:00 +0000\r\nMessage-ID: <${message}@${domain}>\r\nX-Test: ${message}\r\n\r\nHello.\r\n`,
});

/** Recipients of a domain's mail that was taken, by the address that it came from. */
export function over(sink: Sink, domain: string, sender = 'news'): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of sink.tries) {
    if (one.isTaken && one.sender === `${sender}@${domain}`)
      counts[one.from] = (counts[one.from] ?? 0) + one.recipients;
  }
  return counts;
}

/** S-26, C-16: a message that was deferred came again from the address that it came from first. */
export function retriesKeptTheirIp(t: ExecutionContext, sink: Sink): void {
  const first = new Map<string, string>();
  let again = 0;
  for (const { message, to, from } of sink.tries) {
    const before = first.get(`${message} ${to}`);
    if (before === undefined) first.set(`${message} ${to}`, from);
    else {
      again += 1;
      t.is(from, before, `${message} kept its IP`);
    }
  }
  t.true(again > 0, `${again} messages were deferred and came again`);
}
