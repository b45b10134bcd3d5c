// A stand-in for Postfix: speaks the policy protocol and socketmap over one connection each.
import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { ExecutionContext } from 'ava';

/** One connection; `ask` sends bytes and gives what comes back up to the end of `count` answers. */
export class Client {
  readonly socket: Socket;
  #come = '';
  #news = (): void => {};
  readonly #ends: RegExp;

  constructor(port: number, ends: RegExp) {
    this.socket = connect({ port, host: '127.0.0.1' });
    this.#ends = ends;
    this.socket.setEncoding('latin1');
    this.socket.on('data', (chunk: string) => {
      this.#come += chunk;
      this.#news();
    });
    this.socket.on('close', () => this.#news());
    this.socket.on('error', () => {});
  }

  /** The next `count` answers. Rejects where the connection is closed before. */
  async answers(count = 1): Promise<string[]> {
    const taken: string[] = [];
    while (taken.length < count) {
      const found = this.#ends.exec(this.#come);
      if (found) {
        taken.push(this.#come.slice(0, found.index + found[0].length));
        this.#come = this.#come.slice(found.index + found[0].length);
        continue;
      }
      if (this.socket.closed || this.socket.readableEnded) throw new Error('closed');
      await new Promise<void>((done) => {
        this.#news = done;
      });
    }
    return taken;
  }

  async ask(bytes: string): Promise<string> {
    this.socket.write(bytes, 'latin1');
    const [answer = ''] = await this.answers();
    return answer;
  }
}

type Attributes = Readonly<Record<string, string | number>>;

/** A request as Postfix sends it at the end of a message. */
export const policyRequest = (attributes: Attributes): string => {
  const usual = {
    request: 'smtpd_access_policy',
    protocol_state: 'END-OF-MESSAGE',
    protocol_name: 'ESMTP',
    recipient_count: 1,
  };
  const lines = Object.entries({ ...usual, ...attributes }).map(([name, value]) => `${name}=${value}\n`);
  return `${lines.join('')}\n`;
};

/** A request as Postfix sends it for each recipient. */
export const rcptRequest = (attributes: Attributes): string =>
  policyRequest({ protocol_state: 'RCPT', recipient_count: 0, ...attributes });

export const policyClient = (port: number): Client => new Client(port, /\n\n/);
export const mapClient = (port: number): Client => new Client(port, /,/);
export const mapRequest = (address: string): string => {
  const text = `warmdesk ${address}`;
  return `${Buffer.byteLength(text)}:${text},`;
};

export type RouterProcess = {
  readonly child: ChildProcess;
  readonly policy: number;
  readonly socketmap: number;
  readonly http: number;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
};

/** Starts the router as `npm run router` does, on ports of its own; it is gone when the test ends. */
export async function startRouter(
  t: Pick<ExecutionContext, 'teardown'>,
  databaseUrl: string,
  args: readonly string[] = ['--policy', '0', '--socketmap', '0'],
  settings: Readonly<Record<string, string>> = {},
): Promise<RouterProcess> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['src/cli/router.ts', ...args], {
    env: { PATH, HOME, DATABASE_URL: databaseUrl, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const news = new EventEmitter();
  const ports: Record<string, number> = {};
  let [unread, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (unread + chunk).split('\n');
    unread = lines.pop() ?? '';
    for (const line of lines.filter((one) => one.startsWith('{'))) {
      const { policy, socketmap, http } = JSON.parse(line);
      if (policy) ports['policy'] = policy;
      if (socketmap) ports['socketmap'] = socketmap;
      if (http) ports['http'] = http;
    }
    news.emit('line');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  const ended = once(child, 'close').then(([code, signal]) => {
    news.emit('line');
    return { code, signal };
  });
  t.teardown(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
  });
  const wanted = args.filter((arg) => arg.startsWith('--')).map((arg) => arg.slice(2));
  while (wanted.some((name) => name in { policy: 0, socketmap: 0, http: 0 } && !ports[name])) {
    if (child.exitCode !== null) throw new Error(`it ended: ${stderr}`);
    await once(news, 'line');
  }
  return { child, ended, policy: ports['policy'] ?? 0, socketmap: ports['socketmap'] ?? 0, http: ports['http'] ?? 0 };
}
