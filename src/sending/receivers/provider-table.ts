// Which mailbox provider takes a recipient's mail, by the policy's table. Pure.
import type { Policy } from '../../policy/document/policy.ts';
import { suffixesOf } from '../logs/record.ts';
import type { Receivers } from './memory.ts';

/** Finds a recipient's mailbox provider. `receivers`: what is known of domains that the table does not list. */
export class ProviderTable {
  readonly #domains = new Map<string, string>();
  readonly #mx = new Map<string, string>();
  readonly #receivers: Receivers | null;

  constructor({ providers }: Pick<Policy, 'providers'>, receivers: Receivers | null = null) {
    this.#receivers = receivers;
    for (const { key, domains, mx } of providers.value) {
      for (const domain of domains) this.#domains.set(domain, key);
      for (const name of mx) this.#mx.set(name, key);
    }
  }

  /**
   * The provider's key: by the recipient's domain, else by the name of the server that takes its mail, else `other`. Where that
   * is not said (`mx` null) it is what was looked up; a domain that was not is noted to be looked up later.
   */
  of(domain: string, mx: string | null): string {
    const known = this.#domains.get(domain);
    if (known !== undefined) return known;
    const name = mx ?? this.#receivers?.mxOf(domain) ?? null;
    if (name === null) return 'other';
    return this.#at(this.#mx, name.toLowerCase().replace(/\.$/, '')) ?? 'other';
  }

  /** The provider that reports from this domain, or from one below its own. */
  ofReporter(domain: string): string {
    for (const one of suffixesOf(domain.toLowerCase())) {
      const provider = this.#domains.get(one) ?? this.#mx.get(one);
      if (provider !== undefined) return provider;
    }
    return 'other';
  }

  /** What is listed under a name, or under the nearest one above it. */
  #at(names: ReadonlyMap<string, string>, name: string): string | undefined {
    for (let rest = name, dot = 0; dot >= 0; rest = rest.slice(dot + 1)) {
      const found = names.get(rest);
      if (found !== undefined) return found;
      dot = rest.indexOf('.');
    }
    return undefined;
  }
}
