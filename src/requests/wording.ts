import { ROUTE_WORDS } from '../domains/domain.ts';
import { ALLOCATION_WORDS } from '../ips/allocation.ts';
import { regionNames } from '../policy/checks/dedicated.ts';
import { remedyOf } from '../policy/checks/finding.ts';
import { lackingInWords } from '../policy/checks/lacking.ts';
import { few } from '../policy/checks/volume.ts';
import { patternInWords } from '../sending/pattern-wording.ts';
import { capitalised, counted, inWords, listed } from '../wording.ts';
import { givenBackOf, givenBackSentence, statusOf, titleWith } from './given-back.ts';
import { mailingInWords, WEEKDAYS } from './mailing.ts';
import { mayAskForPool } from './qualifying/prospect.ts';
import { askedFor, reference, STATUS_WORDS, titleOf } from './request.ts';
import { forecastInWords } from './warmup-forecast.ts';
import { splitLabel } from './what-if.ts';

/** The words that the views of requests are written with. */
export const viewWords = {
  reference,
  askedFor,
  titleOf,
  titleWith,
  statusOf,
  givenBackOf,
  givenBackSentence,
  STATUS_WORDS,
  ALLOCATION_WORDS,
  ROUTE_WORDS,
  REGIONS: { us: 'United States (US)', eu: 'European Union (EU)' },
  regionNames,
  STREAMS: { marketing: 'Marketing', transactional: 'Transactional', both: 'Marketing and transactional' },
  WEEKDAYS,
  forecastInWords,
  splitLabel,
  mailingInWords,
  patternInWords,
  capitalised,
  counted,
  inWords,
  listed,
  lacking: lackingInWords,
  remedyOf,
  few,
  mayAskForPool,
} as const;

export type Words = { readonly words: typeof viewWords };
