// Who may sign in at Postfix, as Dovecot would say: its authentication protocol, for PLAIN alone.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** Listens on 127.0.0.1; lets in one user with this password. */
export async function startSasl(
  user: string,
  password: string,
): Promise<{ readonly port: number; readonly stop: () => void }> {
  const good = Buffer.from(`\0${user}\0${password}`).toString('base64');
  const server = createServer((socket) => {
    socket.write('VERSION\t1\t2\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\tc\nDONE\n');
    socket.on('error', () => {});
    let come = '';
    socket.on('data', (chunk) => {
      const lines = (come + chunk).split('\n');
      come = lines.pop() ?? '';
      for (const line of lines) {
        const [command, id, , ...rest] = line.split('\t');
        if (command !== 'AUTH') continue;
        const isGood = rest.includes(`resp=${good}`);
        socket.write(isGood ? `OK\t${id}\tuser=${user}\n` : `FAIL\t${id}\tuser=${user}\n`);
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, stop: () => server.close() };
}
