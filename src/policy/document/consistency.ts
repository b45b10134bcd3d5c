/**
 * What must hold between fields of a policy document that nobody has checked yet. Apart from the schema, so that
 * these problems are named even while other fields are wrong.
 */
export const problemsBetween = (json: unknown): string[] => [
  ...doublePlans(json),
  ...laxPool(json, 'maxBounceRate'),
  ...laxPool(json, 'maxComplaintRate'),
  ...unknownSchedule(json),
  ...moreThanAsked(json),
  ...neverByItself(json),
  ...keysOf(at(json, 'schedules')).flatMap((name) => wrongWay(json, name)),
];

const at = (json: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined), json);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const keysOf = (value: unknown): string[] => (isObject(value) ? Object.keys(value) : []);

/** Both numbers are there, and the first is at least the second. */
const reaches = (one: unknown, other: unknown): boolean =>
  typeof one === 'number' && typeof other === 'number' && one >= other;

const doublePlans = (json: unknown): string[] => {
  const plans = at(json, 'plans');
  const keys = Array.isArray(plans) ? plans.map((plan) => at(plan, 'key')) : [];
  return keys.flatMap((key, i) =>
    typeof key === 'string' && keys.indexOf(key) < i ? [`plans.${i}.key: "${key}" is the key of an earlier plan`] : [],
  );
};

const laxPool = (json: unknown, field: string): string[] =>
  reaches(at(json, 'transactionalPool', field, 'value'), at(json, field, 'value'))
    ? [`transactionalPool.${field}: must be below ${field}: this pool is the stricter one (C-03)`]
    : [];

const unknownSchedule = (json: unknown): string[] => {
  const name = at(json, 'warmup', 'schedule');
  if (typeof name !== 'string' || name === '' || at(json, 'schedules', name) !== undefined) return [];
  return [`warmup.schedule: names "${name}", which is not among the schedules`];
};

const moreThanAsked = (json: unknown): string[] => {
  const [most, asked] = [at(json, 'automaticApproval', 'value', 'maxIps'), at(json, 'maxIpsPerRequest', 'value')];
  return most !== asked && reaches(most, asked)
    ? ['automaticApproval.value.maxIps: must not be above maxIpsPerRequest']
    : [];
};

/** A list that a reviewer has to go through leaves nothing that is approved without one. */
const neverByItself = (json: unknown): string[] => {
  const list = at(json, 'checklist', 'value');
  const items = at(list, 'dedicated_ip');
  if (at(list, 'required') !== true || !Array.isArray(items) || items.length === 0) return [];
  return ['automaticApproval', 'selfService']
    .filter((field) => isObject(at(json, field, 'value')))
    .map(
      (field) => `${field}: must be null where checklist.value.required is true, since a person goes through the list`,
    );
};

/** C-14: more volume never takes longer. */
const wrongWay = (json: unknown, name: string): string[] => {
  const value = (end: string, field: string) => at(json, 'schedules', name, end, field, 'value');
  const problems: string[] = [];
  const [most, fewest] = [value('longest', 'days'), value('shortest', 'days')];
  if (most !== fewest && reaches(fewest, most)) problems.push('shortest.days: must not be above longest.days (C-14)');
  if (reaches(value('longest', 'weeklyVolume'), value('shortest', 'weeklyVolume'))) {
    problems.push('shortest.weeklyVolume: must be above longest.weeklyVolume (C-14)');
  }
  return problems.map((problem) => `schedules.${name}.${problem}`);
};
