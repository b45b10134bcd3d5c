// Which mailbox provider takes a recipient's mail, by the policy's table. Pure.
import type { Policy } from '../../policy/document/policy.ts';
import { suffixesOf } from './record.ts';

/** Finds a recipient's mailbox provider. */
export class ProviderTable {
  readonly #domains = new Map<string, string>();
  readonly #mx = new Map<string, string>();

  constructor(policy: Policy) {
    for (const { key, domains, mx } of policy.providers.value) {
      for (const domain of domains) this.#domains.set(domain, key);
      for (const name of mx) this.#mx.set(name, key);
    }
  }

  /** The provider's key: by the recipient's domain, else by the name of the server that takes its mail, else `other`. */
  of(domain: string, mx: string | null): string {
    const known = this.#domains.get(domain);
    if (known !== undefined || mx === null) return known ?? 'other';
    const name = mx.toLowerCase().replace(/\.$/, '');
    for (const one of suffixesOf(name)) {
      const provider = this.#mx.get(one);
      if (provider !== undefined) return provider;
    }
    return 'other';
  }

  /** The provider that reports from this domain, or from one below its own. */
  ofReporter(domain: string): string {
    for (const one of suffixesOf(domain.toLowerCase())) {
      const provider = this.#domains.get(one) ?? this.#mx.get(one);
      if (provider !== undefined) return provider;
    }
    return 'other';
  }
}
