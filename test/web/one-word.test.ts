// One word for one thing: what a page says of an IP, a request or a domain is what each other page says of it.
import ava from 'ava';
import { seedDemo } from '../../seeds/demo.ts';
import { reference } from '../../src/requests/request.ts';
import { crawl } from '../support/crawl.ts';
import { type Answer, readable } from '../support/visitor.ts';
import { createWorld } from '../support/world.ts';

/** What pages said of each thing: by its name and what is said of it, each value with the pages that have it. */
class Said {
  readonly #said = new Map<string, Map<string, Set<string>>>();

  note(thing: string, value: string, path: string): void {
    const values = this.#said.get(thing) ?? new Map<string, Set<string>>();
    const pages = values.get(value) ?? new Set<string>();
    this.#said.set(thing, values.set(value, pages.add(path)));
  }

  /** Things that are told in more than one way: each with its values and a page that has it. */
  get contradictions(): string[] {
    return [...this.#said]
      .filter(([, values]) => values.size > 1)
      .map(
        ([thing, values]) => `${thing}: ${[...values].map(([value, [page]]) => `“${value}” on ${page}`).join(', ')}`,
      );
  }

  /** How many things of a kind were told on more than one page. */
  compared(kind: string): number {
    const pagesOf = (values: Map<string, Set<string>>) => new Set([...values.values()].flatMap((pages) => [...pages]));
    return [...this.#said].filter(([thing, values]) => thing.startsWith(kind) && pagesOf(values).size > 1).length;
  }
}

const ROW = /<tr\b[\s\S]*?<\/tr>/g;
const STATE = /<span class="state is-\w+">([\s\S]*?)<\/span>/;
const state = (html: string): string | undefined => {
  const found = STATE.exec(html)?.[1];
  // Lists of IPs add the stage.
  return found && readable(found).replace(/, stage \d+ of \d+$/, '');
};
const address = /\b(?:\d{1,3}\.){3}\d{1,3}\b/;

/** Reads what rows and heads of a page say of IPs, requests and domains. */
function listen(said: Said, path: string, { html }: Answer): void {
  // What is charged for a day of the past is another fact than what an IP is now.
  if (path === '/charges') return;
  for (const [row] of html.matchAll(ROW)) {
    const head = readable(/<th\b[\s\S]*?<\/th>/.exec(row)?.[0] ?? '');
    const now = state(row);
    const ip = address.exec(head)?.[0];
    if (ip && now) said.note(`IP ${ip}, state`, now, path);
    const price = /data-label="A month"[^>]*>([\s\S]*?)<\/td>/.exec(row)?.[1];
    const cents = price && /included|\$[\d.,]+/.exec(readable(price))?.[0];
    if (ip && cents) said.note(`IP ${ip}, a month`, cents, path);
    const reference = /^(?:Choose WD-\d+ )?(WD-\d+)/.exec(head)?.[1];
    if (reference && now) said.note(`request ${reference}, state`, now, path);
    // The queue names the customer first; what is quieter beside a title is said elsewhere too.
    const cells = [...row.matchAll(/<td\b[^>]*>([\s\S]*?)<\/td>/g)].map(([, cell = '']) => cell);
    const title = cells[path === '/review' ? 1 : 0]?.replace(/<span class="context">[\s\S]*?<\/span>/g, '');
    if (reference && title !== undefined) said.note(`request ${reference}, title`, readable(title), path);
    const weekly = /data-label="A week"[^>]*>([\s\S]*?)<\/td>/.exec(row)?.[1];
    const domain = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+/.exec(head)?.[0];
    const dns = /data-label="DNS"[^>]*>([\s\S]*?)<\/td>/.exec(row)?.[1];
    if (domain && dns && readable(dns) !== 'Stopped')
      said.note(`domain ${domain}, DNS`, readable(dns).toLowerCase(), path);
    if (domain && weekly && /\d/.test(weekly)) said.note(`domain ${domain}, a week`, readable(weekly), path);
  }
  const warmup =
    /^\/warm-ups\/\d+$/.test(path) && address.exec(readable(/<h1>[\s\S]*?<\/h1>/.exec(html)?.[0] ?? ''))?.[0];
  const pageHead = /<div class="page-head">[\s\S]*?<\/div>/.exec(html)?.[0] ?? '';
  const onItsPage = state(pageHead);
  // A plan that is done is “complete”; its IP is “active”.
  if (warmup && onItsPage && !['Complete', 'Ended'].includes(onItsPage))
    said.note(`IP ${warmup}, state`, onItsPage, path);
  const request = /^\/(?:requests|review)\/(WD-\d+)$/.exec(path)?.[1];
  if (request) listenToRequest(said, path, html, request);
}

/** Reads what a request's own page says of it, on either side of the desk. */
function listenToRequest(said: Said, path: string, html: string, request: string): void {
  const head = /<header class="page-head">[\s\S]*?<\/header>/.exec(html)?.[0] ?? '';
  const now = state(head);
  if (now) said.note(`request ${request}, state`, now, path);
  const title = readable(/<h1>[\s\S]*?<\/h1>/.exec(head)?.[0] ?? '').replace(/^WD-\d+ /, '');
  // To staff the title names the customer as well.
  said.note(`request ${request}, title`, path.startsWith('/review') ? title.replace(/ for .*$/, '') : title, path);
  const text = readable(html);
  // What is quoted holds until it is approved; from then on what is paid.
  const ofStaff =
    /Decision [\s\S]*?Price (\$[\d.,]+) a month/.exec(text)?.[1] ?? /Quoted (\$[\d.,]+) a month/.exec(text)?.[1];
  const ofCustomer = /Price (?:as it is now|fixed by the approval|quoted [^$]*?) (\$[\d.,]+) ?a month/.exec(text)?.[1];
  const price = path.startsWith('/review') ? ofStaff : ofCustomer;
  if (price) said.note(`request ${request}, a month`, price, path);
}

ava(
  'every state, title, price and weekly volume of a customer’s IPs, requests and domains is the same on all pages',
  async (t) => {
    t.timeout(600_000);
    const world = await createWorld(t);
    await seedDemo(world.deps);
    const emails: string[] = await world
      .db('people')
      .whereNotNull('account_id')
      .where({ account_role: 'admin', staff_role: null })
      .pluck('email');
    t.true(emails.length > 5);
    const said = new Said();
    for (const email of emails) {
      const visitor = await world.signedIn(email);
      for (const [path, answer] of await crawl(visitor)) listen(said, path.split('?')[0] ?? path, answer);
    }
    const staff = await world.signedIn('admin@warmdesk.example');
    const accounts: number[] = await world.db('accounts').pluck('id');
    const requests: number[] = await world.db('requests').pluck('id');
    const ofStaff = [
      '/inventory',
      '/warm-ups',
      ...Array.from({ length: 5 }, (_, page) => `/review?tab=all&page=${page + 1}`),
      ...requests.map((id) => `/review/${reference(id)}`),
      ...accounts.flatMap((id) => [`/customers/${id}`, `/customers/${id}/domains`]),
    ];
    for (const path of ofStaff) listen(said, path.split('?')[0] ?? path, await staff.get(path));
    t.deepEqual(said.contradictions, []);
    for (const [kind, least] of [
      ['IP', 10],
      ['request', 10],
      ['domain', 10],
    ] as const)
      t.true(said.compared(kind) >= least, kind);
  },
);
