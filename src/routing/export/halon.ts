// Halon's warm-up plugin: a class for each IP that may carry only so much today, and one more for each mailbox provider that
// is slowed there. Pure.
import { nameOfIp } from '../transport-name.ts';
import { capped, dateOf, type Exported, hostOf, limited } from './input.ts';

const A_DAY_IN_SECONDS = 86_400;
/** Days after `added` until which a class limits its IP; behind the last one the plugin limits nothing. */
const FOR_EVER = 36_500;

/**
 * A stage is passed by volume, not by the calendar, so each class has one figure, today's cap, until the file is written again.
 * `fixedwindow`: a token bucket would let twice the figure through in its first day.
 */
export function halon(exported: Exported): string {
  const { today } = exported;
  const all = [...capped(exported), ...limited(exported)].flatMap(({ ip: { address, warmup }, cap }): Limit[] => {
    const name = nameOfIp(address);
    const host = hostOf(exported, address);
    const ip = { address, host, added: dateOf(warmup?.plan.startsOn ?? today) };
    // A grouping names mail servers; those that belong to no provider of the policy cannot be listed in one.
    const slowed = Object.entries(warmup?.slowed ?? {})
      .filter(([to]) => to !== 'other')
      .sort(([one], [another]) => (one < another ? -1 : 1));
    const apart = slowed.map(([to, limit]) => ({ ...ip, name: `${name}-${to}`, to, messages: Math.min(limit, cap) }));
    return [{ ...ip, name, to: null, messages: cap }, ...apart];
  });
  const list = (name: string, lines: readonly string[]) =>
    lines.length === 0 ? [`      ${name}: []`] : [`      ${name}:`, ...lines];
  const lines = [
    '# Warm-up of dedicated IPs, written by Warmdesk. Do not edit: it is overwritten.',
    'plugins:',
    '  - id: warmup',
    '    config:',
    ...list('schedules', all.flatMap(schedule)),
    ...list(
      'ips',
      all.flatMap(({ address, name, host, added }) => [
        `        - ip: "${address}"`,
        `          class: ${name}`,
        ...(host === null ? [] : [`          helo: ${host}`]),
        `          added: "${added}"`,
      ]),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** `to`: the mailbox provider that a class is about, by its key; null: all mail over the IP. `messages`: a day's. */
type Limit = {
  readonly address: string;
  readonly host: string | null;
  readonly added: string;
  readonly name: string;
  readonly to: string | null;
  readonly messages: number;
};

/** Halon puts a `&` before the name of a grouping. */
const schedule = ({ name, to, messages }: Limit): string[] => [
  `        - class: ${name}`,
  '          fields:',
  '            - localip',
  ...(to === null ? [] : [`            - grouping: "&${to}"`]),
  `          interval: ${A_DAY_IN_SECONDS}`,
  '          ratealgorithm: fixedwindow',
  '          schedule:',
  `            - day: ${FOR_EVER}`,
  `              messages: ${messages}`,
];
