/** A piece of a YAML line with the role that decides its colour. */
export interface YamlToken {
  readonly role: 'key' | 'string' | 'number' | 'word' | 'comment' | 'mark' | 'plain';
  readonly text: string;
}

const PIECES =
  /(?<comment>(?:^|(?<=\s))#.*$)|(?<string>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')|(?<key>[A-Za-z_][\w.-]*(?=:(?:\s|$)))|(?<mark>^---$|[-:{}[\],](?=\s|$|[\]},])|[{}[\],])|(?<number>(?<![\w.])-?\d+(?:\.\d+)?(?![\w.]))|(?<word>(?<![\w.])(?:true|false|null)(?![\w.]))/gu;

/** Cuts one line into coloured pieces; joined again they are the line. Enough for definitions, not a parser. */
export function yamlTokens(line: string): readonly YamlToken[] {
  const tokens: YamlToken[] = [];
  let end = 0;
  for (const match of line.matchAll(PIECES)) {
    if (match.index > end) tokens.push({ role: 'plain', text: line.slice(end, match.index) });
    const role = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)?.[0] ?? 'plain';
    tokens.push({ role: role as YamlToken['role'], text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < line.length) tokens.push({ role: 'plain', text: line.slice(end) });
  return tokens;
}
