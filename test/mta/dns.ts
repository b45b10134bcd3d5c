// A name server of loopback for mail servers under test: what a receiver's domain answers is the test's to say.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export type Records = {
  readonly MX?: readonly string[];
  readonly A?: readonly string[];
  readonly AAAA?: readonly string[];
};
/** Records by name, in lower case. A name that is not there does not exist (NXDOMAIN). */
export type Zones = Readonly<Record<string, Records>>;

const TYPES: ReadonlyMap<number, keyof Records> = new Map([
  [1, 'A'],
  [15, 'MX'],
  [28, 'AAAA'],
]);
const HEADER = 12;
/** A response to which this server is the authority, recursion offered. */
const RESPONSE = 0x8580;
const NO_SUCH_NAME = 3;

/** Listens on port 53 of `host`, an address of loopback (which takes root). `stop` ends it. */
export async function startDns(host: string, zones: Zones): Promise<{ readonly stop: () => void }> {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => socket.send(reply(query, zones), from.port, from.address));
  socket.bind(53, host);
  await once(socket, 'listening');
  return { stop: () => socket.close() };
}

function reply(query: Buffer, zones: Zones): Buffer {
  let end = HEADER;
  const labels: string[] = [];
  for (let length = query[end] ?? 0; length > 0; length = query[end] ?? 0) {
    labels.push(query.toString('latin1', end + 1, end + 1 + length));
    end += 1 + length;
  }
  const zone = zones[labels.join('.').toLowerCase()];
  const type = TYPES.get(query.readUInt16BE(end + 1));
  const records = (type && zone?.[type]) ?? [];
  const answers = records.map((record) => resource(query.readUInt16BE(end + 1), data(type, record)));
  const header = Buffer.alloc(HEADER);
  header.writeUInt16BE(query.readUInt16BE(0), 0);
  header.writeUInt16BE(zone === undefined ? RESPONSE | NO_SUCH_NAME : RESPONSE, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answers.length, 6);
  return Buffer.concat([header, query.subarray(HEADER, end + 5), ...answers]);
}

/** A record of the name that was asked for, which lasts a minute. */
function resource(type: number, rdata: Buffer): Buffer {
  const head = Buffer.from([0xc0, HEADER, 0, type, 0, 1, 0, 0, 0, 60, 0, rdata.length]);
  return Buffer.concat([head, rdata]);
}

function data(type: keyof Records | undefined, record: string): Buffer {
  if (type === 'A') return Buffer.from(record.split('.').map(Number));
  if (type === 'AAAA') return v6(record);
  const labels = record.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([Buffer.from([0, 10]), ...labels, Buffer.from([0])]);
}

function v6(address: string): Buffer {
  const [left = '', right = ''] = address.split('::');
  const groups = (text: string) => text.split(':').filter(Boolean);
  const [before, after] = [groups(left), groups(right)];
  const all = [...before, ...Array(8 - before.length - after.length).fill('0'), ...after];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
