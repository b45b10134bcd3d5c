// The addresses of the stock by subnet, state and age, and how wide each is drawn. Pure.
import { type IpStatus, ipStatuses } from '../lifecycle.ts';
import { inOrder, subnetOf } from './subnet.ts';

/** How long ago an address last changed hands: under 30 days, under a year, longer. */
export const AGES = [30, 365] as const;

/**
 * Addresses of one state and age. `net`: an IPv4 address without its last number (`203.0.113.`), or a whole IPv6 address; `age`: how many
 * of the two limits it has passed.
 */
export type MapRow = {
  readonly net: string;
  readonly status: IpStatus;
  readonly age: number;
  readonly count: number;
};

/** One piece of a subnet's bar: `M12 4h30`, in addresses from the left. */
export type Piece = { readonly name: string; readonly path: string };

export type Subnet = {
  readonly subnet: string;
  readonly total: number;
  readonly states: Readonly<Record<IpStatus, number>>;
  /** How many of each age, the youngest first. */
  readonly ages: readonly number[];
  readonly pieces: readonly Piece[];
};

const WIDTH = 256;

/** Adds up what the map's query found, in the order of addresses. */
export function tally(rows: readonly MapRow[]): Subnet[] {
  const bySubnet = Map.groupBy(rows, ({ net }) => subnetOf(net.endsWith('.') ? `${net}0` : net));
  return inOrder(
    [...bySubnet].map(([subnet, own]) => subnetFrom(subnet, own)),
    ({ subnet }) => subnet,
  );
}

function subnetFrom(subnet: string, rows: readonly MapRow[]): Subnet {
  const sum = (of: readonly MapRow[]) => of.reduce((total, { count }) => total + count, 0);
  const total = sum(rows);
  const count = (status: IpStatus) => sum(rows.filter((row) => row.status === status));
  return {
    ...{ subnet, total },
    states: {
      free: count('free'),
      allocated: count('allocated'),
      quarantined: count('quarantined'),
      withdrawn: count('withdrawn'),
    },
    ages: [...AGES, 0].map((_, age) => sum(rows.filter((row) => row.age === age))),
    // What a /24 does not have of the stock is left blank; a /64 has no such whole.
    pieces: piecesOf(rows, subnet.endsWith('/24') ? 1 : WIDTH / total),
  };
}

/** State by state, in each the youngest first; one piece for each that there is. */
function piecesOf(rows: readonly MapRow[], scale: number): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const status of ipStatuses) {
    for (let age = 0; age <= AGES.length; age += 1) {
      const own = rows.filter((row) => row.status === status && row.age === age);
      const count = own.reduce((sum, one) => sum + one.count, 0);
      if (count === 0) continue;
      pieces.push({ name: `${status.charAt(0)}${age}`, path: `M${round(from * scale)} 4h${round(count * scale)}` });
      from += count;
    }
  }
  return pieces;
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** The words for an age. */
export const AGE_WORDS = ['under 30 days', '30 days to a year', 'over a year'] as const;
