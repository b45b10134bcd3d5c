const formats = new Map<string, Intl.NumberFormat>();

/** Integer cents of a currency as text: '$50', '$12.50', '$1,250'. */
export function formatMoney(cents: number, currency: string): string {
  const format =
    formats.get(currency) ??
    new Intl.NumberFormat('en-US', { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' });
  formats.set(currency, format);
  return format.format(cents / 100);
}
