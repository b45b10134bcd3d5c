// Answers whoever routes, out of memory: what is known of the sender, what is held of the caps, what was answered before.

import { quotaOf } from '../warmup/share.ts';
import { bindAddresses } from './bind-addresses.ts';
import type { Leases } from './cap-leases.ts';
import { type Carriers, type Egress, egressOf, elapsedAt, sharesOf, type Today, tabledEgress } from './egress.ts';
import { type Load, loadOf, NOTHING, ofSize, sizeOf } from './load.ts';
import type { MailToday } from './mail-today.ts';
import { domainOf, keyOf, type Question, type RouteDecision } from './question.ts';
import { Memory, Noted, type Remembered } from './recent-messages.ts';
import {
  choose,
  fallbackAnswer,
  fallbackShare,
  type Left,
  providerOf,
  type RouteAnswer,
  triedFor,
  warmingFor,
} from './route.ts';
import { capOf, type Ip, type MessageStream, type Sender } from './sending-domain.ts';
import type { State } from './snapshot.ts';

const MESSAGES_KEPT = 100_000;
/** Of the cap, for a provider that got less of the mail lately, or none. */
const LEAST_PART = 0.05;
/** Longer ones are no domain names, and not worth looking for what is above them. */
const LONGEST_NAME = 253;

export class Router {
  readonly #state: Pick<State, 'find'>;
  readonly #leases: Leases;
  #policy: Carriers;
  readonly #memory = new Memory(MESSAGES_KEPT);
  readonly #noted = new Noted(MESSAGES_KEPT);
  #egress = new WeakMap<Sender, Partial<Record<MessageStream, Egress>>>();

  readonly #mail: MailToday;

  constructor(state: Pick<State, 'find'>, leases: Leases, mail: MailToday, policy: Carriers) {
    this.#state = state;
    this.#mail = mail;
    this.#leases = leases;
    this.#policy = policy;
  }

  /** Answers by another policy from now on. What an answer was given for keeps it. */
  follow(policy: Carriers): void {
    if (policy === this.#policy) return;
    this.#policy = policy;
    this.#egress = new WeakMap();
  }

  /**
   * The sending domain of an address, or the nearest one above it: mail with a return address below a domain is that
   * domain's, as it is where counts are read from logs. undefined where none is ours.
   */
  senderOf(address: string): Sender | undefined {
    const name = domainOf(address);
    const found = this.#state.find(name);
    if (found !== undefined || name.length > LONGEST_NAME) return found;
    for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      const above = this.#state.find(name.slice(dot + 1));
      if (above !== undefined) return above;
    }
    return undefined;
  }

  /** The ways that a table says which knows no more of a message than its sender. */
  tabled(sender: Sender): Egress {
    return tabledEgress(sender, (stream) => this.egress(sender, stream));
  }

  /** Whether such a table has the right way for what is not for a warming IP. */
  isTabled(sender: Sender, address: string, stream: MessageStream): boolean {
    if (domainOf(address) !== sender.name) return false;
    const [here, there] = [this.egress(sender, stream).fallback, this.tabled(sender).fallback];
    return here.to === 'pool' && there.to === 'pool' ? here.pool === there.pool : here.to === there.to;
  }

  egress(sender: Sender, stream: MessageStream): Egress {
    let known = this.#egress.get(sender);
    if (known === undefined) {
      known = {};
      this.#egress.set(sender, known);
    }
    known[stream] ??= egressOf(sender, stream, this.#policy);
    return known[stream];
  }

  /** The same with the shares as the day is going. */
  #egressNow(sender: Sender, stream: MessageStream): Egress {
    const egress = this.egress(sender, stream);
    if (egress.warming.length === 0) return egress;
    return { ...egress, warming: sharesOf(sender, egress.fallback.to === 'wait', this.#today) };
  }

  get #today(): Today {
    return { at: this.#mail.at, of: (ip) => ({ seen: this.#mail.seen(ip), left: this.#leases.dayLeft(ip) }) };
  }

  /** C-16: whether most of a message's recipients are at providers that have their part of the IP's cap already. */
  #isBeyondQuota(ip: Ip, load: Load): boolean {
    const mix = this.#mail.mix(ip);
    if (mix === null) return false;
    const elapsed = elapsedAt(this.#mail.at);
    let beyond = 0;
    for (const { provider, count } of load) {
      const quota = Math.max(count, quotaOf(Number(capOf(ip)), Math.max(LEAST_PART, mix.get(provider) ?? 0), elapsed));
      if (provider !== '' && this.#mail.carried(ip, provider) + count > quota) beyond += count;
    }
    return beyond > sizeOf(load) / 2;
  }

  /** What the answer for a message would be. Nothing is spent or remembered. */
  preview({ sender, stream, message, recipients }: Question, left: Left): RouteAnswer {
    return choose({ sender, egress: this.#egressNow(sender, stream) }, { message, to: this.#loadOf(recipients) }, left);
  }

  /**
   * Notes a recipient of a message that is to be asked about once all of them are known. Nothing is spent. Returns why
   * nothing of this kind is sent at all (C-06), or null.
   */
  note({ sender, stream, message, recipients }: Omit<Question, 'count'>): string | null {
    const { refusal, warming } = this.egress(sender, stream);
    if (refusal !== null || warming.length === 0 || message === '') return refusal;
    for (const one of recipients) this.#noted.add(keyOf(sender, message), this.providerOf(one));
    return null;
  }

  /**
   * The answer for one message with all of its recipients; what it needs of a cap is spent. The same question again spends
   * nothing more. Where the message is for a warming IP of whose cap too little is held, it waits for what is on its way,
   * for `most` milliseconds.
   */
  decide(question: Question, most = this.#leases.patience): RouteDecision | Promise<RouteDecision> {
    const coming = most > 0 ? this.#coming(question, most) : undefined;
    if (coming === undefined) return this.answer(question);
    const since = performance.now();
    return coming.then(() => this.decide(question, most - (performance.now() - since)));
  }

  /** The same without waiting. */
  answer(question: Question): RouteDecision {
    const { sender, message } = question;
    const egress = this.#egressNow(sender, question.stream);
    const key = keyOf(sender, message);
    const before = this.#memory.find(key);
    // One that had a warming IP which is paused since has to be taken back.
    if (egress.refusal !== null || (egress.warming.length === 0 && before === undefined)) {
      return { ...choose({ sender, egress }, { message, to: NOTHING }, NONE_LEFT), isFallback: true, moved: false };
    }
    const owed = this.#owed(question, before);
    const isAlone = egress.fallback.to === 'wait';
    const at = this.#leases.now();
    const left: Left = (ip, to) => (!isAlone && this.#isBeyondQuota(ip, to) ? 0 : this.#leases.left(ip, to, at));
    if (before === undefined) for (const { ip } of egress.warming) this.#mail.noteSeen(ip, sizeOf(owed));
    const answer =
      before === undefined
        ? choose({ sender, egress }, { message, to: owed }, left)
        : this.#again(egress, question, { before, owed, at });
    if (answer.via === 'ip' && answer.cap !== null) {
      const kept = before ?? this.#memory.keep(key, answer.ip.id);
      if (owed.length > 0) this.#leases.spend(answer.ip, owed, at);
      this.#mail.noteCarried(answer.ip, owed);
      kept.paid += sizeOf(owed);
      if (question.count === null) for (const one of question.recipients) this.#memory.add(kept, one);
      return { ...answer, left: this.#leases.leftToday(answer.ip, owed, at), isFallback: false, moved: false };
    }
    const moved = before !== undefined && before.ip !== null && answer.via !== 'wait';
    // A message has one way: what is granted for its other recipients stays unused. What waits may have another try.
    if (answer.via !== 'wait') (before ?? this.#memory.keep(key, null)).ip = null;
    return { ...answer, isFallback: true, moved };
  }

  /** Resolves once a block arrives that this message lacks; undefined where it lacks none, or none is on its way. */
  #coming(question: Question, most: number): Promise<void> | undefined {
    const { sender, message } = question;
    const egress = this.#egressNow(sender, question.stream);
    const chosen = warmingFor(egress, message);
    if (chosen === undefined) return undefined;
    const before = this.#memory.find(keyOf(sender, message));
    if (before !== undefined && before.ip !== chosen.ip.id) return undefined;
    const owed = this.#owed(question, before);
    const size = sizeOf(owed);
    const tried = triedFor(egress, chosen);
    if (size === 0 || tried.some(({ ip }) => this.#leases.left(ip, owed) >= size)) return undefined;
    for (const { ip } of tried) {
      const coming = this.#leases.coming(ip, owed, most);
      if (coming !== undefined) return coming;
    }
    return undefined;
  }

  /** The way it had, as long as that is open: the IP may still carry mail, and for further recipients enough is left. */
  #again(
    egress: Egress,
    { sender, message }: Question,
    { before, owed, at }: { readonly before: Remembered; readonly owed: Load; readonly at: number },
  ): RouteAnswer {
    const found = egress.warming.find(({ ip }) => ip.id === before.ip);
    if (found && (owed.length === 0 || this.#leases.left(found.ip, owed, at) >= sizeOf(owed))) {
      return { via: 'ip', ...found, cap: capOf(found.ip), left: null, why: 'ip-warming' };
    }
    const why = before.ip === null ? 'fallback' : 'cap-spent';
    return fallbackAnswer(egress.fallback, sender, message, { share: fallbackShare(egress), why });
  }

  /** Recipients for whom nothing is spent yet. */
  #owed({ sender, message, recipients, count }: Question, before: Remembered | undefined): Load {
    if (count === null) return this.#loadOf(recipients.filter((one) => before?.recipients.has(one) !== true));
    const owed = count - (before?.paid ?? 0);
    if (owed <= 0) return NOTHING;
    return ofSize(this.#noted.find(keyOf(sender, message)) ?? this.#loadOf(recipients), owed);
  }

  #loadOf(recipients: readonly string[]): Load {
    return loadOf(recipients.map((one) => this.providerOf(one)));
  }

  /** The addresses that a message leaves from by this answer, the same each time it is asked about. */
  addressesFor(answer: RouteAnswer, message: string): string[] {
    return bindAddresses(answer, this.#policy.pools, message);
  }

  /** The key of the mailbox provider of a recipient's address. */
  providerOf(recipient: string): string {
    return providerOf(this.#policy, domainOf(recipient));
  }
}

const NONE_LEFT: Left = () => 0;
