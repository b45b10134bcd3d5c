import type { Config } from './config.ts';
import type { Db } from './database.ts';
import type { Log } from './log.ts';
import type { PolicyVersion } from './policy/document/version.ts';

/** What the application is built from. Tests hand in their own clock and database; all else is the real thing. */
export type Deps = {
  readonly db: Db;
  readonly config: Config;
  readonly log: Log;
  /** UTC milliseconds. */
  readonly now: () => number;
  /** The policy in force for new requests. */
  readonly policy: PolicyVersion;
  readonly sessionSecret: string;
  /** Memory that hashing one password takes, KiB. */
  readonly passwordMemory: number;
};
