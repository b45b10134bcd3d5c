// Halon's warm-up plugin: a class for each IP that may carry only so much today. Pure.
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
  const all = [...capped(exported), ...limited(exported)].map(({ ip: { address, warmup }, cap }) => {
    const name = nameOfIp(address);
    const host = hostOf(exported, address);
    return { address, name, cap, host, added: dateOf(warmup?.plan.startsOn ?? today) };
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

const schedule = ({ name, cap }: { readonly name: string; readonly cap: number }): string[] => [
  `        - class: ${name}`,
  '          fields:',
  '            - localip',
  `          interval: ${A_DAY_IN_SECONDS}`,
  '          ratealgorithm: fixedwindow',
  '          schedule:',
  `            - day: ${FOR_EVER}`,
  `              messages: ${cap}`,
];
