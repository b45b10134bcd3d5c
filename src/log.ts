import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;

/** The log: one JSON line per event on standard output. Secrets are left out by name, wherever they appear. */
export function createLog(level: string, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    // PostgreSQL tells in `detail` the whole row that it refused.
    redact: ['password', 'token', 'cookie', '*.password', '*.token', '*.cookie', 'req.headers', 'err.detail'],
  };
  return destination ? pino(options, destination) : pino(options);
}
