// OpenDKIM and OpenDMARC as Postfix asks them, each unpacked and below one folder: they say who sent what.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { debian } from './packages.ts';
import { type Server, startServer } from './server.ts';

export type Milters = {
  /** As `smtpd_milters` of Postfix has them. */
  readonly sockets: string;
  readonly stop: () => Promise<void>;
};

/** Starts both, which sign their results with `authservId` and ask the name server at `dns`. */
export async function startMilters(authservId: string, dns: string): Promise<Milters> {
  const home = mkdtempSync(join(tmpdir(), 'warmdesk-milters-'));
  chmodSync(home, 0o755);
  // The test's sender is on this machine, and counts as a stranger all the same.
  writeFileSync(join(home, 'own-hosts'), '192.0.2.1\n');
  const started: Server[] = [];
  const start = async (name: string, port: number, lines: readonly string[]): Promise<void> => {
    const { root, env } = debian(name);
    const config = join(home, `${name}.conf`);
    writeFileSync(config, `${lines.join('\n')}\n`);
    const command = [join(root, 'usr/sbin', name), '-f', name === 'opendkim' ? '-x' : '-c', config];
    started.push(await startServer(command, { home, dns, env, port, greets: false }));
  };
  const [dkim, dmarc] = [await freePort(), await freePort()];
  const common = (name: string, port: number) => [
    `AuthservID ${authservId}`,
    `Socket inet:${port}@127.0.0.1`,
    `PidFile ${join(home, `${name}.pid`)}`,
    'Syslog no',
  ];
  await start('opendkim', dkim, [...common('opendkim', dkim), 'Mode v', `InternalHosts ${join(home, 'own-hosts')}`]);
  await start('opendmarc', dmarc, [
    ...common('opendmarc', dmarc),
    `TrustedAuthservIDs ${authservId}`,
    `IgnoreHosts ${join(home, 'own-hosts')}`,
  ]);
  return {
    sockets: `inet:127.0.0.1:${dkim}, inet:127.0.0.1:${dmarc}`,
    async stop() {
      for (const one of started) await one.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
