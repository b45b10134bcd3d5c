// What is asked of the router about a message, and what it decides. Pure.
import type { RouteAnswer } from './route.ts';
import { type MessageStream, type Sender, usualStream } from './sending-domain.ts';

export type Question = {
  readonly sender: Sender;
  /** What names the message, the same each time it is asked about. */
  readonly message: string;
  readonly stream: MessageStream;
  /** Addresses of its recipients, as far as they are named here, each once and in lower case. */
  readonly recipients: readonly string[];
  /** All of its recipients, those counted before included; null: those named are further ones, or the same again. */
  readonly count: number | null;
};

/** `moved`: a warming IP was answered for this message before, and now it goes over the fallback after all. */
export type RouteDecision = RouteAnswer & { readonly isFallback: boolean; readonly moved: boolean };

/** A message of one domain is never mistaken for that of another. */
export const keyOf = (sender: Sender, message: string): string => `${sender.id} ${message}`;

/** The kind of a message by what a mail server says of it, else by what its domain is used for. */
export const streamOf = (said: string | undefined, sender: Sender): MessageStream =>
  said === 'marketing' || said === 'transactional' ? said : usualStream(sender);
