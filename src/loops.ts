// What Warmdesk does without being asked, beside answering requests. Any number of processes may do it at once.
import { deleteExpiredSessions } from './accounts/session/session.ts';
import { deleteExpiredCounts } from './accounts/store-throttle.ts';
import type { Db } from './database.ts';
import type { Deps } from './deps.ts';
import type { Sender } from './notifications/sender.ts';
import { expireUnanswered, serveWaitlist } from './requests/background.ts';
import { deleteOldSpending } from './routing/store-caps.ts';
import { stepDue } from './warmup/daily/run.ts';
import { tellProgress } from './warmup/weekly/send.ts';

const EVERY_MS = 30_000;

/** Sends mail, moves warm-ups on, closes what nobody answers, serves the waitlist, deletes old sessions. A fault is logged and tried again. */
export function startLoops(deps: Deps, sender: Sender): { stop(): Promise<void> } {
  sender.start();
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(() => tidy(deps));
  }, EVERY_MS);
  running = tidy(deps);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all([running, sender.stop()]);
    },
  };
}

async function tidy({ db, log, now, policy }: Deps): Promise<void> {
  const { document } = policy;
  const works = {
    warmed: (db: Db, at: number) => stepDue(db, document, at, log),
    reported: (db: Db, at: number) => tellProgress(db, document, at, log),
    expired: expireUnanswered,
    served: serveWaitlist,
    sessions: deleteExpiredSessions,
    tries: deleteExpiredCounts,
    spending: deleteOldSpending,
  };
  for (const [name, work] of Object.entries(works)) {
    try {
      const count = await work(db, now());
      if (count > 0) log.info({ [name]: count }, 'tidied');
    } catch (error) {
      log.error({ err: error, work: name }, 'could not tidy');
    }
  }
}
