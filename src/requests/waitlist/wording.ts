// A place on the waitlist, as its customer reads it. Pure.
import { counted, inWords, ordinal } from '../../wording.ts';
import type { Position } from './serve-order.ts';

/** `keptFrom`: the day from which on what comes free is kept, as it is written; null: it is kept already. */
export function positionInWords(position: Position, region: string, keptFrom: string | null): string[] {
  const { place, of, needs, free, kept } = position;
  const said = [
    place === 1
      ? `You have waited longest for IPs in ${region}${of > 1 ? ` of ${inWords(of)} who wait` : ''}.`
      : `You are the ${ordinal(place)} of ${inWords(of)} who wait for IPs in ${region}.`,
  ];
  const are = free === 1 ? 'is' : 'are';
  if (needs === 1) said.push('You need one, and get it when those before you are served.');
  else {
    const isFree = free === 0 ? 'none is free now' : `${inWords(free)} ${are} free now`;
    said.push(`You need ${counted(needs, 'IP')} at once; ${isFree}.`);
    if (kept > 0) said.push(`${kept === 1 ? 'That one is' : 'They are'} kept for you until there are enough.`);
    else if (keptFrom !== null)
      said.push(
        `Until ${keptFrom} requests that need fewer may be served before yours; from then on what comes free is kept for you.`,
      );
    else said.push('What comes free is kept for those who have waited that long, in their order.');
  }
  return said;
}
