declare module 'autocannon' {
  import type { EventEmitter } from 'node:events';

  type Sent = { method?: 'GET' | 'POST'; path?: string; headers?: Record<string, string>; body?: string };
  type Options = {
    url: string;
    connections: number;
    duration?: number;
    amount?: number;
    timeout?: number;
    requests: readonly (Sent & {
      setupRequest?: (sent: Sent) => Sent;
      onResponse?: (status: number, body: string) => void;
    })[];
  };
  type Run = EventEmitter & PromiseLike<{ errors: number; timeouts: number }>;
  export default function autocannon(options: Options): Run;
}
