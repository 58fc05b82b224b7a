/** Checks the pixels of a chart. */
import type { Page } from '@playwright/test';
import { PLOT_MARGIN } from '../../../src/renderer/charts/plot-geometry';

/** Epoch ms at the left and right edge of the plot. */
export interface TimeWindow {
  from: number;
  to: number;
}

/** True when the first chart of the page has its line at a time: a pixel of the line's color in that column. */
export async function columnsDrawn(page: Page, window: TimeWindow, time: number): Promise<boolean> {
  const share = (time - window.from) / (window.to - window.from);
  return page.evaluate(
    ({ share, margin }) => {
      const canvas = document.querySelector<HTMLCanvasElement>('.plot canvas');
      const context = canvas?.getContext('2d');
      if (!canvas || !context) return false;
      const scale = canvas.width / canvas.clientWidth;
      const x = Math.round((margin.left + share * (canvas.clientWidth - margin.left - margin.right)) * scale);
      const top = Math.round(margin.top * scale);
      const { data } = context.getImageData(x, top, 1, canvas.height - top - Math.round(margin.bottom * scale));
      // Grid and text are gray; only a line of the chart has a color.
      for (let at = 0; at < data.length; at += 4) {
        const [red = 0, green = 0, blue = 0, alpha = 0] = data.subarray(at, at + 4);
        if (alpha > 120 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60) return true;
      }
      return false;
    },
    { share, margin: PLOT_MARGIN },
  );
}
