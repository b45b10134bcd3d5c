// The answers of a request as columns of its row. Pure.
import type { Answers } from './request.ts';

/** What a request's row keeps of its answers; its domains are rows of their own. */
export const answerColumns = (answers: Answers) => ({
  weekly_volume: answers.weeklyVolume,
  sends: answers.sends,
  ...(answers.kind === 'dedicated_ip' ? dedicatedColumns(answers) : { samples: answers.samples }),
});

const dedicatedColumns = (answers: Extract<Answers, { kind: 'dedicated_ip' }>) => ({
  peak_weekly_volume: answers.peakWeeklyVolume,
  ip_count: answers.ipCount,
  region: answers.region,
  stream: answers.stream,
  starts_on: answers.startsOn,
  signup: answers.signup,
  mailing: answers.mailing && JSON.stringify(answers.mailing),
  automated_warmup: answers.automatedWarmup,
});
