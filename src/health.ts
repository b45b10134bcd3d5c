import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isFull, pendingMigrations, sqliteFile } from './database.ts';
import type { Deps } from './deps.ts';
import { findLongestDue } from './notifications/store.ts';
import type { Route } from './web/router.ts';

/** Mail that is due and not tried for longer than this: the sender does not work. */
const OUTBOX_TOO_OLD_MS = 60 * 60_000;

/** Less than the write-ahead log of a busy minute may take: what is written next could fail. */
const LEAST_FREE_BYTES = 16 * 1024 * 1024;

/** A disk that was full so lately is taken for full: reading alone does not show whether there is room again. */
const FULL_FOR_MS = 60_000;

/** `/healthz`: the process runs. `/readyz`: it can serve (200 or 503), with what keeps it from doing so. */
export function healthRoutes(deps: Deps): Route[] {
  const disk = watchDisk(deps);
  return [
    { method: 'get', path: '/healthz', may: 'anyone', handle: (_req, res) => void res.json({ ok: true }) },
    {
      method: 'get',
      path: '/readyz',
      may: 'anyone',
      handle: async (_req, res) => {
        const state = await readiness(deps, disk);
        res.status(state.ok ? 200 : 503).json(state);
      },
    },
  ];
}

type Disk = () => Promise<'ok' | 'full'>;

/** Whether the disk under the database has room: by what failed lately, and for a SQLite file by what is free. */
function watchDisk({ db, config, now }: Deps): Disk {
  let fullAt = Number.NEGATIVE_INFINITY;
  db.on('query-error', (error: unknown) => {
    if (isFull(error)) fullAt = now();
  });
  return async () => {
    if (now() - fullAt < FULL_FOR_MS) return 'full';
    const file = sqliteFile(config.databaseUrl);
    if (file === null) return 'ok';
    const { bavail, bsize } = await statfs(dirname(file));
    return bavail * bsize < LEAST_FREE_BYTES ? 'full' : 'ok';
  };
}

async function readiness(deps: Deps, disk: Disk) {
  try {
    const pending = await pendingMigrations(deps.db);
    const due = await findLongestDue(deps.db);
    const outboxAgeSeconds = due === null ? 0 : Math.max(0, Math.round((deps.now() - due) / 1000));
    const room = await disk();
    const ok = pending.length === 0 && outboxAgeSeconds * 1000 < OUTBOX_TOO_OLD_MS && room === 'ok';
    return { ok, database: 'ok', disk: room, pendingMigrations: pending.length, outboxAgeSeconds };
  } catch (error) {
    deps.log.error({ err: error }, 'not ready');
    return { ok: false, database: 'does not answer' };
  }
}
