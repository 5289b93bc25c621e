import { escapeText, short } from './markup.ts';

/** A picture of fixed inner size with room for ticks at the left and below. Colours come from the page's style. */
export interface PlotFrame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export const FRAME: PlotFrame = { width: 420, height: 280, left: 52, right: 10, top: 10, bottom: 36 };

export interface Scale {
  (value: number): number;
  readonly domain: readonly [number, number];
}

export function scale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const span = domain[1] - domain[0] || 1;
  const map = (value: number): number => range[0] + ((value - domain[0]) / span) * (range[1] - range[0]);
  return Object.assign(map, { domain });
}

export const horizontal = (domain: readonly [number, number], frame: PlotFrame = FRAME): Scale =>
  scale(domain, [frame.left, frame.width - frame.right]);
export const vertical = (domain: readonly [number, number], frame: PlotFrame = FRAME): Scale =>
  scale(domain, [frame.height - frame.bottom, frame.top]);

/** About `count` round numbers inside the domain. */
function ticks([low, high]: readonly [number, number], count = 5): number[] {
  const rough = (high - low) / count;
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10]
    .map((factor) => factor * power)
    .find((candidate) => candidate >= rough * 0.999)!;
  const first = Math.ceil(low / step - 1e-9);
  const found: number[] = [];
  for (let index = first; index * step <= high + step * 1e-9; index++)
    found.push(Number((index * step).toPrecision(12)));
  return found;
}

export interface AxisLabels {
  readonly x: string;
  readonly y: string;
}

/** Grid, tick labels and axis titles. */
export function axes(x: Scale, y: Scale, labels: AxisLabels, frame: PlotFrame = FRAME): string {
  const right = frame.width - frame.right;
  const base = frame.height - frame.bottom;
  const acrossTicks = ticks(x.domain)
    .map(
      (value) =>
        `<line class="grid" x1="${short(x(value))}" x2="${short(x(value))}" y1="${frame.top}" y2="${base}"/><text class="tick" x="${short(x(value))}" y="${base + 14}" text-anchor="middle">${short(value, 4)}</text>`,
    )
    .join('');
  const upTicks = ticks(y.domain)
    .map(
      (value) =>
        `<line class="grid" x1="${frame.left}" x2="${right}" y1="${short(y(value))}" y2="${short(y(value))}"/><text class="tick" x="${frame.left - 6}" y="${short(y(value) + 3.5)}" text-anchor="end">${short(value, 4)}</text>`,
    )
    .join('');
  const middle = (frame.top + base) / 2;
  return `${acrossTicks}${upTicks}<text class="label" x="${(frame.left + right) / 2}" y="${frame.height - 5}" text-anchor="middle">${escapeText(labels.x)}</text><text class="label" transform="translate(11 ${middle}) rotate(-90)" text-anchor="middle">${escapeText(labels.y)}</text>`;
}

export function polyline(points: readonly (readonly [number, number])[], className: string): string {
  const path = points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${short(x)} ${short(y)}`).join('');
  return `<path class="${className}" d="${path}"/>`;
}

export interface LegendItem {
  readonly className: string;
  readonly text: string;
}

/** Names beside line samples, so that colour is never alone. */
export function legend(items: readonly LegendItem[], x: number, y: number): string {
  return items
    .map(
      (item, index) =>
        `<line class="${item.className}" x1="${x}" x2="${x + 18}" y1="${y + index * 16}" y2="${y + index * 16}"/><text class="key" x="${x + 24}" y="${y + 4 + index * 16}">${escapeText(item.text)}</text>`,
    )
    .join('');
}

/** The picture itself, with its sentence for people who do not see it. */
export function picture(
  title: string,
  description: string,
  content: string,
  frame: Pick<PlotFrame, 'width' | 'height'> = FRAME,
): string {
  return `<svg viewBox="0 0 ${frame.width} ${frame.height}" role="img"><title>${escapeText(title)}</title><desc>${escapeText(description)}</desc>${content}</svg>`;
}
