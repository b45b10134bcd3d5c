/** The port number that an option of a command gives. Throws where it is not one. */
export function portOf(written: string): number {
  if (!/^[0-9]{1,5}$/.test(written) || Number(written) > 65_535)
    throw new Error(`${written} is not a port number (0 to 65535).`);
  return Number(written);
}
