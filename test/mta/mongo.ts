// The smallest stand-in for MongoDB that ZoneMTA runs on: neither Debian nor npm has a server. It speaks MongoDB's wire
// protocol; what a query matches and an update changes is decided by the package mingo.
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';

type Doc = Record<string, unknown>;
type Bson = { serialize: (doc: Doc) => Buffer; deserialize: (bytes: Buffer, options: Doc) => Doc };
type Mingo = {
  find: (docs: Doc[], query: Doc) => { sort: (by: Doc) => { all: () => Doc[] }; all: () => Doc[] };
  aggregate: (docs: Doc[], pipeline: Doc[]) => Doc[];
};
type Update = (doc: Doc, change: Doc) => string[];

const OP_MSG = 2013;
const OP_REPLY = 1;
const HEADER = 16;

export type Mongo = {
  readonly port: number;
  /** Lets the time that deferred messages wait for be over. */
  readonly hurry: (collection: string) => void;
  readonly stop: () => void;
};

/** Listens on 127.0.0.1. `packages`: where ZoneMTA is installed with mingo beside it. */
export async function startMongo(packages: string): Promise<Mongo> {
  const load = createRequire(join(packages, 'node_modules', 'here.js'));
  const engine = new Engine(load('mingo') as Mingo, (load('mingo/updater') as { update: Update }).update);
  const bson = load('bson') as Bson;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
    let come = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      come = Buffer.concat([come, chunk]);
      while (come.length >= HEADER && come.length >= come.readInt32LE(0)) {
        const message = come.subarray(0, come.readInt32LE(0));
        come = come.subarray(message.length);
        socket.write(reply(message, bson, engine));
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    hurry(collection) {
      for (const doc of engine.documents(collection)) doc['queued'] = new Date();
    },
    stop() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

/** The first question comes as OP_QUERY, all others as OP_MSG. */
function reply(message: Buffer, bson: Bson, engine: Engine): Buffer {
  const isMsg = message.readInt32LE(12) === OP_MSG;
  const command = isMsg ? sections(message.subarray(HEADER + 4), bson) : bson.deserialize(query(message), {});
  const body = bson.serialize(engine.run(command));
  const before = isMsg ? Buffer.alloc(5) : Buffer.alloc(20);
  if (!isMsg) before.writeInt32LE(1, 16);
  const head = Buffer.alloc(HEADER);
  head.writeInt32LE(HEADER + before.length + body.length, 0);
  head.writeInt32LE(message.readInt32LE(4), 8);
  head.writeInt32LE(isMsg ? OP_MSG : OP_REPLY, 12);
  return Buffer.concat([head, before, body]);
}

const query = (message: Buffer): Buffer => message.subarray(message.indexOf(0, HEADER + 4) + 1 + 8);

/** A command's document, with the lists of documents that came behind it. */
function sections(bytes: Buffer, bson: Bson): Doc {
  const command: Doc = {};
  for (let at = 0; at < bytes.length; ) {
    const kind = bytes[at];
    const size = bytes.readInt32LE(at + 1);
    const part = bytes.subarray(at + 1, at + 1 + size);
    at += 1 + size;
    if (kind === 0) Object.assign(command, bson.deserialize(part, {}));
    else {
      const name = part.toString('latin1', 4, part.indexOf(0, 4));
      const docs: Doc[] = [];
      for (let from = 4 + name.length + 1; from < part.length; from += part.readInt32LE(from))
        docs.push(bson.deserialize(part.subarray(from, from + part.readInt32LE(from)), {}));
      command[name] = docs;
    }
  }
  return command;
}

type Change = {
  readonly q: Doc;
  readonly u: Doc;
  readonly multi?: boolean;
  readonly upsert?: boolean;
  readonly limit?: number;
};

class Engine {
  readonly #collections = new Map<string, Doc[]>();
  readonly #mingo: Mingo;
  readonly #update: Update;

  constructor(mingo: Mingo, update: Update) {
    this.#mingo = mingo;
    this.#update = update;
  }

  documents(collection: string): Doc[] {
    let docs = this.#collections.get(collection);
    if (docs === undefined) {
      docs = [];
      this.#collections.set(collection, docs);
    }
    return docs;
  }

  #matching(docs: Doc[], { filter, sort, skip, limit }: Doc): Doc[] {
    const cursor = this.#mingo.find(docs, (filter ?? {}) as Doc);
    const found = sort ? cursor.sort(sort as Doc).all() : cursor.all();
    const from = Number(skip ?? 0);
    return found.slice(from, Number(limit ?? 0) > 0 ? from + Number(limit) : undefined);
  }

  run(command: Doc): Doc {
    const [name = '', of] = Object.entries(command)[0] ?? [];
    const docs = this.documents(String(of));
    const changes = (list: unknown) => (list ?? []) as Change[];
    switch (name) {
      case 'insert':
        docs.push(...((command['documents'] ?? []) as Doc[]));
        return { ok: 1, n: ((command['documents'] ?? []) as Doc[]).length };
      case 'find':
        return cursor(`db.${of}`, this.#matching(docs, command));
      case 'aggregate':
        return cursor(`db.${of}`, this.#mingo.aggregate(docs, (command['pipeline'] ?? []) as Doc[]));
      case 'findAndModify': {
        const [found] = this.#matching(docs, { filter: command['query'], sort: command['sort'] });
        const old = found && structuredClone({ ...found, _id: undefined });
        if (found) this.#update(found, command['update'] as Doc);
        const value = found && (command['new'] ? found : { ...old, _id: found['_id'] });
        return { ok: 1, value: value ?? null, lastErrorObject: { n: found ? 1 : 0, updatedExisting: Boolean(found) } };
      }
      case 'update': {
        const found = changes(command['updates']).flatMap(({ q, u, multi }) => {
          const hit = this.#matching(docs, { filter: q, limit: multi ? 0 : 1 });
          for (const doc of hit) this.#update(doc, u);
          return hit;
        });
        return { ok: 1, n: found.length, nModified: found.length };
      }
      case 'delete': {
        const gone = new Set(
          changes(command['deletes']).flatMap(({ q, limit }) => this.#matching(docs, { filter: q, limit })),
        );
        this.#collections.set(
          String(of),
          docs.filter((doc) => !gone.has(doc)),
        );
        return { ok: 1, n: gone.size };
      }
      case 'listIndexes':
        return cursor(`db.${of}`, []);
      case 'hello':
      case 'ismaster':
      case 'isMaster':
        return { ok: 1, ismaster: true, helloOk: true, maxWireVersion: 9, minWireVersion: 0, ...SIZES };
      default:
        return { ok: 1, numIndexesBefore: 1, numIndexesAfter: 1 };
    }
  }
}

const SIZES = { maxBsonObjectSize: 16_777_216, maxMessageSizeBytes: 48_000_000, maxWriteBatchSize: 100_000 };

/** All at once: nothing is fetched later. */
const cursor = (ns: string, firstBatch: Doc[]): Doc => ({ ok: 1, cursor: { id: 0, ns, firstBatch } });
