// An SMTP client by hand: sends what a test wants sent, one command at a time or all at once.
import { EventEmitter, once } from 'node:events';
import { connect, type Socket } from 'node:net';

export type Session = {
  /** Sends commands together and gives the code of each reply. */
  readonly ask: (...commands: string[]) => Promise<number[]>;
  /** Sends bytes to which nothing is answered. */
  readonly write: (text: string) => void;
  /** Goes without a word. */
  readonly hangUp: () => Promise<void>;
};

/** Connects to a mail server and says hello. */
export async function openSession(port: number): Promise<Session> {
  const socket: Socket = connect({ port, host: '127.0.0.1' });
  const news = new EventEmitter();
  const replies: number[] = [];
  let unread = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    const lines = (unread + chunk).split('\r\n');
    unread = lines.pop() ?? '';
    for (const line of lines) if (/^\d{3} /.test(line)) replies.push(Number(line.slice(0, 3)));
    news.emit('reply');
  });
  const read = async (count: number): Promise<number[]> => {
    while (replies.length < count) await once(news, 'reply');
    return replies.splice(0, count);
  };
  await read(1);
  const session: Session = {
    ask(...commands) {
      socket.write(commands.map((one) => `${one}\r\n`).join(''));
      return read(commands.length);
    },
    write: (text) => void socket.write(text),
    async hangUp() {
      socket.destroy();
      await once(socket, 'close');
    },
  };
  await session.ask('EHLO client.example');
  return session;
}

/** A message by its name, with the dot that ends it. */
export const content = (message: string): string =>
  `From: news@acme.example\r\nSubject: ${message}\r\nX-Test: ${message}\r\n\r\nHello.\r\n.`;
