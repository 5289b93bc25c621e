/** A text as one word of a command line that a person copies. */
export function shellWord(text: string, platform: NodeJS.Platform = process.platform): string {
  if (/^[\p{L}\p{N}_./:@%+=,\\-]+$/u.test(text) && (platform === 'win32' || !text.includes('\\')))
    return text;
  return platform === 'win32' ? `"${text}"` : `'${text.replaceAll("'", `'\\''`)}'`;
}
