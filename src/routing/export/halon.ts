// Halon's warm-up plugin: a class for each warming IP with its stages, dated so that today is the stage in force. Where
// it is not written anew, the plugin goes on by the calendar. Pure.
import { capOfStage } from '../../warmup/state.ts';
import { nameOfIp } from '../transport-name.ts';
import { capped, dateOf, type Exported } from './input.ts';

const A_DAY_IN_SECONDS = 86_400;

export function halon(exported: Exported): string {
  const warming = capped(exported).flatMap(({ ip, cap }) => (ip.warmup ? [{ ip, cap, warmup: ip.warmup }] : []));
  const lines = ['# Warm-up of dedicated IPs, written by Warmdesk. Do not edit: it is written anew.'];
  lines.push(
    'plugins:',
    '  - id: warmup',
    '    config:',
    warming.length === 0 ? '      schedules: []' : '      schedules:',
  );
  for (const { ip, cap, warmup } of warming) {
    lines.push(`        - class: ${nameOfIp(ip.address)}`, '          fields:', '            - localip');
    lines.push(`          interval: ${A_DAY_IN_SECONDS}`, '          schedule:');
    for (const [day] of warmup.plan.caps.entries()) {
      const messages = day === warmup.stage - 1 ? cap : capOfStage(warmup.plan, day + 1);
      lines.push(`            - day: ${day}`, `              messages: ${messages}`);
    }
  }
  lines.push(warming.length === 0 ? '      ips: []' : '      ips:');
  for (const { ip, warmup } of warming) {
    lines.push(`        - ip: "${ip.address}"`, `          class: ${nameOfIp(ip.address)}`);
    lines.push(`          added: "${dateOf(exported.today - (warmup.stage - 1))}"`);
  }
  return `${lines.join('\n')}\n`;
}
