// What can happen to the host name that a customer links to an IP (S-19).

type HostNameEvent = 'Asked' | 'Half' | 'Linked' | 'Lost' | 'Found' | 'Ended';

/** `name`: the host name. Half: the customer's record is there, the PTR record is not. */
export type HostNameFacts = Record<`allocation.name${HostNameEvent}`, { address: string; name: string }>;
