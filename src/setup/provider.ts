// The provider as its customers see it: name, colour and logo, and what they publish in DNS. Pure.
import type { RecordSetting } from '../domains/records/setting.ts';

/** What an administrator sets. `colour`: `#rrggbb`; null: Warmdesk's own. */
export type ProviderSetting = { readonly name: string; readonly colour: string | null };

export type Logo = { readonly type: string; readonly bytes: Buffer; readonly version: string };

/** What pages and mails show. */
export type Provider = ProviderSetting & {
  readonly logo: Logo | null;
  /** What its customers publish in DNS. */
  readonly records: RecordSetting;
};

type Rgb = readonly [number, number, number];

const WHITE: Rgb = [255, 255, 255];
const LIGHT_GROUND: Rgb = [250, 249, 247];
const DARK_GROUND: Rgb = [39, 37, 35];
/** WCAG 2.2 AA for text. */
const ENOUGH = 4.5;

const parse = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
const toHex = (colour: Rgb): string =>
  `#${colour.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: Rgb, other: Rgb): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const mix = (colour: Rgb, into: Rgb, share: number): Rgb =>
  colour.map((part, index) => part + ((into[index] ?? 0) - part) * share) as unknown as Rgb;

/** The colour, moved towards `into` until it can be read on (or under) `beside`. */
function readable(colour: Rgb, into: Rgb, beside: Rgb): Rgb {
  for (let share = 0; share < 1; share += 0.02) {
    const moved = mix(colour, into, share);
    if (contrast(moved, beside) >= ENOUGH + 0.1) return moved;
  }
  return into;
}

/**
 * A stylesheet that puts a provider's colour in place of Warmdesk's accent, in both themes. Where white text on it, or
 * it as text on our grounds, could not be read, it is made darker or lighter until it can (WCAG 2.2 AA).
 */
export function colourSheet(hex: string): string {
  const own = parse(hex);
  const black: Rgb = [0, 0, 0];
  const fill = readable(own, black, WHITE);
  const light = readable(own, black, LIGHT_GROUND);
  const dark = readable(own, WHITE, DARK_GROUND);
  const pair = (a: Rgb, b: Rgb): string => `light-dark(${toHex(a)}, ${toHex(b)})`;
  return `:root {
  --accent: ${pair(fill, fill)};
  --accent-hover: ${pair(mix(fill, black, 0.15), mix(fill, black, 0.15))};
  --accent-ink: ${pair(light, dark)};
  --accent-soft: ${pair(mix(own, WHITE, 0.9), mix(own, DARK_GROUND, 0.8))};
}
`;
}

/** The colour of a button in mails, under white text. */
export const mailColour = (hex: string | null): string =>
  hex === null ? '#1f5fd6' : toHex(readable(parse(hex), [0, 0, 0], WHITE));

const SIGNATURES: readonly (readonly [type: string, begins: readonly number[], at: number])[] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], 0],
  ['image/jpeg', [0xff, 0xd8, 0xff], 0],
  ['image/gif', [0x47, 0x49, 0x46, 0x38], 0],
  ['image/webp', [0x57, 0x45, 0x42, 0x50], 8],
];

/** What kind of picture this is, by how it begins; undefined for anything but PNG, JPEG, GIF and WebP. */
export const pictureType = (bytes: Buffer): string | undefined =>
  SIGNATURES.find(([, begins, at]) => begins.every((byte, index) => bytes[at + index] === byte))?.[0];
