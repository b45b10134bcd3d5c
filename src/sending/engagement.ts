// S-24: what a mail system may tell of a day's mail beyond its counts: who engaged with it, and why it bounced. Pure.

/** Figures that may be left out, as the API names them, with their columns in files and in the database. */
export const engagementColumns = {
  openedByProxy: 'opened_by_proxy',
  clicked: 'clicked',
  recency30: 'recency_30',
  recency90: 'recency_90',
  recency180: 'recency_180',
  recencyOlder: 'recency_older',
  recencyNever: 'recency_never',
  bouncedInvalid: 'bounced_invalid',
  bouncedReputation: 'bounced_reputation',
  bouncedContent: 'bounced_content',
  bouncedOther: 'bounced_other',
} as const;
export type EngagementFigure = keyof typeof engagementColumns;
export const engagementFigures = Object.keys(engagementColumns) as EngagementFigure[];

/** Messages by how long before them their recipients had last opened or clicked, the latest first. */
const recencyClasses = ['recency30', 'recency90', 'recency180', 'recencyOlder', 'recencyNever'] as const;
const bounceClasses = ['bouncedInvalid', 'bouncedReputation', 'bouncedContent', 'bouncedOther'] as const;

/** null: not told. */
export type Engagement = Readonly<Record<EngagementFigure, number | null>>;

/** The figures that `told` knows; undefined where it tells none. */
export function engagementOf(told: (figure: EngagementFigure) => number | null): Engagement | undefined {
  const entries = engagementFigures.map((figure) => [figure, told(figure)] as const);
  return entries.every(([, value]) => value === null) ? undefined : (Object.fromEntries(entries) as Engagement);
}

/** Adds up two days’ figures, or two reports about one. What neither tells stays untold. */
export function addedEngagement(one: Engagement | undefined, other: Engagement | undefined): Engagement | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return engagementOf((figure) => (one[figure] === null ? other[figure] : (one[figure] ?? 0) + (other[figure] ?? 0)));
}

type Told = {
  readonly sent: number;
  readonly bounced: number;
  readonly opened?: number | null;
  readonly engagement?: Engagement;
};

/** The first thing for which these figures cannot be true beside their counts; undefined where they can. */
export function engagementFault({
  sent,
  bounced,
  opened,
  engagement,
}: Told): { readonly field: EngagementFigure; readonly sentence: string } | undefined {
  if (engagement === undefined) return undefined;
  const sum = (figures: readonly EngagementFigure[]) => figures.reduce((all, one) => all + (engagement[one] ?? 0), 0);
  const firstOf = (classes: readonly [EngagementFigure, ...EngagementFigure[]]) =>
    classes.find((one) => (engagement[one] ?? 0) > 0) ?? classes[0];
  if ((opened ?? 0) + sum(['openedByProxy']) > sent)
    return { field: 'openedByProxy', sentence: 'More was opened, by people and by privacy proxies, than was sent.' };
  if (sum(['clicked']) > sent) return { field: 'clicked', sentence: 'More was clicked than was sent.' };
  if (sum(recencyClasses) > sent)
    return { field: firstOf(recencyClasses), sentence: 'The recency classes add up to more than was sent.' };
  if (sum(bounceClasses) > bounced)
    return { field: firstOf(bounceClasses), sentence: 'The bounce classes add up to more than bounced.' };
  return undefined;
}
