import { describe, expect, it } from 'vitest';
import { initialShellState, parseShellState, placeWindow } from './window-state.ts';

const screen = { x: 0, y: 0, width: 1920, height: 1040 };
const fresh = initialShellState('en');

describe('the remembered window', () => {
  it('opens where it was', () => {
    const bounds = { x: 100, y: 60, width: 1200, height: 800 };
    expect(placeWindow(bounds, [screen])).toEqual(bounds);
  });

  it('keeps its size but not its place when its display is gone', () => {
    expect(placeWindow({ x: 4000, y: 10, width: 1200, height: 800 }, [screen])).toEqual({
      width: 1200,
      height: 800,
    });
  });

  it('never hides its title bar above or below a display', () => {
    expect(placeWindow({ x: 0, y: -500, width: 1200, height: 800 }, [screen])).not.toHaveProperty('y');
    expect(placeWindow({ x: 0, y: 1030, width: 1200, height: 800 }, [screen])).not.toHaveProperty('y');
  });

  it('fits a small display the first time', () => {
    expect(placeWindow(null, [{ x: 0, y: 0, width: 1024, height: 700 }])).toEqual({
      width: 1024,
      height: 700,
    });
  });

  it('is read back as it was written', () => {
    const state = {
      bounds: { x: 1, y: 2, width: 900, height: 700 },
      maximized: true,
      language: 'ar',
      theme: 'dark',
    } as const;
    expect(parseShellState(JSON.stringify(state), fresh)).toEqual(state);
  });

  it.each([null, '', '{"bounds":', '[]', '{"bounds":{"x":"1"},"maximized":1}'])('forgets %j', (text) => {
    expect(parseShellState(text, fresh)).toEqual(fresh);
  });
});
