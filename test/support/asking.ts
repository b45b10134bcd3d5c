// Asking through the pages, as somebody with a browser does.
import { type Answer, hiddenFields, type Visitor } from './visitor.ts';

export type Typed = Readonly<Record<string, string | readonly string[]>>;

/** What somebody types who asks for one IP. `domains` are the ids of the account's own. */
export const dedicatedForm = (domains: readonly { readonly id: number }[]): Typed => ({
  domains: domains.map(({ id }) => String(id)),
  ipCount: '1',
  weeklyVolume: '180,000',
  peakWeeklyVolume: '200 000',
  stream: 'both',
  region: 'us',
  startsOn: '2026-12-01',
  sends: 'Order news and a newsletter.',
  signup: 'In the shop, with a confirmed address.',
});

/** What somebody types who asks for the transactional pool. */
export const poolForm = (domain: { readonly id: number } | undefined): Typed => ({
  domain: String(domain?.id),
  weeklyVolume: '30,000',
  sends: 'Receipts.',
  samples: 'Your receipt for order 1042',
  confirmed: 'yes',
});

export const DEDICATED = '/requests/dedicated-ips';
export const POOL = '/requests/transactional-pool';

/** Opens a form, fills it in and goes on to the page that shows the checks. */
export async function checked(visitor: Visitor, path: string, typed: Typed): Promise<Answer> {
  const form = await visitor.get(path.replace('/requests/', '/requests/new/'));
  return followed(visitor, await visitor.submit(form, path, { ...typed, step: 'check' }));
}

/** The page that an answer leads to, or the answer itself where it leads nowhere. */
export const followed = async (visitor: Visitor, answer: Answer): Promise<Answer> =>
  answer.status === 303 && answer.location ? visitor.get(answer.location) : answer;

/** Sends what the page with the checks carries. */
export const send = (visitor: Visitor, path: string, check: Answer): Promise<Answer> =>
  visitor.submit(check, path, { step: 'send' });

/** What a form's controls hold, hidden ones and those that somebody sees alike. */
export function heldBy(html: string, action: string): Record<string, string[]> {
  const held: Record<string, string[]> = hiddenFields(html, action);
  const keep = (name: string | undefined, value: string) => {
    if (name) held[name] = [...(held[name] ?? []), value];
  };
  const form = formOf(html, action);
  for (const [tag] of form.matchAll(/<input\b[^>]*>/g)) {
    const kind = /type="([^"]*)"/.exec(tag)?.[1] ?? 'text';
    const isUnchosen = ['radio', 'checkbox'].includes(kind) && !/ checked/.test(tag);
    if (kind !== 'hidden' && !isUnchosen) keep(nameOf(tag), resolved(/ value="([^"]*)"/.exec(tag)?.[1] ?? ''));
  }
  for (const [, tag = '', text = ''] of form.matchAll(/(<textarea\b[^>]*>)\n?([\s\S]*?)<\/textarea>/g)) {
    keep(nameOf(tag), resolved(text));
  }
  return held;
}

const nameOf = (tag: string): string | undefined => / name="([^"]*)"/.exec(tag)?.[1];
const formOf = (html: string, action: string): string =>
  (html.match(/<form\b[\s\S]*?<\/form>/g) ?? []).find((form) => form.includes(`action="${action}"`)) ?? '';
const SIGNS: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&#34;': '"', '&#39;': "'", '&amp;': '&' };
const resolved = (text: string): string => text.replace(/&(?:lt|gt|#34|#39|amp);/g, (sign) => SIGNS[sign] ?? sign);
