// Making a NumberFormat takes far longer than using it, so each currency's is kept.
const formats = new Map<string, Intl.NumberFormat>();

/** Integer cents of a currency as text: '$50', '$12.50', '$1,250'. */
export function formatMoney(cents: number, currency: string): string {
  let format = formats.get(currency);
  if (!format) {
    format = new Intl.NumberFormat('en-US', { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' });
    formats.set(currency, format);
  }
  return format.format(cents / 100);
}
