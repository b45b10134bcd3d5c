// Mails under way, side by side.
import { randomUUID } from 'node:crypto';
import { type Delivery, type Outcome, report, type Tried, tryMail } from './delivery.ts';
import { CONNECTIONS } from './outgoing.ts';
import type { OutboxMail } from './store.ts';
import type { Claim } from './store-claims.ts';

/** A claim outlives the longest try, so that it ends only under a sender that hangs or is gone. */
const CLAIM_IN_TRIES = 2;

/** Mails that were begun together end within a few milliseconds of each other; the first waits so long for the others. */
const TOGETHER_MS = 8;

/** `stop`: claim nothing more. `giveUp`: break off what is under way, too. */
export type Stopping = { readonly stop: AbortSignal; readonly giveUp: AbortSignal };

export type Tally = Record<Outcome, number>;

/** What became of the rows of mails that were tried, and the mails that are claimed next. */
export type Turn = { readonly outcomes: readonly Outcome[]; readonly claimed: readonly OutboxMail[] };

/** Writes down how tries went and claims further mails, in one transaction. */
export type Take = (tried: readonly Tried[], claim: Claim) => Promise<Turn>;

const all = Array.from({ length: CONNECTIONS }, (_, lane) => lane);

/**
 * One mail for each connection to the mail server; a mail that stalls holds up its own lane alone. Each commit writes
 * down all that was tried since the last one and claims for all lanes that are free, so that mails which go at the same
 * time share their commits. A lane is free once its mail is written down: after a crash no more mails can go out a
 * second time than there are lanes.
 */
export class Lanes {
  readonly tally: Tally = { sent: 0, retry: 0, failed: 0, late: 0 };
  readonly #delivery: Delivery;
  readonly #stopping: Stopping;
  readonly #take: Take;
  readonly #busy = new Set<number>();
  #tried: (Tried & { readonly lane: number })[] = [];
  #working: Promise<void> | null = null;
  #isCalled = false;
  #wake: () => void = () => {};

  constructor(delivery: Delivery, take: Take, stopping: Stopping) {
    this.#delivery = delivery;
    this.#take = take;
    this.#stopping = stopping;
  }

  /** Works until nothing is due and nothing is under way. Where it works already, it looks once more for what is due. */
  work(): Promise<void> {
    this.#call();
    this.#working ??= this.#untilDone().finally(() => {
      this.#working = null;
    });
    return this.#working;
  }

  #call(): void {
    this.#isCalled = true;
    this.#wake();
  }

  async #untilDone(): Promise<void> {
    while (this.#isCalled || this.#busy.size > 0) {
      if (!this.#isCalled) await new Promise<void>((wake) => (this.#wake = wake));
      if (this.#tried.length > 0) await this.#others();
      this.#isCalled = false;
      await this.#turn();
    }
  }

  /** Waits a moment for the mails that are under way beside those that were tried, so that they share a commit. */
  #others(): Promise<void> {
    return new Promise((done) => {
      const late = setTimeout(done, TOGETHER_MS);
      this.#wake = () => {
        if (this.#tried.length < this.#busy.size) return;
        clearTimeout(late);
        done();
      };
      this.#wake();
    });
  }

  async #turn(): Promise<void> {
    const tried = this.#tried.splice(0);
    const isOver = (lane: number) => tried.some((one) => one.lane === lane);
    const free = this.#stopping.stop.aborted ? [] : all.filter((lane) => !this.#busy.has(lane) || isOver(lane));
    const token = randomUUID();
    try {
      const { outcomes, claimed } = await this.#commit(tried, free, token);
      for (const [index, one] of tried.entries()) this.#note(one, outcomes[index] ?? 'late');
      for (const { lane } of tried) this.#busy.delete(lane);
      for (const [index, mail] of claimed.entries()) this.#start(free[index] ?? 0, mail, token);
    } catch (error) {
      // What is not written down is sent again when its claim has ended, as the same mail.
      for (const { lane } of tried) this.#busy.delete(lane);
      this.#delivery.log.error({ err: error }, 'the outbox could not be worked on');
    }
  }

  async #commit(tried: readonly Tried[], free: readonly number[], token: string): Promise<Turn> {
    const { now, mailMs } = this.#delivery;
    const at = now();
    // Half of the lanes begin at the young end of the queue.
    const youngest = free.filter((lane) => lane % 2 === 1).length;
    const until = at + CLAIM_IN_TRIES * mailMs;
    return this.#take(tried, { token, now: at, until, oldest: free.length - youngest, youngest });
  }

  #start(lane: number, mail: OutboxMail, token: string): void {
    this.#busy.add(lane);
    void tryMail(mail, this.#stopping.giveUp, this.#delivery).then((attempt) => {
      this.#tried.push({ lane, mail, token, attempt });
      this.#call();
    });
  }

  #note(tried: Tried, outcome: Outcome): void {
    this.tally[outcome] += 1;
    report(tried, outcome, this.#delivery);
  }
}
