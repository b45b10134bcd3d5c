// Codes of authenticator apps (RFC 6238): six digits, a new one every thirty seconds. Pure.
import { Secret, TOTP } from 'otpauth';
import encodeQR from 'qr';
import { seal, unseal } from './sealed.ts';

/** What every authenticator app can do; some take nothing else. */
const KIND = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
const SECRET_BYTES = 20;
/** A clock may be off by this many steps, in either direction. */
const STEPS_OFF = 1;

const totpOf = (secret: string, names: { issuer?: string; label?: string } = {}): TOTP =>
  new TOTP({ ...KIND, ...names, secret: Secret.fromBase32(secret) });

/** A new secret of 160 bits, as apps take it when it is typed (base32). */
export const newSecret = (): string => new Secret({ size: SECRET_BYTES }).base32;

/** The address that apps read from a QR code. */
export const appUri = (secret: string, issuer: string, label: string): string =>
  totpOf(secret, { issuer, label }).toString();

/** The time step whose code this is, at the instant `at` (UTC milliseconds); null: it is the code of none that counts now. */
export function stepOf(secret: string, code: string, at: number): number | null {
  const totp = totpOf(secret);
  const delta = totp.validate({ token: code, timestamp: at, window: STEPS_OFF });
  return delta === null ? null : totp.counter({ timestamp: at }) + delta;
}

/** A code as it is typed: six digits, with or without a gap. Undefined where it cannot be one. */
export function readCode(text: unknown): string | undefined {
  const plain = typeof text === 'string' ? text.replace(/[\s-]/g, '') : '';
  return /^[0-9]{6}$/.test(plain) ? plain : undefined;
}

/** A secret as it is stored for a person. */
export const sealSecret = (key: string, personId: number, secret: string): string =>
  seal(key, `totp:${personId}`, secret);
export const unsealSecret = (key: string, personId: number, sealed: string): string | null =>
  unseal(key, `totp:${personId}`, sealed);

/** A QR code as the path of an SVG, and how many modules each of its sides has, with the quiet zone. */
export function qrPath(text: string): { readonly size: number; readonly path: string } {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 4 });
  const dark = rows.flatMap((row, y) =>
    [
      ...row
        .map((isDark) => (isDark ? '#' : ' '))
        .join('')
        .matchAll(/#+/g),
    ].map(({ index, 0: run }) => `M${index} ${y}h${run.length}v1h-${run.length}z`),
  );
  return { size: rows.length, path: dark.join('') };
}
