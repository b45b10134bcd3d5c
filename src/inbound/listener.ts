// Takes replies and bounces by LMTP or SMTP from the mail server in front.
import { type Listening, listenForMail } from '../mail-listener.ts';
import { refusalOf, type Taking, takeMail } from './actions.ts';

/** A reply with its files, as mail encodes them, and the whole conversation below. */
const MOST_BYTES = 10 * 1024 * 1024;

/** Listens until it is stopped. Throws where it cannot. */
export const listenForReplies = (
  taking: Taking,
  where: { readonly lmtp: boolean; readonly host: string; readonly port: number },
): Promise<Listening> =>
  listenForMail({
    ...where,
    banner: 'replies',
    mostBytes: MOST_BYTES,
    log: taking.log,
    refuse: (address) => refusalOf(taking, address),
    take: (mail) => takeMail(taking, mail),
  });
