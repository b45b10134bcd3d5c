// Answers mail servers and programs, out of memory: what is known of the sender, what is leased of the caps, what was answered before.

import { pick } from '../hash.ts';
import { domainOf } from '../sending/domain-name.ts';
import { ProviderTable } from '../sending/receivers/provider-table.ts';
import { blockFor } from './awaited-block.ts';
import { bindAddresses } from './bind-addresses.ts';
import type { Leases } from './cap-leases.ts';
import { DailyLimits } from './daily/limits.ts';
import { withinLimit } from './daily/within-limit.ts';
import { type Carriers, type Egress, egressOf, sharesOf, type Today, tabledEgress } from './egress.ts';
import { asksForProviders, isOpen, isSame, poolOf } from './egress-kinds.ts';
import { type Load, loadOf, NOTHING, ofSize, sizeOf } from './load.ts';
import type { MailToday } from './mail-today.ts';
import { OpenAnswers } from './open-answers.ts';
import { isBeyondQuota } from './provider-quota.ts';
import { keyOf, type Question, type RouteDecision } from './question.ts';
import { Memory, Noted, type Remembered } from './recent-messages.ts';
import { choose, fallbackAnswer, fallbackShare, type Left, overWarm, type RouteAnswer } from './route.ts';
import { senderOf } from './sender-of.ts';
import { capOf, type Ip, limitOf, type MessageStream, type Sender, senderFor } from './sending-domain.ts';
import type { State } from './snapshot.ts';

/** At least, and up to twice as many. */
const MESSAGES_KEPT = 100_000;

/** What a router knows. Without `limits` no account has a daily limit. */
type Knowing = Pick<State, 'find' | 'receivers'> & Partial<Pick<State, 'limits'>>;

export class Router {
  readonly #state: Knowing;
  readonly #limits: DailyLimits;
  readonly #leases: Leases;
  #policy: Carriers;
  #providers: ProviderTable;
  readonly #memory = new Memory(MESSAGES_KEPT);
  readonly #noted = new Noted(MESSAGES_KEPT);
  /** Senders of which a message may be remembered: mail of all others is not looked up. */
  readonly #remembered = new Set<Sender['id']>();
  #egress = new WeakMap<Sender, Partial<Record<MessageStream, Egress>>>();
  /** Whether the table that knows only the sender has the right fallback, of those asked about. */
  #tabled = new WeakMap<Sender, Partial<Record<MessageStream, boolean>>>();
  readonly #mail: MailToday;
  readonly #open = new OpenAnswers();

  constructor(state: Knowing, leases: Leases, mail: MailToday, policy: Carriers) {
    this.#state = state;
    this.#limits = state.limits ?? new DailyLimits(() => 0);
    this.#mail = mail;
    this.#leases = leases;
    this.#policy = policy;
    this.#providers = new ProviderTable(policy, state.receivers);
  }

  /** Answers by another policy from now on. What an answer was given for keeps it. */
  follow(policy: Carriers): void {
    if (policy === this.#policy) return;
    this.#policy = policy;
    this.#providers = new ProviderTable(policy, this.#state.receivers);
    this.#egress = new WeakMap();
    this.#tabled = new WeakMap();
  }

  /** The sending domain of an address; undefined where it is not one of ours. */
  senderOf(address: string): Sender | undefined {
    return senderOf(address, this.#state);
  }

  /** The egress in a table that knows only the sender of a message. */
  tabled(sender: Sender): Egress {
    return tabledEgress(sender, (stream) => this.egress(sender, stream));
  }

  /** Whether such a table has the right fallback for this mail. */
  isTabled(sender: Sender, address: string, stream: MessageStream): boolean {
    if (!address.endsWith(`@${sender.name}`) && domainOf(address) !== sender.name) return false;
    let known = this.#tabled.get(sender);
    if (known === undefined) {
      known = {};
      this.#tabled.set(sender, known);
    }
    known[stream] ??= isSame(this.egress(sender, stream).fallback, this.tabled(sender).fallback);
    return known[stream];
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
    const of = { isAllOffered: egress.fallback.to === 'wait', policy: this.#policy };
    return { ...egress, warming: sharesOf(senderFor(sender, stream), of, this.#today) };
  }

  get #today(): Today {
    return { at: this.#mail.at, of: (ip) => ({ seen: this.#mail.seen(ip), left: this.#leases.dayLeft(ip) }) };
  }

  /** What the answer for a message would be. Nothing is spent or remembered. */
  preview({ sender, stream, message, recipients }: Question, left: Left): RouteAnswer {
    const egress = this.#egressNow(sender, stream);
    const answer = choose({ sender, egress }, { message, to: this.#loadOf(recipients) }, left);
    return answer.via === 'pool' ? withinLimit(answer, sender, this.#limits.peek(sender.account)) : answer;
  }

  /**
   * Notes a recipient of a message that is to be asked about once all of them are known. Nothing is spent. Returns why
   * nothing of this kind is sent at all (C-06), or null.
   */
  note({ sender, stream, message, recipients }: Omit<Question, 'count'>): string | null {
    const egress = this.egress(sender, stream);
    const { refusal } = egress;
    if (refusal !== null || !asksForProviders(egress) || message === '') return refusal;
    for (const one of recipients) this.#noted.add(keyOf(sender, message), this.providerOf(one));
    return null;
  }

  /**
   * The answer for one message with all of its recipients; what it needs of a cap is spent. The same question again spends
   * nothing more. Where the message is for a warming IP of whose cap too little is leased, it waits for what is on its way,
   * for `most` milliseconds.
   */
  decide(question: Question, most = this.#leases.patience): RouteDecision | Promise<RouteDecision> {
    const egress = this.#egressNow(question.sender, question.stream);
    const key = keyOf(question.sender, question.message);
    const coming = most > 0 && !isOpen(egress) ? this.#block(egress, question, key, most) : undefined;
    if (coming === undefined) return this.#answer(egress, question, key);
    const since = performance.now();
    return coming.then(() => this.decide(question, most - (performance.now() - since)));
  }

  /** A block on its way that the message lacks. */
  #block(egress: Egress, question: Question, key: string, most: number): Promise<void> | undefined {
    const before = this.#memory.find(key);
    const asked = { message: question.message, before, owed: this.#owed(question, key, before) };
    return blockFor(egress, asked, this.#leases, most);
  }

  /** The same without waiting. S-02: what goes over a shared pool counts towards the daily limit of its account. */
  answer(question: Question): RouteDecision {
    const { sender, stream, message } = question;
    return this.#answer(this.#egressNow(sender, stream), question, keyOf(sender, message));
  }

  /** `key`: the question's `keyOf`. */
  #answer(egress: Egress, question: Question, key: string): RouteDecision {
    const decision = this.#carrierOf(egress, question, key);
    const { account } = question.sender;
    if (account.dailyLimit === undefined || decision.via !== 'pool') return decision;
    const room = this.#limits.take(account, key);
    const { isFallback, moved } = decision;
    return { ...withinLimit(decision, question.sender, room), isFallback, moved };
  }

  #carrierOf(egress: Egress, question: Question, key: string): RouteDecision {
    const { sender, message } = question;
    const before = this.#remembered.has(sender.id) ? this.#memory.find(key) : undefined;
    // One that had a warming IP which is paused since has to be taken back.
    if (egress.refusal !== null || (isOpen(egress) && before === undefined))
      return this.#open.of(egress, sender, message);
    const owed = this.#owed(question, key, before);
    const isAlone = egress.fallback.to === 'wait';
    const at = this.#leases.now();
    const left: Left = (ip, to) =>
      !isAlone && capOf(ip) !== null && isBeyondQuota(ip, to, this.#mail) ? 0 : this.#leases.left(ip, to, at);
    if (before === undefined) for (const { ip } of egress.warming) this.#mail.noteSeen(ip, sizeOf(owed));
    const answer =
      before === undefined
        ? choose({ sender, egress }, { message, to: owed }, left)
        : this.#again(egress, question, { before, owed, at });
    if (answer.via === 'ip' && answer.cap !== null) {
      const kept = before ?? this.#remember(sender, key, answer.ip.id);
      if (owed.length > 0) this.#leases.spend(answer.ip, owed, at);
      const isWarm = capOf(answer.ip) === null;
      if (!isWarm) this.#mail.noteCarried(answer.ip, owed);
      kept.paid += sizeOf(owed);
      if (question.count === null) for (const one of question.recipients) this.#memory.add(kept, one);
      return { ...answer, left: this.#leases.leftToday(answer.ip, owed, at), isFallback: isWarm, moved: false };
    }
    const moved = before !== undefined && before.ip !== null && answer.via !== 'wait';
    // A message has one egress: what was granted for its other recipients stays unused. What waits may be tried again.
    if (answer.via !== 'wait') (before ?? this.#remember(sender, key, null)).ip = null;
    return { ...answer, isFallback: answer.via !== 'pool' || answer.pool !== poolOf(egress.beyond), moved };
  }

  #remember(sender: Sender, key: string, ip: Ip['id'] | null): Remembered {
    this.#remembered.add(sender.id);
    return this.#memory.keep(key, ip);
  }

  /** The egress it had, as long as that is open: the IP may still carry mail, and for further recipients enough is left. */
  #again(
    egress: Egress,
    { sender, message }: Question,
    { before, owed, at }: { readonly before: Remembered; readonly owed: Load; readonly at: number },
  ): RouteAnswer {
    const found = egress.warming.find(({ ip }) => ip.id === before.ip);
    if (found && (owed.length === 0 || this.#leases.left(found.ip, owed, at) >= sizeOf(owed))) {
      return { via: 'ip', ...found, cap: capOf(found.ip), left: null, why: 'ip-warming' };
    }
    if (egress.beyond !== null && egress.fallback.to === 'ips') {
      const { ips } = egress.fallback;
      const part = { share: fallbackShare(egress), why: 'ip-warm' } as const;
      const warm = ips.find(({ id }) => id === before.ip);
      const isRoom = warm && (owed.length === 0 || this.#leases.left(warm, owed, at) >= sizeOf(owed));
      if (isRoom) return overWarm(warm, ips, part);
      const free = before.ip === null ? pick(ips, message) : undefined;
      if (free && limitOf(free) === null) return overWarm(free, ips, part);
      return fallbackAnswer(egress.beyond, sender, message, { ...part, why: 'beyond-warm' });
    }
    const why = before.ip === null ? 'fallback' : 'cap-spent';
    return fallbackAnswer(egress.fallback, sender, message, { share: fallbackShare(egress), why });
  }

  /** Recipients for whom nothing is spent yet. */
  #owed({ recipients, count }: Question, key: string, before: Remembered | undefined): Load {
    if (count === null) return this.#loadOf(recipients.filter((one) => before?.recipients?.has(one) !== true));
    const owed = count - (before?.paid ?? 0);
    if (owed <= 0) return NOTHING;
    return ofSize(this.#noted.find(key) ?? this.#loadOf(recipients), owed);
  }

  #loadOf(recipients: readonly string[]): Load {
    return loadOf(recipients.map((one) => this.providerOf(one)));
  }

  /** The addresses that a message leaves from by this answer, the same each time it is asked about. */
  addressesFor(answer: RouteAnswer, message: string): string[] {
    return bindAddresses(answer, this.#policy.pools, message);
  }

  /** The key of the mailbox provider of a recipient's address: out of memory, whatever is not known yet is looked up later. */
  providerOf(recipient: string): string {
    return this.#providers.of(domainOf(recipient), null);
  }
}
