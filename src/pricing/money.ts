/** Integer cents of a currency as text: '$50', '$12.50', '$1,250'. */
export const formatMoney = (cents: number, currency: string): string =>
  (cents / 100).toLocaleString('en-US', {
    style: 'currency',
    currency,
    minimumFractionDigits: cents % 100 === 0 ? 0 : 2,
    maximumFractionDigits: 2,
  });
