// The head of a line of a system log, in the forms in which syslog daemons and journald write it. Pure.

const SPACE = 32;
const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** The parts of one line. It is reused for the next line, so that reading a line makes no objects. */
export class SyslogLine {
  line = '';
  /** Where the time ends; its beginning. */
  timeFrom = 0;
  timeTo = 0;
  host = '';
  /** `postfix/ip-192-0-2-1` of `postfix/ip-192-0-2-1/smtp[2217]:`; '' where the program has no such tag. */
  tag = '';
  program = '';
  /** Where the message begins. */
  textAt = 0;

  get time(): string {
    return this.line.slice(this.timeFrom, this.timeTo);
  }

  /** Takes a line apart. False where it is not a line of a system log. */
  read(line: string): boolean {
    this.line = line;
    this.tag = '';
    this.program = '';
    let at = 0;
    if (line.charCodeAt(0) === 60) {
      at = line.indexOf('>') + 1;
      if (at < 3 || at > 5) return false;
      if (line.startsWith('1 ', at)) return this.#readRfc5424(at + 2);
    }
    const timeTo = endOfTime(line, at);
    if (timeTo < 0 || line.charCodeAt(timeTo) !== SPACE) return false;
    this.timeFrom = at;
    this.timeTo = timeTo;
    const hostTo = line.indexOf(' ', timeTo + 1);
    if (hostTo < 0) return false;
    // FreeBSD's syslogd -v writes the facility before the host.
    if (line.charCodeAt(timeTo + 1) === 60) return this.#readTag(line.indexOf(' ', hostTo + 1), hostTo + 1);
    return this.#readTag(hostTo, timeTo + 1);
  }

  #readTag(hostTo: number, hostFrom: number): boolean {
    const { line } = this;
    if (hostTo < 0) return false;
    this.host = line.slice(hostFrom, hostTo);
    const tagTo = line.indexOf('[', hostTo);
    const textAt = tagTo < 0 ? -1 : line.indexOf(']: ', tagTo);
    this.textAt = hostTo + 1;
    if (textAt < 0 || textAt - tagTo > 11 || textAt - tagTo < 2) return true;
    for (let at = tagTo + 1; at < textAt; at += 1) if (!isDigit(line.charCodeAt(at))) return true;
    const slash = line.lastIndexOf('/', tagTo);
    const space = line.lastIndexOf(' ', tagTo);
    if (space !== hostTo) return true;
    this.tag = slash > hostTo ? line.slice(hostTo + 1, slash) : '';
    this.program = line.slice(Math.max(slash, hostTo) + 1, tagTo);
    this.textAt = textAt + 3;
    this.#skipPrefix();
    return true;
  }

  /** Solaris writes `[ID 197553 mail.info]` before the message, some daemons its severity. */
  #skipPrefix(): void {
    const { line } = this;
    if (line.startsWith('[ID ', this.textAt)) {
      const end = line.indexOf('] ', this.textAt);
      if (end > 0) this.textAt = end + 2;
    }
    if (line.startsWith('info: ', this.textAt)) this.textAt += 6;
  }

  /** `TIME HOST APP PID MSGID [data] text`. */
  #readRfc5424(from: number): boolean {
    const { line } = this;
    const ends: number[] = [];
    for (let end = from - 1; ends.length < 5; ) {
      end = line.indexOf(' ', end + 1);
      if (end < 0) return false;
      ends.push(end);
    }
    const [timeTo = 0, hostTo = 0, appTo = 0, , messageIdTo = 0] = ends;
    this.timeFrom = from;
    this.timeTo = timeTo;
    this.host = line.slice(timeTo + 1, hostTo);
    const app = line.slice(hostTo + 1, appTo);
    this.tag = app.slice(0, Math.max(0, app.lastIndexOf('/')));
    this.program = app.slice(app.lastIndexOf('/') + 1);
    let at = messageIdTo + 1;
    if (line.charCodeAt(at) === 91) {
      const data = /(?:\[(?:[^\]\\]|\\.)*\])+ ?/y;
      data.lastIndex = at;
      at += data.exec(line)?.[0].length ?? 0;
    } else at += 2;
    this.textAt = line.charCodeAt(at) === 0xfeff ? at + 1 : at;
    this.#skipPrefix();
    return true;
  }
}

/** Where the time at the beginning of a line ends; −1 where it begins with none. */
function endOfTime(line: string, at: number): number {
  const first = line.charCodeAt(at);
  if (isDigit(first)) {
    // RFC 3339, journald's short-iso, or short-unix.
    const isDate = line.charCodeAt(at + 4) === 45 && line.charCodeAt(at + 10) === 84;
    return isDate || /^\d{9,11}\.\d+ /.test(line.slice(at, at + 20)) ? line.indexOf(' ', at) : -1;
  }
  if (line.charCodeAt(at + 3) !== SPACE || first < 65 || first > 90) return -1;
  // `Nov 28 01:00:00`, with fractions in journald's short-precise.
  if (line.charCodeAt(at + 6) === SPACE && line.charCodeAt(at + 9) === 58) return line.indexOf(' ', at + 7);
  // `Sat 2026-11-28 01:00:00 UTC`: journald's short-full.
  if (line.charCodeAt(at + 8) !== 45 || line.charCodeAt(at + 17) !== 58) return -1;
  return line.indexOf(' ', line.indexOf(' ', at + 15) + 1);
}
