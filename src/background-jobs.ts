// What Warmdesk does without being asked, beside answering requests. Any number of processes may do it at once.
import { deleteExpiredSessions } from './accounts/session/session.ts';
import { deleteExpiredCounts } from './accounts/store-throttle.ts';
import type { Db } from './database.ts';
import type { Deps } from './deps.ts';
import type { Sender } from './notifications/sender.ts';
import { expireUnanswered, serveWaitlist } from './requests/background.ts';
import { deleteOldSpending } from './routing/store-caps.ts';
import { evaluateDue } from './warmup/daily/run.ts';
import { learnDue } from './warmup/learning/background.ts';
import { sendWeeklyProgress } from './warmup/weekly/send.ts';

const EVERY_MS = 30_000;

/** Sends mail, moves warm-ups on, closes what nobody answers, serves the waitlist, deletes old sessions. A fault is logged and tried again. */
export function startBackgroundJobs(deps: Deps, sender: Sender): { stop(): Promise<void> } {
  sender.start();
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(() => runJobs(deps));
  }, EVERY_MS);
  running = runJobs(deps);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all([running, sender.stop()]);
    },
  };
}

async function runJobs({ db, log, now, policy }: Deps): Promise<void> {
  const { document } = policy;
  const jobs = {
    learned: learnDue,
    warmed: (db: Db, at: number) => evaluateDue(db, document, at, log),
    reported: (db: Db, at: number) => sendWeeklyProgress(db, document, at, log),
    expired: expireUnanswered,
    served: serveWaitlist,
    sessions: deleteExpiredSessions,
    tries: deleteExpiredCounts,
    spending: deleteOldSpending,
  };
  for (const [name, job] of Object.entries(jobs)) {
    try {
      const count = await job(db, now());
      if (count > 0) log.info({ [name]: count }, 'tidied');
    } catch (error) {
      log.error({ err: error, job: name }, 'could not tidy');
    }
  }
}
