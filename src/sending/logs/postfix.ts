// Postfix: `DATE HOST postfix/TRANSPORT/smtp[PID]: QUEUEID: to=<…>, relay=…, delay=…, delays=…, dsn=…, status=…`. Pure.

import { domainOf } from '../domain-name.ts';
import { FIRST_TIME } from '../earliest.ts';
import { Clock } from './clock.ts';
import { endOfAddress, type Outcome, readOutcome } from './postfix-fields.ts';
import type { DeliveryRecord, IsEgress, LogReader, NoRecord, QueueMemory } from './record.ts';
import { SyslogLine } from './syslog.ts';

/** Seconds before the queue manager had it: more is a message that waited for another try (Postfix waits 300 at the least). */
const LONGEST_BEFORE_FIRST_TRY = 200;

/** Programs that say nothing of a delivery: no line of theirs begins so behind its queue id. */
const SILENT = new Set(
  'smtpd cleanup anvil scache tlsproxy tlsmgr postscreen dnsblog verify master proxymap flush trivial-rewrite bounce postsuper showq'.split(
    ' ',
  ),
);
const QUEUE_ID = /^[0-9A-Za-z]{6,30}$/;
/** How a delivery agent's other lines begin, behind the queue id: what follows is the receiver's. */
const OTHER =
  /^(?:host |lost connection |conversation with |connect to |enabling |disabling |warning: |passing |breaking |TLS is required|Server certificate |SSL_connect |Cannot start TLS|certificate |replace: |info: )/;
const MARKS = ['to=<', ' relay=', ' delay=', ' delays=', ' dsn=', ' status='];

const STATUS: Readonly<Record<string, DeliveryRecord['outcome'] | 'probe'>> = {
  sent: 'delivered',
  bounced: 'bounced',
  deferred: 'deferred',
  // soft_bounce = yes: what would have bounced stays in the queue.
  SOFTBOUNCE: 'deferred',
  deliverable: 'probe',
  undeliverable: 'probe',
};

/** Postfix never asked a receiver: its own settings are wrong, or the transport's family cannot reach the domain. */
const isOwnFault = ({ relay, dsn, status, reason }: Outcome): boolean =>
  relay === 'none' &&
  status !== 'sent' &&
  (/^[45]\.(?:3\.[0-5]|4\.6)$/.test(dsn) || reason.includes('no data record of requested type'));

type Egress = { readonly via: readonly string[]; readonly isOurs: boolean };

/** `now`: no line is of a time after it (UTC milliseconds). Dates of the older form are of the year before it, unless `since` says otherwise. */
export function postfixReader(memory: QueueMemory, isEgress: IsEgress, now: number): LogReader {
  const clock = new Clock(now);
  const head = new SyslogLine();
  const egresses = new Map<string, Egress>();
  const egressOf = (tag: string): Egress => {
    const known = egresses.get(tag);
    if (known) return known;
    // `postfix/ip-192-0-2-1/smtp`: the name of the transport is between the two.
    const name = tag.replace(/^postfix[^/]*\//, '');
    const egress = { via: [name], isOurs: isEgress(name) };
    egresses.set(tag, egress);
    return egress;
  };

  const readTry = (message: string, outcome: Outcome): DeliveryRecord | NoRecord | null => {
    const at = clock.read(head.time);
    const result = STATUS[outcome.status];
    if (at === undefined || result === undefined) return 'unreadable';
    if (result === 'probe') return null;
    const arrivedAt = at - outcome.delay * 1000;
    if (arrivedAt < FIRST_TIME) return 'unreadable';
    if (isOwnFault(outcome)) return 'own fault';
    const { to, relay } = outcome;
    const { via, isOurs } = egressOf(head.tag);
    const from = memory.sender(message) ?? null;
    const mx = relay === 'none' ? null : relay.replace(/\[.*$/, '');
    const deferred = { arrivedAt, via, to: domainOf(to), mx };
    if (!isOurs) {
      if (head.program === 'error' && result === 'deferred') memory.setSuspended(message, to);
      return { ...deferred, outcome: result, first: false, from };
    }
    const wasTried = memory.wasTried(message, to);
    const isNew = outcome.before < LONGEST_BEFORE_FIRST_TRY || (from !== null && memory.isWhole);
    const wasSuspended = !wasTried && memory.wasSuspended(message, to);
    // What becomes of it counts where it was counted as sent.
    const known = result === 'deferred' ? undefined : memory.settle(message, to);
    if (result === 'deferred' && !wasTried) memory.setTried(message, to, deferred);
    return { ...deferred, ...known, outcome: result, first: !wasTried && isNew, wasSuspended, from };
  };

  return {
    since(at) {
      clock.since = at;
    },
    read(line) {
      if (!head.read(line)) return line.trim() === '' ? null : looksLikeOutcome(line) ? 'unreadable' : 'foreign';
      const { program, textAt } = head;
      if (program === '') return looksLikeOutcome(line) ? 'unreadable' : null;
      const idTo = line.indexOf(': ', textAt);
      const at = idTo + 2;
      if (SILENT.has(program)) return idTo > 0 && line.startsWith('to=<', at) ? 'unreadable' : null;
      const id = idTo < 0 ? '' : line.slice(textAt, idTo);
      if (!QUEUE_ID.test(id)) return isBareId(line, textAt) || looksLikeOutcome(line) ? 'unreadable' : null;
      const message = `${head.host} ${id}`;
      if (program === 'qmgr') return readQueue(memory, message, line, at);
      if (program === 'pickup') return readPickup(memory, message, line, at);
      if (!line.startsWith('to=<', at)) return isCutOff(line, at) || readsLikeOutcome(line, at) ? 'unreadable' : null;
      const outcome = readOutcome(line, at);
      return outcome === undefined ? 'unreadable' : readTry(message, outcome);
    },
  };
}

/** A line that ends within its queue id, or within the first characters of what an agent says. */
const isBareId = (line: string, at: number): boolean => /^[0-9A-Za-z]{0,30}:?$/.test(line.slice(at));
const isCutOff = (line: string, at: number): boolean => line.length < at + 4 && 'to=<'.startsWith(line.slice(at));
const readsLikeOutcome = (line: string, at: number): boolean =>
  !OTHER.test(line.slice(at, at + 40)) && looksLikeOutcome(line);
const looksLikeOutcome = (line: string): boolean =>
  (line.includes('=expired') && line.includes('from=<')) || MARKS.filter((mark) => line.includes(mark)).length >= 3;

function readQueue(
  memory: QueueMemory,
  message: string,
  line: string,
  at: number,
): readonly DeliveryRecord[] | NoRecord | null {
  if (line.startsWith('removed', at) && line.length === at + 7) {
    memory.forget(message);
    return null;
  }
  const end = line.startsWith('from=<', at) ? endOfAddress(line, at + 6) : -1;
  if (end > 0 && line.startsWith(', size=', end + 1)) {
    memory.setSender(message, domainOf(line.slice(at + 6, end)));
    return null;
  }
  // It lay in the queue for too long: all who were deferred get it no more.
  if (end > 0 && /^, status=(?:force-)?expired\b/.test(line.slice(end + 1, end + 30))) return expired(memory, message);
  const isCut = line.startsWith('from=<', at) || 'from=<'.startsWith(line.slice(at));
  return isCut || /status=|expired/.test(line.slice(at)) ? 'unreadable' : null;
}

function expired(memory: QueueMemory, message: string): DeliveryRecord[] {
  const from = memory.sender(message) ?? null;
  return memory.open(message).map((deferred) => ({ ...deferred, outcome: 'bounced', first: false, from }));
}

/** `postsuper -r` queues a message again under another id; its recipients were still tried. */
function readPickup(memory: QueueMemory, message: string, line: string, at: number): null {
  const [, id] = / orig_id=([0-9A-Za-z]+)$/.exec(line.slice(at)) ?? [];
  if (id !== undefined) memory.rename(`${message.slice(0, message.indexOf(' '))} ${id}`, message);
  return null;
}
