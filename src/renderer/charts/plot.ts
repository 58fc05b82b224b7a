/** The chart library with only the parts in use: lines on a grid, on a canvas. Loaded with the first page that has a chart. */
import { LineChart } from 'echarts/charts';
import type { LineSeriesOption } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import type { GridComponentOption } from 'echarts/components';
import { init, use } from 'echarts/core';
import type { ComposeOption, EChartsType } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

/** Option of the library, limited to the parts in use. */
export type PlotOption = ComposeOption<LineSeriesOption | GridComponentOption>;
/** One series of an option. */
export type PlotLine = LineSeriesOption;

/** A drawn chart. */
export interface Plot {
  draw(option: PlotOption): void;
  resize(): void;
  dispose(): void;
}

let registered = false;

/** Creates an empty chart in an element. */
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
