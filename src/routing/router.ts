// Answers whoever routes, out of memory: what is known of the sender, what is held of the caps, what was answered before.
import { bindAddresses } from './bind-addresses.ts';
import type { Leases } from './cap-leases.ts';
import { type Carriers, type Egress, egressOf, tabledEgress } from './egress.ts';
import { Memory, type Remembered } from './recent-messages.ts';
import { type Answer, type Ask, baseAnswer, baseShare, choose, type Left, providerOf, warmingFor } from './route.ts';
import { capOf, type MessageStream, type Sender, usualStream } from './sending-domain.ts';
import type { State } from './snapshot.ts';

const MESSAGES_KEPT = 100_000;
const MOST_WAITS = 50;
/** Longer ones are no domain names, and not worth looking for what is above them. */
const LONGEST_NAME = 253;

export type Question = {
  readonly sender: Sender;
  /** The recipient's address; empty where it is not known, or where there are several. */
  readonly recipient: string;
  readonly stream: MessageStream;
  /** What names the message, the same each time it is asked about. */
  readonly message: string;
  /** Recipients of the message that the question is about. */
  readonly count: number;
  /** Whether `count` is all of the message's recipients, those asked about before included. */
  readonly isWhole: boolean;
};

/** `isNews`: a warming IP was answered for this message before, and now it goes the other way after all. */
export type Told = Answer & { readonly isBase: boolean; readonly isNews: boolean };

export class Router {
  readonly #state: Pick<State, 'find'>;
  readonly #leases: Leases;
  readonly #policy: Carriers;
  readonly #memory = new Memory(MESSAGES_KEPT);
  readonly #egress = new WeakMap<Sender, Partial<Record<MessageStream, Egress>>>();

  constructor(state: Pick<State, 'find'>, leases: Leases, policy: Carriers) {
    this.#state = state;
    this.#leases = leases;
    this.#policy = policy;
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
    const [here, there] = [this.egress(sender, stream).base, this.tabled(sender).base];
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

  /** What the answer for a message would be. Nothing is spent or remembered. */
  preview(question: Question, left: Left): Answer {
    const { sender, stream, recipient } = question;
    return choose(
      { sender, egress: this.egress(sender, stream), provider: this.providerOf(recipient) },
      askOf(question),
      left,
    );
  }

  /** The answer for one message; what it needs of a cap is spent. The same question again spends nothing more. */
  answer(question: Question): Told {
    const { sender, recipient } = question;
    const egress = this.egress(sender, question.stream);
    const provider = this.providerOf(recipient);
    const known = { sender, egress, provider };
    const left: Left = (ip, to) => (this.#mayExceed(ip, recipient) ? 0 : this.#leases.left(ip, to));
    const key = `${sender.id} ${question.message}`;
    const before = this.#memory.find(key);
    // One that had a warming IP which is paused since has to be taken back.
    if (egress.refusal !== null || (egress.warming.length === 0 && before === undefined)) {
      return { ...choose(known, askOf(question), left), isBase: true, isNews: false };
    }
    const owed = before === undefined ? question.count : owedOf(before, question);
    const answer =
      before === undefined
        ? choose(known, { ...askOf(question), count: owed }, left)
        : this.#again(egress, question, { before, owed }, left);
    if (answer.via === 'ip' && answer.cap !== null) {
      if (owed > 0) this.#leases.spend(answer.ip, provider, owed);
      const kept = before ?? this.#memory.keep(key, answer.ip.id);
      kept.paid += owed;
      if (recipient !== '') this.#memory.add(kept, recipient);
      return { ...answer, left: this.#leases.leftToday(answer.ip, provider), isBase: false, isNews: false };
    }
    const isNews = before !== undefined && before.ip !== null && answer.via !== 'wait';
    // A message has one way: what is granted for its other recipients stays unused. What waits may have another try.
    if (answer.via !== 'wait') (before ?? this.#memory.keep(key, null)).ip = null;
    return { ...answer, isBase: true, isNews };
  }

  /** Answers one after the other; unlike a single answer, it waits for blocks of a cap that are on their way. */
  async answerAll(questions: readonly Question[]): Promise<Told[]> {
    const told: Told[] = [];
    for (const question of questions) {
      for (let waits = 0; waits < MOST_WAITS && this.#isComing(question); waits += 1) await this.#leases.settled();
      told.push(this.answer(question));
    }
    return told;
  }

  /** Whether the message is for a warming IP of whose cap too little is held, and more is on its way. */
  #isComing({ sender, stream, message, recipient, count }: Question): boolean {
    const chosen = warmingFor(this.egress(sender, stream), message);
    if (chosen === undefined || this.#memory.find(`${sender.id} ${message}`) !== undefined) return false;
    const provider = this.providerOf(recipient);
    return this.#leases.left(chosen.ip, provider) < count && this.#leases.isComing(chosen.ip, provider);
  }

  /** The way it had, as long as that is open: the IP may still carry mail, and for further recipients enough is left. */
  #again(
    egress: Egress,
    question: Question,
    { before, owed }: { readonly before: Remembered; readonly owed: number },
    left: Left,
  ): Answer {
    const { sender, recipient, message } = question;
    const found = egress.warming.find(({ ip }) => ip.id === before.ip);
    if (found && (owed === 0 || left(found.ip, this.providerOf(recipient)) >= owed)) {
      return { via: 'ip', ...found, cap: capOf(found.ip), left: null, why: 'ip-warming' };
    }
    const why = before.ip === null ? 'beside' : 'cap-spent';
    return baseAnswer(egress.base, sender, message, { share: baseShare(egress), why });
  }

  /** Whom a message with several recipients is for is not known, so a slowed provider may be among them. */
  #mayExceed({ standing }: Sender['ips'][number], recipient: string): boolean {
    if (recipient !== '') return false;
    for (const _ in standing?.slowed) return true;
    return false;
  }

  /** The addresses that a message leaves from by this answer, the same each time it is asked about. */
  addressesFor(answer: Answer, message: string): string[] {
    return bindAddresses(answer, this.#policy.pools, message);
  }

  /** The key of the mailbox provider of a recipient's address. */
  providerOf(recipient: string): string {
    return providerOf(this.#policy, domainOf(recipient));
  }
}

/** Recipients for whom nothing is spent yet. */
function owedOf(before: Remembered, { recipient, count, isWhole }: Question): number {
  if (isWhole) return Math.max(0, count - before.paid);
  return recipient !== '' && before.recipients.has(recipient) ? 0 : count;
}

const askOf = ({ recipient, stream, message, count }: Question): Ask => ({
  recipientDomain: domainOf(recipient),
  stream,
  message,
  count,
});

/** The part of an address after its last @, in lower case and without a dot at its end; of anything else all. */
function domainOf(address: string): string {
  const name = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  return name.endsWith('.') ? name.slice(0, -1) : name;
}

/** The kind of a message by what a mail server says of it, else by what its domain is used for. */
export const streamOf = (said: string | undefined, sender: Sender): MessageStream =>
  said === 'marketing' || said === 'transactional' ? said : usualStream(sender);
