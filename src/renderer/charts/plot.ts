/** The chart library, only what is drawn: lines on a grid, on a canvas. Loaded with the first detail page. */
import { LineChart } from 'echarts/charts';
import type { LineSeriesOption } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import type { GridComponentOption } from 'echarts/components';
import { init, use } from 'echarts/core';
import type { ComposeOption, EChartsType } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

/** An option of the parts in use. */
export type PlotOption = ComposeOption<LineSeriesOption | GridComponentOption>;
/** A line of an option. */
export type PlotLine = LineSeriesOption;

/** A drawn chart. */
export interface Plot {
  draw(option: PlotOption): void;
  resize(): void;
  dispose(): void;
}

let registered = false;

/** Puts an empty chart into an element. */
export function createPlot(element: HTMLElement): Plot {
  if (!registered) use([LineChart, GridComponent, CanvasRenderer]);
  registered = true;
  const chart: EChartsType = init(element, null, { renderer: 'canvas' });
  return {
    draw: (option) => chart.setOption(option, { replaceMerge: ['series'], silent: true }),
    resize: () => chart.resize(),
    dispose: () => chart.dispose(),
  };
}
