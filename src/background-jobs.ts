// What Warmdesk does without being asked, beside answering requests. Any number of processes may do it at once.
import { setTimeout } from 'node:timers/promises';
import {
  endEmailChanges,
  endSessions,
  forgetChallenges,
  forgetOldDevices,
  forgetOldTries,
} from './accounts/background.ts';
import { removeUnattached } from './attachments/background.ts';
import { closeDueMonths } from './charges/actions.ts';
import type { Db } from './database.ts';
import type { Deps } from './deps.ts';
import { lookDue, proveDue } from './domains/checking/background.ts';
import { runImports } from './imports/actions.ts';
import { tellOfQuarantine } from './inbound/quarantine/background.ts';
import { lookAtDueNames } from './ips/names/background.ts';
import { applyDuePrices } from './ips/prices/actions.ts';
import type { Sender } from './notifications/background.ts';
import { removeOldRows } from './old-rows.ts';
import { forgetRejected } from './rejected/actions.ts';
import { finishReleases } from './release/background.ts';
import { rateDue } from './reputation/background.ts';
import { approveDue } from './requests/automatic/background.ts';
import { expireUnanswered, forgetOpenings, forgetTyped } from './requests/background.ts';
import { postToChat } from './requests/chat/background.ts';
import { remindOfDue } from './requests/clock/background.ts';
import { sendSummaries } from './requests/digest/background.ts';
import { settleDecisions } from './requests/review/pending/actions.ts';
import { serveWaitlist } from './requests/waitlist/background.ts';
import { mailQualified } from './requests/watch/background.ts';
import { forgetSpending } from './routing/background.ts';
import { slidePools } from './sending/pools/background.ts';
import { lookUpReceivers } from './sending/receivers/background.ts';
import { dropAbandoned, storeUploads } from './sending/upload/background.ts';
import { joinNewDomains } from './subusers/background.ts';
import { evaluateDue } from './warmup/daily/run.ts';
import { learnDue } from './warmup/learning/background.ts';
import { askListsDue } from './warmup/listings/background.ts';
import { watchUnplanned } from './warmup/unplanned/background.ts';
import { sendWeeklyProgress } from './warmup/weekly/background.ts';

const EVERY_MS = 30_000;
/** A decision takes effect when its reviewer was told that it would. */
const DECISIONS_EVERY_MS = 1_000;
/** Somebody who asked for a look waits for it. */
const DOMAINS_EVERY_MS = 2_000;

/** Sends mail, moves warm-ups on, closes what nobody answers, serves the waitlist, deletes old sessions. A fault is logged and tried again. */
export function startBackgroundJobs(deps: Deps, sender: Sender): { stop(): Promise<void> } {
  sender.start();
  let isStopped = false;
  // Warm-ups are judged by whole files: what a process that is gone had kept comes before the first of them.
  const begun = goOnStoring(deps, () => isStopped);
  const uploads = repeat(EVERY_MS, () => goOnStoring(deps, () => isStopped));
  const jobs = repeat(EVERY_MS, async () => {
    await begun;
    if (isStopped) return;
    await runJobs(deps);
    await goOnImporting(deps, () => isStopped);
  });
  const decisions = repeat(DECISIONS_EVERY_MS, () => takeEffect(deps));
  const domains = repeat(DOMAINS_EVERY_MS, () => lookUpDomains(deps, () => isStopped));
  // The first time it may take long, and the day's step does not wait for it.
  const removal = repeat(EVERY_MS, () => removeOldRows(deps, () => isStopped));
  return {
    async stop() {
      isStopped = true;
      const loops = [jobs, uploads, domains, removal, decisions, sender];
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

/** Does something again and again, the next time some while after the last is over. */
function repeat(pauseMs: number, job: () => Promise<void>): { stop(): Promise<void> } {
  const end = new AbortController();
  const run = async (): Promise<void> => {
    while (!end.signal.aborted) {
      await job();
      await setTimeout(pauseMs, undefined, { signal: end.signal }).catch(() => {});
    }
  };
  const running = run();
  return {
    async stop() {
      end.abort();
      await running;
    },
  };
}

/** Carries out decisions that nobody undid. */
async function takeEffect(deps: Deps): Promise<void> {
  const { log } = deps;
  try {
    const settled = await settleDecisions(deps);
    if (settled > 0) log.info({ settled }, 'decisions took effect');
  } catch (error) {
    log.error({ err: error }, 'decisions could not take effect');
  }
}

/** Asks DNS about the domains and the names of IPs that are due, piece by piece. */
async function lookUpDomains(deps: Deps, isStopped: () => boolean): Promise<void> {
  try {
    while (!isStopped() && (await proveDue(deps)) + (await lookDue(deps)) + (await lookAtDueNames(deps)) > 0);
  } catch (error) {
    deps.log.error({ err: error }, 'could not look up domains');
  }
}

/** Stores what a process that is gone had kept of uploaded counts. */
async function goOnStoring(deps: Deps, isStopped: () => boolean): Promise<void> {
  try {
    const pieces = await storeUploads(deps, isStopped);
    if (pieces > 0) deps.log.info({ pieces }, 'counts stored');
  } catch (error) {
    deps.log.error({ err: error }, 'an upload could not go on');
  }
}

/** Takes in what a process that is gone had begun to import. */
async function goOnImporting(deps: Deps, isStopped: () => boolean): Promise<void> {
  try {
    const pieces = await runImports(deps, isStopped);
    if (pieces > 0) deps.log.info({ pieces }, 'imported');
  } catch (error) {
    deps.log.error({ err: error }, 'an import could not go on');
  }
}

async function runJobs(deps: Deps): Promise<void> {
  const { config, db, dns, log, now, policy, reload } = deps;
  const { document } = policy;
  const jobs = {
    // Until it is done, a page says that nothing was counted, or what was before midnight.
    pools: slidePools,
    learned: learnDue,
    warmed: (db: Db, at: number) => evaluateDue(db, document, at, log),
    watched: (db: Db, at: number) => watchUnplanned(db, document, at),
    rated: (db: Db, at: number) => rateDue(db, document, at),
    reported: (db: Db, at: number) => sendWeeklyProgress(db, document, at, log),
    expired: expireUnanswered,
    qualified: (db: Db, at: number) => mailQualified({ db, policy }, at),
    reminded: remindOfDue,
    chatted: () => postToChat(deps),
    quarantined: tellOfQuarantine,
    // After what is told in them.
    summarised: (db: Db, at: number) => sendSummaries(db, at, document),
    // Before anybody who waits gets one of them.
    listings: (db: Db) => askListsDue({ db, dns, now, policy }),
    served: serveWaitlist,
    joined: joinNewDomains,
    // After those who wait for IPs.
    approved: () => approveDue(deps),
    priced: applyDuePrices,
    charged: closeDueMonths,
    addresses: endEmailChanges,
    released: (db: Db, at: number) => finishReleases(db, document, at),
    sessions: endSessions,
    tries: forgetOldTries,
    devices: forgetOldDevices,
    challenges: forgetChallenges,
    spending: forgetSpending,
    // What another process changed of the provider's settings.
    settings: async () => reload().then(() => 0),
    drafts: forgetTyped,
    openings: forgetOpenings,
    rejected: forgetRejected,
    uploads: dropAbandoned,
    attachments: (db: Db, at: number) => removeUnattached(db, config.attachmentsDir, at),
    receivers: (db: Db) => lookUpReceivers(db, { dns, now }),
  };
  for (const [name, job] of Object.entries(jobs)) {
    try {
      const count = await job(db, now());
      if (count > 0) log.info({ [name]: count }, 'background job done');
    } catch (error) {
      log.error({ err: error, job: name }, 'background job failed');
    }
  }
}
