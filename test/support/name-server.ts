// An authoritative name server on loopback, over UDP and TCP: what the world publishes is the test's to say.
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import packet, {
  type Answer,
  AUTHORITATIVE_ANSWER,
  type Packet,
  type RecordType,
  TRUNCATED_RESPONSE,
} from 'dns-packet';

/** A text is one string of a TXT record, or several where it is split; MX is `10 mx.example`. */
export type Records = {
  readonly TXT?: readonly (string | readonly (string | Buffer)[])[];
  readonly MX?: readonly string[];
  readonly A?: readonly string[];
  readonly AAAA?: readonly string[];
  readonly CNAME?: string;
  readonly PTR?: readonly string[];
  /** Instead of an answer: nothing at all, a failure, or what isn't a DNS packet. */
  readonly trouble?: 'silent' | 'servfail' | 'refused' | 'garbage';
};
/** By name in lower case. What is neither here nor above something here does not exist (NXDOMAIN). */
export type Zones = Record<string, Records>;

const CLASSIC_LIMIT = 512;
const RCODES = { nxdomain: 3, servfail: 2, refused: 5 };

export class NameServer {
  /** May change while it runs. */
  zones: Zones;
  /** Each question as `TXT name`, in the order in which they came; asked again over TCP with ` tcp` at its end. */
  readonly asked: string[] = [];
  readonly #udp: Socket;
  readonly #tcp: Server;

  private constructor(zones: Zones, udp: Socket, tcp: Server) {
    this.zones = zones;
    this.#udp = udp;
    this.#tcp = tcp;
  }

  /** Listens over UDP and TCP, on a free port of 127.0.0.1 where it is not said (below 1024 it takes root). */
  static async start(zones: Zones, { host = '127.0.0.1', port = 0 } = {}): Promise<NameServer> {
    const tcp = createServer().listen(port, host);
    await once(tcp, 'listening');
    const udp = createSocket('udp4');
    udp.bind((tcp.address() as AddressInfo).port, host);
    await once(udp, 'listening');
    const server = new NameServer(zones, udp, tcp);
    udp.on('message', (query, from) => {
      const reply = server.#reply(query, false);
      if (reply) udp.send(reply, from.port, from.address);
    });
    tcp.on('connection', (socket) => {
      let read = Buffer.alloc(0);
      socket.on('error', () => socket.destroy());
      socket.on('data', (piece) => {
        read = Buffer.concat([read, piece]);
        while (read.length >= 2 && read.length >= 2 + read.readUInt16BE(0)) {
          const end = 2 + read.readUInt16BE(0);
          const reply = server.#reply(read.subarray(2, end), true);
          read = read.subarray(end);
          if (!reply) continue;
          const head = Buffer.alloc(2);
          head.writeUInt16BE(reply.length);
          socket.write(Buffer.concat([head, reply]));
        }
      });
    });
    return server;
  }

  /** As the setting DNS_SERVERS has it. */
  get address(): string {
    const { address, port } = this.#tcp.address() as AddressInfo;
    return `${address}:${port}`;
  }

  /** Ends it; may be called twice. */
  async stop(): Promise<void> {
    if (!this.#tcp.listening) return;
    this.#udp.close();
    this.#tcp.close();
    await once(this.#tcp, 'close');
  }

  #reply(bytes: Buffer, isTcp: boolean): Buffer | null {
    const query = packet.decode(bytes);
    const question = query.questions?.[0];
    if (!question) return null;
    const name = question.name.toLowerCase();
    this.asked.push(`${question.type} ${name}${isTcp ? ' tcp' : ''}`);
    const { trouble } = this.zones[name] ?? {};
    if (trouble === 'silent') return null;
    if (trouble === 'garbage') return Buffer.concat([bytes.subarray(0, 2), Buffer.from('not an answer')]);
    const opt = query.additionals?.find((one) => one.type === 'OPT') as { udpPayloadSize?: number } | undefined;
    const reply: Packet = {
      type: 'response',
      id: query.id ?? 0,
      flags: AUTHORITATIVE_ANSWER,
      questions: [question],
      answers: [],
    };
    if (trouble) return packet.encode({ ...reply, flags: RCODES[trouble] });
    const { answers, exists } = this.#follow(name, question.type);
    const whole = packet.encode({
      ...reply,
      flags: AUTHORITATIVE_ANSWER | (exists ? 0 : RCODES.nxdomain),
      answers: answers.map((one) => ({ ...one, ttl: 60 }) as Answer),
    });
    const room = Math.max(CLASSIC_LIMIT, opt?.udpPayloadSize ?? 0);
    if (isTcp || whole.length <= room) return whole;
    return packet.encode({ ...reply, flags: AUTHORITATIVE_ANSWER | TRUNCATED_RESPONSE });
  }

  /** The records of a name, along its aliases; a loop of aliases ends where it began, as real servers answer it. */
  #follow(
    start: string,
    type: RecordType,
  ): { answers: { name: string; type: string; data: unknown }[]; exists: boolean } {
    const answers: { name: string; type: string; data: unknown }[] = [];
    const seen = new Set<string>();
    for (let name = start; ; ) {
      const records = this.zones[name];
      const alias = type === 'CNAME' ? undefined : records?.CNAME;
      if (alias === undefined || seen.has(name)) {
        answers.push(...dataOf(records, type).map((data) => ({ name, type, data })));
        return { answers, exists: records !== undefined || this.#isAbove(name) };
      }
      seen.add(name);
      answers.push({ name, type: 'CNAME', data: alias });
      name = alias.toLowerCase();
    }
  }

  #isAbove = (name: string): boolean => Object.keys(this.zones).some((one) => one.endsWith(`.${name}`));
}

function dataOf(records: Records | undefined, type: RecordType): unknown[] {
  if (type === 'TXT') return (records?.TXT ?? []).map((text) => (typeof text === 'string' ? [text] : text));
  if (type === 'CNAME') return records?.CNAME === undefined ? [] : [records.CNAME];
  if (type === 'MX') return (records?.MX ?? []).map(mx);
  if (type === 'A' || type === 'AAAA' || type === 'PTR') return [...(records?.[type] ?? [])];
  return [];
}

function mx(text: string): { preference: number; exchange: string } {
  const [preference = '0', exchange = '.'] = text.split(' ');
  return { preference: Number(preference), exchange };
}
