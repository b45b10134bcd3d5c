// Codes that let somebody in once who has lost the second factor. Pure.
import { createHash, randomInt } from 'node:crypto';

/** How many there are at first. */
export const RECOVERY_CODES = 10;
// Without 0, 1, l and o, which are mistaken for each other.
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP = 4;

const group = (): string => Array.from({ length: GROUP }, () => LETTERS[randomInt(LETTERS.length)]).join('');

/** New codes of 80 bits each: too many to try one after the other, even for somebody who has their hashes. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: RECOVERY_CODES }, () => Array.from({ length: GROUPS }, group).join('-'));

/** What is stored of a code: the hash of it as it is typed, with or without gaps, in capitals or not. */
export const recoveryHash = (personId: number, typed: string): string =>
  createHash('sha256')
    .update(`recovery\n${personId}\n${typed.toLowerCase().replace(/[^a-z0-9]/g, '')}`)
    .digest('hex');
