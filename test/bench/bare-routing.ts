// The bare server that the router is compared with: the same protocols, always the same answer. Its own process.
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';

const answering = (end: string, answer: string): Server =>
  createServer({ noDelay: true }, (socket) => {
    let unread = '';
    socket.setEncoding('latin1');
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: string) => {
      unread += chunk;
      let replies = '';
      for (let at = unread.indexOf(end); at >= 0; at = unread.indexOf(end)) {
        replies += answer;
        unread = unread.slice(at + end.length);
      }
      if (replies !== '') socket.write(replies, 'latin1');
    });
  });

const BODY = JSON.stringify({
  via: 'pool',
  ip: null,
  pool: 'shared-us',
  transport: 'shared-us',
  share: 1,
  reason: 'x',
});
const servers = {
  policy: answering('\n\n', 'action=DUNNO\n\n'),
  socketmap: answering(',', '13:OK shared-us:,'),
  http: createHttp((_req, res) => res.setHeader('content-type', 'application/json').end(BODY)),
};

const ports = Object.entries(servers).map(
  ([name, server]) =>
    new Promise<[string, number]>((done) => {
      server.listen(0, '127.0.0.1', () => done([name, (server.address() as AddressInfo).port]));
    }),
);
process.send?.(Object.fromEntries(await Promise.all(ports)));
process.on('disconnect', () => process.exit());
