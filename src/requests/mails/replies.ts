// Which mails about a request can be answered by mail. Pure.
import type { RequestMailName } from './index.ts';

/** Those to customers after which the request is open: what is closed takes no comments, and staff write on the page. */
const ANSWERABLE: ReadonlySet<string> = new Set<RequestMailName>([
  'request-received',
  'request-question',
  'request-answered',
  'request-changed',
  'request-second-review',
  'request-back-in-review',
  'request-offered',
  'request-waitlisted',
  'request-appealed',
  'request-requoted',
  'request-looked-at-again',
  'request-pool-question',
  'request-pool-decided',
]);

/** Whether the reader of a mail can answer it by mail. `facts`: as stored; their path says whose page it leads to. */
export function takesReplies({ template, facts }: { readonly template: string; readonly facts: unknown }): boolean {
  const { path } = (facts ?? {}) as { path?: unknown };
  return ANSWERABLE.has(template) && typeof path === 'string' && path.startsWith('/requests/');
}
