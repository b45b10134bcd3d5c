import type { Calendar } from './calendar/calendar.ts';
import type { Config } from './config.ts';
import type { Db } from './database.ts';
import type { Resolver } from './dns/resolver.ts';
import type { Log } from './log.ts';
import type { PolicyVersion } from './policy/document/version.ts';
import type { Provider } from './setup/provider.ts';

/** What the application is built from. Tests hand in their own clock and database; all else is the real thing. */
export type Deps = {
  readonly db: Db;
  readonly config: Config;
  readonly log: Log;
  /** Asks DNS; never on the way to a page. */
  readonly dns: Resolver;
  /** UTC milliseconds. */
  readonly now: () => number;
  /** The policy in force for new requests. An administrator can change it while Warmdesk runs, as what follows here. */
  readonly policy: PolicyVersion;
  /** Name, colour and logo as pages and mails show them. */
  readonly provider: Provider;
  /** When the desk works. */
  readonly calendar: Calendar;
  /** Whether the Set up page has something left to do. */
  readonly isSettingUp: boolean;
  /** Reads again what an administrator can change. */
  readonly reload: () => Promise<void>;
  readonly sessionSecret: string;
  /** Memory that hashing one password takes, KiB. */
  readonly passwordMemory: number;
};
