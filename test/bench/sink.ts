// A mail server that takes everything and keeps nothing but the count. Its own process.
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

let taken = 0;
const server = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  logger: false,
  disableReverseLookup: true,
  onData(stream, _session, done) {
    stream.on('data', () => {});
    stream.on('end', () => {
      taken += 1;
      done();
    });
  },
});
server.on('error', () => {});
const listening = server.listen(0, '127.0.0.1', () =>
  process.send?.({ port: (listening.address() as AddressInfo).port }),
);
process.on('message', () => process.send?.({ taken }));
