/** Pointer and keyboard input of a plot. */
import { useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { MIN_DRAG, timeAtX } from './plot-geometry';
import { zoomed } from '../lib/range';
import type { TimeWindow } from '../lib/range';
import type { CursorStore } from './chart-cursor';

/** The plot's window and cursor, and the callbacks of its input. */
export interface PlotInput {
  readonly window: TimeWindow;
  readonly cursor: CursorStore;
  onZoom(window: TimeWindow): void;
  onLive(): void;
  /** Called with the time of a click, or of the crosshair on Enter. */
  onPick(time: number): void;
}

interface Drag {
  readonly startX: number;
  readonly from: number;
  readonly to: number;
}

/** Event handlers of a plot and the range being dragged over, if any. `+` and `-` zoom around the crosshair, Enter picks its time. */
export function usePlotInput({ window, cursor, onZoom, onLive, onPick }: PlotInput) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const positionOf = (event: PointerEvent<HTMLElement>): { x: number; time: number } => {
    const box = event.currentTarget.getBoundingClientRect();
    const x = event.clientX - box.left;
    return { x, time: timeAtX(x, box.width, window) };
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const at = cursor.getState().time ?? window.to;
    if (event.key === '+' || event.key === '=') onZoom(zoomed(window, at, 0.5));
    else if (event.key === '-') onZoom(zoomed(window, at, 2));
    else if (event.key === 'Enter') onPick(at);
    else return;
    event.preventDefault();
  };
  return {
    drag: drag === null ? null : { from: Math.min(drag.from, drag.to), to: Math.max(drag.from, drag.to) },
    handlers: {
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        const { time } = positionOf(event);
        cursor.setState({ time });
        if (drag !== null) setDrag({ ...drag, to: time });
      },
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const { x, time } = positionOf(event);
        setDrag({ startX: x, from: time, to: time });
      },
      onPointerUp: (event: PointerEvent<HTMLElement>) => {
        const { x, time } = positionOf(event);
        setDrag(null);
        if (drag === null) return;
        if (Math.abs(x - drag.startX) >= MIN_DRAG) onZoom({ from: drag.from, to: time });
        else onPick(time);
      },
      onPointerCancel: () => setDrag(null),
      onPointerLeave: () => {
        if (drag === null) cursor.setState({ time: null });
      },
      onDoubleClick: onLive,
    },
    onKeyDown,
  };
}
