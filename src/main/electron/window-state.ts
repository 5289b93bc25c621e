import * as z from 'zod/mini';

/** What the shell remembers between starts. Nothing of the workspace. */
export const shellStateSchema = z.object({
  bounds: z.nullable(z.object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() })),
  maximized: z.boolean(),
  language: z.enum(['en', 'ar']),
  theme: z.enum(['light', 'dark', 'system']),
});

export type ShellState = z.infer<typeof shellStateSchema>;

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** In device-independent pixels. */
export const MINIMUM_SIZE = { width: 800, height: 560 } as const;
const PREFERRED_SIZE = { width: 1440, height: 900 } as const;
/** A window is in reach when this much of its title bar lies on some display. */
const REACHABLE_PIXELS = 80;

export const initialShellState = (language: 'en' | 'ar'): ShellState => ({
  bounds: null,
  maximized: false,
  language,
  theme: 'system',
});

/** Reads the remembered state; anything unreadable is forgotten, field by field is not worth the trouble. */
export function parseShellState(text: string | null, fallback: ShellState): ShellState {
  if (text === null) return fallback;
  try {
    const parsed = shellStateSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : fallback;
  } catch {
    return fallback; // half a file: a crash while writing
  }
}

/** Where to open the window: where it was, unless that place is no longer on a display. */
export function placeWindow(
  remembered: Rectangle | null,
  workAreas: readonly Rectangle[],
): Partial<Rectangle> {
  const main = workAreas[0];
  const within = (wanted: number, available: number | undefined): number =>
    Math.min(wanted, available ?? wanted);
  if (remembered === null || !workAreas.some((area) => isReachable(remembered, area))) {
    const size = remembered ?? PREFERRED_SIZE;
    return { width: within(size.width, main?.width), height: within(size.height, main?.height) };
  }
  return {
    x: remembered.x,
    y: remembered.y,
    width: Math.max(MINIMUM_SIZE.width, remembered.width),
    height: Math.max(MINIMUM_SIZE.height, remembered.height),
  };
}

function isReachable(window: Rectangle, area: Rectangle): boolean {
  const shared = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  return (
    shared >= REACHABLE_PIXELS && window.y >= area.y && window.y <= area.y + area.height - REACHABLE_PIXELS
  );
}
