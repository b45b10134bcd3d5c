// Which Node has no holes that are known and fixed: Node's security releases of 21 October 2026 (CVE-2026-111497 among
// them, a write out of bounds in the decoder of Brotli). To be raised with each later one.

/** The first release of each line that has the fixes; other lines up to the last of these get none. */
const FIXED: readonly (readonly [major: number, minor: number, patch: number])[] = [
  [24, 22, 1],
  [26, 12, 1],
];

/** The sound versions, for people. */
export const SOUND_NODES = FIXED.map((fixed, index) =>
  index === FIXED.length - 1 ? `${fixed.join('.')} or later` : `${fixed.join('.')} or later of ${fixed[0]}`,
).join(', or ');

/** True where `version`, like 24.22.1, has the fixes or is of a newer line than we know. */
export function isSoundNode(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const line = FIXED.find((fixed) => fixed[0] === major);
  if (!line) return FIXED.every((fixed) => fixed[0] < major);
  return minor > line[1] || (minor === line[1] && patch >= line[2]);
}
