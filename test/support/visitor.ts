// A browser without JavaScript: keeps cookies, follows nothing by itself, reads pages. It takes no page that is not sound.
import { faultsOf } from './sound.ts';

export type Answer = {
  readonly status: number;
  readonly location: string | null;
  readonly html: string;
  /** What a person reads: no markup, white space folded. */
  readonly text: string;
  readonly headers: Headers;
  /** Names and values of the hidden fields of the form that goes to `action`. */
  readonly hidden: (action: string) => Record<string, string[]>;
};

type Fields = Readonly<Record<string, string | readonly string[]>>;

export class Visitor {
  readonly #home: string;
  readonly #cookies = new Map<string, string>();

  constructor(home: string) {
    this.#home = home;
  }

  /** Its cookies, as a request's header has them. */
  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** The same browser at another address of ours. */
  at(home: string): Visitor {
    const moved = new Visitor(home);
    for (const [name, value] of this.#cookies) moved.#cookies.set(name, value);
    return moved;
  }

  get(path: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET'): Promise<Answer> {
    return this.#ask(path, { headers, method });
  }

  /** Sends a form as a browser would from one of our own pages. */
  post(path: string, fields: Fields, headers: Record<string, string> = {}): Promise<Answer> {
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one);
    return this.#ask(path, { method: 'POST', body, headers: { 'sec-fetch-site': 'same-origin', ...headers } });
  }

  /** Sends a form with a file, or any other body, as a browser would from one of our own pages. */
  send(path: string, body: FormData | string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#ask(path, { method: 'POST', body, headers: { 'sec-fetch-site': 'same-origin', ...headers } });
  }

  /** Posts the page's form that goes to `action`, with its hidden fields and what is filled in. */
  async submit(page: Answer, action: string, fields: Fields, headers: Record<string, string> = {}): Promise<Answer> {
    return this.post(action, { ...hiddenFields(page.html, action), ...fields }, headers);
  }

  async #ask(path: string, init: RequestInit): Promise<Answer> {
    const headers = new Headers(init.headers);
    if (this.#cookies.size > 0) headers.set('cookie', this.cookie);
    const answer = await fetch(new URL(path, this.#home), { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const html = await answer.text();
    // A mail that the development mailbox shows isn't a page of ours.
    const faults = html.includes('<a class="skip"') ? faultsOf(html) : [];
    if (faults.length > 0) throw new Error(`${init.method ?? 'GET'} ${path}: ${faults.join('; ')}`);
    return {
      status: answer.status,
      location: answer.headers.get('location'),
      html,
      text: readable(html),
      headers: answer.headers,
      hidden: (action) => hiddenFields(html, action),
    };
  }
}

/** The text of a page as it is read, with character references resolved. */
export function readable(html: string): string {
  return resolved(
    html
      .replace(/<(script|style|head)\b[\s\S]*?<\/\1>/g, ' ')
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' '),
  ).trim();
}

const REFERENCES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#34': '"', '#39': "'", nbsp: ' ' };
const resolved = (text: string): string => text.replace(/&(#?\w+);/g, (all, name: string) => REFERENCES[name] ?? all);

/** Names and values of the hidden fields (and unchanged ones) of the form that goes to `action`. */
export function hiddenFields(html: string, action: string): Record<string, string[]> {
  const forms = html.match(/<form\b[\s\S]*?<\/form>/g) ?? [];
  const form = forms.find((one) => resolved(/action="([^"]*)"/.exec(one)?.[1] ?? '') === action);
  if (!form) throw new Error(`the page has no form that goes to ${action}`);
  const found: Record<string, string[]> = {};
  for (const [input] of form.matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(input)?.[1];
    if (name) found[name] = [...(found[name] ?? []), resolved(/value="([^"]*)"/.exec(input)?.[1] ?? '')];
  }
  return found;
}
