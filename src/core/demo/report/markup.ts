/** Text as it may stand in HTML or SVG, in content and in quoted attributes. */
export const escapeText = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

/** At most `digits` decimals, with no trailing zeros: coordinates need no more. */
export const short = (value: number, digits = 1): string => String(Number(value.toFixed(digits)));

export const percent = (share: number, digits = 1): string => `${(share * 100).toFixed(digits)} %`;

/** Milliseconds for people: `840 ms`, `12.3 s`, `2 min 5 s`. */
export function duration(millis: number): string {
  if (millis < 1000) return `${Math.round(millis)} ms`;
  const seconds = millis / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** Thousands apart by a thin space, as in tables of figures. */
export const grouped = (value: number): string =>
  String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, '\u2009');

/** Three digits that count, without an exponent where that is readable. */
export const significant = (value: number): string =>
  Math.abs(value) >= 100 ? grouped(value) : value.toPrecision(3);

export interface TableColumn {
  readonly title: string;
  readonly numeric?: boolean;
}

/** A table whose cells are HTML already. */
export function table(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  const kind = (index: number): string => (columns[index]?.numeric ? ' class="n"' : '');
  const head = columns
    .map((column, index) => `<th scope="col"${kind(index)}>${escapeText(column.title)}</th>`)
    .join('');
  const body = rows
    .map(
      (cells) =>
        `<tr>${cells.map((cell, index) => (index === 0 ? `<th scope="row">${cell}</th>` : `<td${kind(index)}>${cell}</td>`)).join('')}</tr>`,
    )
    .join('');
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}
