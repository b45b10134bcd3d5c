import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ok, type Result, refused } from '../../result.ts';
import { type Policy, readPolicy } from './policy.ts';

/** The folder of the policies that ship with Warmdesk. */
export const SHIPPED = fileURLToPath(new URL('../../../seeds/policies', import.meta.url));

/** The file of a policy: one that ships with Warmdesk by its name (`customerio`), any other by its path. */
export const policyPath = (named: string): string =>
  /^[a-z][a-z0-9_-]*$/.test(named) ? join(SHIPPED, `${named}.json`) : named;

/**
 * Reads a policy file. A schedule written as a text is a file name, relative to the policy's folder; its content is
 * put in its place. Refused with every problem found: files missing or not JSON, and each wrong field by its path.
 */
export const loadPolicy = (path: string): Result<Policy, string[]> => {
  const file = readJson(path);
  if (!file.ok) return refused([file.problem]);
  const { document, missing } = withSchedules(withProviders(file.value), dirname(path));
  const policy = readPolicy(document);
  if (policy.ok && missing.length === 0) return policy;
  const wrong = policy.ok ? [] : policy.problem.filter((each) => !missing.some(({ field }) => isAbout(each, field)));
  return refused([...missing.map(({ field, problem }) => `${field}: ${problem}`), ...wrong]);
};

/** The table of mailbox providers that ships with Warmdesk, with its sources and its date. */
const PROVIDERS = fileURLToPath(new URL('../../../seeds/mailbox-providers.json', import.meta.url));

/** Puts the shipped table of mailbox providers in place of the word "standard". */
function withProviders(json: unknown): unknown {
  if (!isRecord(json) || !isRecord(json.providers) || json.providers.value !== 'standard') return json;
  const table = readJson(PROVIDERS);
  if (!table.ok || !isRecord(table.value) || !Array.isArray(table.value.providers)) return json;
  const value = table.value.providers.map(({ key, name, domains, mx }) => ({ key, name, domains, mx }));
  return { ...json, providers: { ...json.providers, value } };
}

type Missing = { field: string; problem: string };

const withSchedules = (json: unknown, folder: string): { document: unknown; missing: Missing[] } => {
  const missing: Missing[] = [];
  if (!isRecord(json) || !isRecord(json.schedules)) return { document: json, missing };
  const schedules = Object.entries(json.schedules).map(([name, schedule]) => {
    if (typeof schedule !== 'string') return [name, schedule];
    const file = readJson(join(folder, schedule));
    if (file.ok) return [name, file.value];
    missing.push({ field: `schedules.${name}`, problem: file.problem });
    return [name, schedule];
  });
  return { document: { ...json, schedules: Object.fromEntries(schedules) }, missing };
};

/** A schedule whose file could not be read is named once, with the reason, not again for its missing content. */
const isAbout = (problem: string, field: string): boolean => problem.startsWith(`${field}:`);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const readJson = (path: string): Result<unknown, string> => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return refused(`the file ${path} cannot be read`);
  }
  try {
    return ok(JSON.parse(text));
  } catch (error) {
    return refused(`the file ${path} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
};
