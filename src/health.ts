import { pendingMigrations } from './database.ts';
import type { Deps } from './deps.ts';
import { findOldestWaiting } from './notifications/store.ts';
import type { Route } from './web/router.ts';

/** Mail that waits longer than this is a fault that somebody should look at. */
const OUTBOX_TOO_OLD_MS = 60 * 60_000;

/** `/healthz`: the process runs. `/readyz`: it can serve (200 or 503), with what keeps it from doing so. */
export function healthRoutes(deps: Deps): Route[] {
  return [
    { method: 'get', path: '/healthz', may: 'anyone', handle: (_req, res) => void res.json({ ok: true }) },
    {
      method: 'get',
      path: '/readyz',
      may: 'anyone',
      handle: async (_req, res) => {
        const state = await readiness(deps);
        res.status(state.ok ? 200 : 503).json(state);
      },
    },
  ];
}

async function readiness(deps: Deps) {
  try {
    const pending = await pendingMigrations(deps.db);
    const oldest = await findOldestWaiting(deps.db);
    const outboxAgeSeconds = oldest === null ? 0 : Math.max(0, Math.round((deps.now() - oldest) / 1000));
    const ok = pending.length === 0 && outboxAgeSeconds * 1000 < OUTBOX_TOO_OLD_MS;
    return { ok, database: 'ok', pendingMigrations: pending.length, outboxAgeSeconds };
  } catch (error) {
    deps.log.error({ err: error }, 'not ready');
    return { ok: false, database: 'does not answer' };
  }
}
