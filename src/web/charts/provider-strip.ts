// How each mailbox provider took some mail, as bars beside the figures: across in percent of the bar's box.

export type ProviderStripRow = { readonly sent: number; readonly delivered: number; readonly bounced: number };

export type ProviderBar = {
  /** Of the widest bar, in percent. */
  readonly width: number;
  readonly delivered: number;
  /** Where the bounced part begins, and how wide it is. */
  readonly bouncedX: number;
  readonly bounced: number;
};

const round = (value: number): number => Math.round(value * 100) / 100;

/** One bar for each row; the one with most mail takes the whole width. What bounced stays visible beside much mail. */
export function providerStrip(rows: readonly ProviderStripRow[]): ProviderBar[] {
  const most = Math.max(1, ...rows.map(({ sent }) => sent));
  return rows.map(({ sent, delivered, bounced }) => {
    const width = sent === 0 ? 0 : Math.max(1, round((sent / most) * 100));
    const part = (count: number): number => (sent === 0 ? 0 : round((count / sent) * width));
    const lost = bounced === 0 ? 0 : Math.min(width, Math.max(0.8, part(bounced)));
    return {
      width,
      delivered: Math.min(part(delivered), round(width - lost)),
      bouncedX: round(width - lost),
      bounced: lost,
    };
  });
}
