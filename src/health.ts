import { pendingMigrations } from './database.ts';
import type { Deps } from './deps.ts';
import { findLongestDue } from './notifications/store.ts';
import type { Route } from './web/router.ts';

/** Mail that is due and not tried for longer than this: the sender does not work. */
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
    const due = await findLongestDue(deps.db);
    const outboxAgeSeconds = due === null ? 0 : Math.max(0, Math.round((deps.now() - due) / 1000));
    const ok = pending.length === 0 && outboxAgeSeconds * 1000 < OUTBOX_TOO_OLD_MS;
    return { ok, database: 'ok', pendingMigrations: pending.length, outboxAgeSeconds };
  } catch (error) {
    deps.log.error({ err: error }, 'not ready');
    return { ok: false, database: 'does not answer' };
  }
}
