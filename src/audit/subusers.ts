// What is recorded about subusers and the IPs that are assigned to them, and how the history tells it. Pure.

export type SubuserFacts = {
  /** `parent`, `region`: of a subuser, which keeps both. */
  'account.opened': { name: string; plan: string; parent?: string; region?: string };
  /** In the history of the parent. */
  'account.subuserAdded': { name: string; region: string };
};

export const subuserSentences: {
  readonly [Name in keyof SubuserFacts]: (facts: SubuserFacts[Name]) => string;
} = {
  'account.opened': ({ name, parent }) =>
    `opened the account ${name}${parent === undefined ? '' : ` as a subuser of ${parent}`}`,
  'account.subuserAdded': ({ name, region }) => `created the subuser ${name} in ${region.toUpperCase()}`,
};
