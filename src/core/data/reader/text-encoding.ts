import chardet from 'chardet';

const LINE_FEED = 10;
const ENOUGH_BYTES = 65_536;
/** From this on, what the detector says is worth telling. */
const SURE = 50;

/** Code pages of other Latin alphabets: where they agree with Latin-1 on a text, it does not matter which it is. */
const NEIGHBOURS = ['iso-8859-2', 'windows-1254', 'windows-1257'];

/** What text that is not UTF-8 seems to be: Latin-1, the name of another encoding, or null when nothing can be told. */
export function detectEncoding(bytes: Buffer): string | null {
  const sample = linesBeyondAscii(bytes);
  const matches = chardet.analyse(sample).filter((match) => match.confidence > 0);
  const best = matches[0]?.confidence ?? 0;
  const western = matches.find((match) => match.name === 'ISO-8859-1' || match.name === 'windows-1252');
  // Few letters make all European code pages look alike; the usual one is then taken before its rarer neighbours.
  const likely = western !== undefined && western.confidence * 2 >= best;
  if (isWesternText(sample) && (likely || isSameInNeighbours(sample))) return 'latin-1';
  return best >= SURE ? matches[0]!.name : null;
}

const isSameInNeighbours = (sample: Buffer): boolean => {
  const text = sample.toString('latin1');
  return NEIGHBOURS.every((name) => new TextDecoder(name).decode(sample) === text);
};

/** The detector counts pairs of letters: lines of plain ASCII only dilute them. */
function linesBeyondAscii(bytes: Buffer): Buffer {
  const lines: Buffer[] = [];
  let length = 0;
  for (let at = 0; at < bytes.length && length < ENOUGH_BYTES; ) {
    const end = bytes.indexOf(LINE_FEED, at);
    const line = bytes.subarray(at, end === -1 ? bytes.length : end + 1);
    if (line.some((byte) => byte >= 0x80)) {
      lines.push(line);
      length += line.length;
    }
    at += line.length;
  }
  return Buffer.concat(lines);
}

/** Accents stand among plain letters; in scripts of their own, such as Arabic in its code page, no letter is plain. */
function isWesternText(sample: Buffer): boolean {
  let beyond = 0;
  let amongPlain = 0;
  for (let at = 0; at < sample.length; at++) {
    const byte = sample[at]!;
    if (byte < 0x80) continue;
    // Letters and signs in the Windows code pages, nothing in Latin-1.
    if (byte <= 0x9f) return false;
    beyond++;
    if (isPlainLetter(sample[at - 1]) || isPlainLetter(sample[at + 1])) amongPlain++;
  }
  return amongPlain * 4 >= beyond * 3;
}

const isPlainLetter = (byte: number | undefined): boolean =>
  byte !== undefined && ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a));
