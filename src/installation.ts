// What an administrator can change while Warmdesk runs: the provider's name and looks, its working hours, the policy in force. Kept in
// memory, and read again when it was changed here, and now and then, as another process may have changed it.
import { ROUND_THE_CLOCK } from './calendar/calendar.ts';
import type { Config } from './config.ts';
import type { Db } from './database.ts';
import type { Deps } from './deps.ts';
import { NO_RECORD_SETTING } from './domains/records/setting.ts';
import { movePoolAddresses } from './ips/pools/actions.ts';
import { listPoolAddresses } from './ips/pools/store.ts';
import { adoptPolicy } from './policy/actions.ts';
import { loadPolicy, policyPath } from './policy/document/load.ts';
import type { Policy } from './policy/document/policy.ts';
import type { PolicyVersion } from './policy/document/version.ts';
import { findNewestPolicy } from './policy/store.ts';
import { ok, type Result, refused } from './result.ts';
import type { Provider } from './setup/provider.ts';
import { openSteps } from './setup/steps.ts';
import { findBegun, findSettings, findTestMail, type Settings } from './setup/store.ts';

type Chosen = Pick<Config, 'policy' | 'isPolicySet' | 'providerName' | 'isProviderSet'>;

export class Installation {
  readonly #db: Db;
  readonly #config: Chosen;
  policy: PolicyVersion;
  provider: Provider;
  calendar = ROUND_THE_CLOCK;
  /** Whether the Set up page has something left to do. */
  isSettingUp = false;

  private constructor(db: Db, config: Chosen, policy: PolicyVersion) {
    this.#db = db;
    this.#config = config;
    this.policy = policy;
    this.provider = { name: config.providerName, colour: null, logo: null, records: NO_RECORD_SETTING };
  }

  /** Adopts the policy of the settings and reads the rest. `at` is since when that policy is in force. Refused with what is wrong with its file. */
  static async open(db: Db, config: Chosen, at: number): Promise<Result<Installation, string[]>> {
    const document = await chosenDocument(db, config);
    if (!document.ok) return document;
    const actor = { person: null, at };
    const policy = await adoptPolicy(db, actor, document.value);
    await movePoolAddresses(db, actor, document.value);
    const installation = new Installation(db, config, policy);
    await installation.reload();
    return ok(installation);
  }

  /** Reads again what may have been changed. */
  async reload(): Promise<void> {
    const settings = await findSettings(this.#db);
    const name = this.#config.isPolicySet ? this.policy.name : (settings.policy?.name ?? this.policy.name);
    const newest = await findNewestPolicy(this.#db, name);
    if (newest) this.policy = { ...newest, document: await withPools(this.#db, newest.document) };
    this.provider = providerOf(settings, this.#config.providerName);
    this.calendar = settings.hours ?? ROUND_THE_CLOCK;
    const steps = openSteps(settings, {
      config: this.#config,
      begun: await findBegun(this.#db),
      isMailTested: (await findTestMail(this.#db))?.status === 'sent',
    });
    this.isSettingUp = steps.some(({ state }) => state === 'open');
  }
}

function providerOf(settings: Partial<Settings>, providerName: string): Provider {
  const { name = providerName, colour = null } = settings.provider ?? {};
  const { logo } = settings;
  return {
    name,
    colour,
    records: settings.records ?? NO_RECORD_SETTING,
    logo: logo ? { type: logo.type, version: logo.version, bytes: Buffer.from(logo.data, 'base64') } : null,
  };
}

/** The policy that is to be in force: that of the environment, else what was chosen on pages, else the usual one. */
async function chosenDocument(db: Db, { policy, isPolicySet }: Chosen): Promise<Result<Policy, string[]>> {
  const chosen = isPolicySet ? undefined : (await findSettings(db)).policy;
  if (chosen?.source !== 'file') return loadPolicy(policyPath(chosen?.name ?? policy));
  const newest = await findNewestPolicy(db, chosen.name);
  return newest ? ok(newest.document) : refused([`the policy ${chosen.name} is not in the database`]);
}

/** The policy in force with the addresses of its pools, for commands that work beside a running Warmdesk. */
export async function policyInForce(db: Db, config: Pick<Config, 'policy' | 'isPolicySet'>): Promise<Policy> {
  const document = await chosenDocument(db, { ...config, providerName: '', isProviderSet: false });
  if (!document.ok) throw new Error(['The policy cannot be used:', ...document.problem].join('\n'));
  return withPools(db, document.value);
}

async function withPools(db: Db, document: Policy): Promise<Policy> {
  const addresses = await listPoolAddresses(db);
  return { ...document, pools: document.pools.map((pool) => ({ ...pool, addresses: addresses.get(pool.key) ?? [] })) };
}

/** The part of what the application is built from that changes while it runs. */
export const changing = (
  installation: Installation,
): Pick<Deps, 'policy' | 'provider' | 'calendar' | 'isSettingUp' | 'reload'> => ({
  get policy() {
    return installation.policy;
  },
  get provider() {
    return installation.provider;
  },
  get calendar() {
    return installation.calendar;
  },
  get isSettingUp() {
    return installation.isSettingUp;
  },
  reload: () => installation.reload(),
});
