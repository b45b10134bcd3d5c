// Customers and reviewers at work through HTTP, who try again what got no answer.
import { checked, DEDICATED, dedicatedForm, send } from './asking.ts';
import type * as make from './make.ts';
import type { Answer, Visitor } from './visitor.ts';

/** Where the desk is reached at the moment; nobody asks while it is down. */
export class Door {
  #home: string | null = null;
  #waiting: (() => void)[] = [];
  closing = false;

  open(home: string): void {
    this.#home = home;
    for (const go of this.#waiting.splice(0)) go();
  }

  shut(): void {
    this.#home = null;
  }

  async home(): Promise<string> {
    while (this.#home === null) await new Promise<void>((go) => this.#waiting.push(go));
    return this.#home;
  }
}

/** What the desk said yes to: a request that it took, or a step; by its reference. */
export type Yes = { readonly token: string | null; readonly reference: string; readonly did: string };

type Hands = { readonly customer: Visitor; readonly reviewer: Visitor; readonly second: Visitor };

/** One customer's requests, one after the other: sent, and then approved, declined or withdrawn. */
export class Lane {
  readonly yes: Yes[] = [];
  /** Answers that no crash explains. */
  readonly faults: string[] = [];
  readonly #door: Door;
  readonly #hands: Hands;
  readonly #account: make.Account;

  constructor(door: Door, hands: Hands, account: make.Account) {
    this.#door = door;
    this.#hands = hands;
    this.#account = account;
  }

  /** Works until the door is closing; the last request is carried to its end. */
  async work(): Promise<void> {
    for (let turn = 0; !this.#door.closing; turn += 1) {
      const reference = await this.#ask();
      if (turn % 3 === 0) await this.#approve(reference);
      else if (turn % 3 === 1) await this.#decline(reference);
      else await this.#step(reference, () => this.#withdraw(reference));
    }
  }

  async #ask(): Promise<string> {
    const { customer } = this.#hands;
    const form = dedicatedForm(this.#account.domains);
    const check = await this.#persist((home) => checked(customer.at(home), DEDICATED, form));
    const { answer } = check;
    const token = answer.hidden(DEDICATED).formToken?.[0] ?? '';
    const sent = await this.#persist((home) => send(customer.at(home), DEDICATED, answer));
    const reference = /^\/requests\/(WD-\d+)\?note=/.exec(sent.answer.location ?? '')?.[1] ?? '';
    if (reference === '') throw new Error(`not sent: ${sent.answer.status} ${sent.answer.text.slice(0, 300)}`);
    this.yes.push({ token, reference, did: 'request.submitted' });
    return reference;
  }

  async #approve(reference: string): Promise<void> {
    const { reviewer, second } = this.#hands;
    const reason = 'A known customer; the volume is coming.';
    const did = await this.#step(reference, () => this.#decide(reviewer, reference, 'approval', 'approve', { reason }));
    if (did === 'proposed') {
      await this.#step(reference, () => this.#decide(second, reference, 'confirmation', 'approve', {}));
    }
  }

  #decline(reference: string): Promise<string> {
    const reason = { reason: 'Not this time.' };
    return this.#step(reference, () => this.#decide(this.#hands.reviewer, reference, 'refusal', 'decline', reason));
  }

  #withdraw(reference: string) {
    return this.#persist((home) => this.#hands.customer.at(home).post(`/requests/${reference}/withdrawal`, {}));
  }

  #decide(who: Visitor, reference: string, path: string, mode: string, fields: Record<string, string>) {
    const action = `/review/${reference}/${path}`;
    return this.#persist(async (home) => {
      const page = await who.at(home).get(`/review/${reference}?decision=${mode}`);
      // Without its form the page says that the step was taken: before a crash kept the answer from coming.
      if (!page.html.includes(`action="${action}"`)) return page;
      return who.at(home).submit(page, action, fields);
    });
  }

  /** Takes a step. Returns what was done, by the note of the answer or, after a crash, by what the page says. */
  async #step(reference: string, take: () => Promise<{ answer: Answer; tries: number }>): Promise<string> {
    const { answer, tries } = await take();
    const note = /\?note=([a-z-]+)$/.exec(answer.location ?? '')?.[1];
    if (note) this.yes.push({ token: null, reference, did: DID[note] ?? note });
    else if (tries === 1) this.faults.push(`${reference}: ${answer.status} ${answer.text.slice(0, 300)}`);
    return note ?? (/Second review\b/.test(answer.text) ? 'proposed' : 'done');
  }

  /** Asks until there is an answer. */
  async #persist(ask: (home: string) => Promise<Answer>): Promise<{ answer: Answer; tries: number }> {
    for (let tries = 1; ; tries += 1) {
      const home = await this.#door.home();
      try {
        const answer = await ask(home);
        if (answer.status >= 500) this.faults.push(`${answer.status} ${answer.text.slice(0, 300)}`);
        return { answer, tries };
      } catch (error) {
        // What fetch throws where the other side is gone.
        if (!(error instanceof TypeError)) throw error;
        await new Promise((soon) => setImmediate(soon));
      }
    }
  }
}

const DID: Readonly<Record<string, string>> = {
  approved: 'request.fulfilled',
  proposed: 'request.proposed',
  declined: 'request.declined',
  withdrawn: 'request.withdrawn',
};
