// Haraka: the lines that the plugin of integrations/haraka writes, since Haraka's own name neither the sender nor the address
// that a message left from: `… warmdesk-outcome {"outcome":"sent",…}`. Pure.
import { domainOf } from '../domain-name.ts';
import { FIRST_TIME } from '../earliest.ts';
import type { DeliveryRecord, IsEgress, LogReader, NoRecord, QueueMemory } from './record.ts';
import { tryReader } from './tries.ts';

const OUTCOMES: Readonly<Record<string, 'delivered' | 'deferred' | 'bounced' | undefined>> = {
  sent: 'delivered',
  deferred: 'deferred',
  bounced: 'bounced',
};
/** A few deliveries may be logged before the plugin's own line of the first; more mean that it is not installed. */
const MOST_UNTOLD = 20;
const MARK = 'warmdesk-outcome ';
const HARAKA = /\[(?:DATA|PROTOCOL|DEBUG|INFO|NOTICE|WARN|ERROR|CRIT|ALERT|EMERG)\] \[/;

export function harakaReader(memory: QueueMemory, isEgress: IsEgress): LogReader {
  const readTry = tryReader(memory, isEgress);
  /** Deliveries that Haraka logged since the plugin logged one. Without the plugin nothing of the log would count. */
  let untold = 0;
  const records = (json: Readonly<Record<string, unknown>>): readonly DeliveryRecord[] | NoRecord => {
    const { id, from, to, mx, source, queued } = json;
    const outcome = OUTCOMES[String(json['outcome'])];
    if (outcome === undefined || typeof id !== 'string' || typeof from !== 'string' || !Array.isArray(to))
      return 'unreadable';
    if (typeof queued !== 'number' || !(queued >= FIRST_TIME) || to.some((one) => typeof one !== 'string'))
      return 'unreadable';
    return to.map((recipient: string) =>
      readTry({
        message: id,
        recipient,
        outcome,
        arrivedAt: queued,
        via: typeof source === 'string' && source !== '' ? [source] : [],
        from: domainOf(from),
        to: domainOf(recipient),
        mx: typeof mx === 'string' && mx !== '' ? mx : null,
        wasAsked: json['asked'] !== false,
      }),
    );
  };
  return {
    read(line) {
      const at = line.indexOf(MARK);
      if (at >= 0) {
        untold = 0;
        return records(parsed(line.slice(at + MARK.length)));
      }
      if (/warmdesk-outcom|"outcome":"(?:sent|deferred|bounced)"/.test(line)) return 'unreadable';
      if (line.includes(' delivered file=')) {
        untold += 1;
        if (untold > MOST_UNTOLD) return 'unreadable';
      }
      return HARAKA.test(line) || line.trim() === '' ? null : 'foreign';
    },
  };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
