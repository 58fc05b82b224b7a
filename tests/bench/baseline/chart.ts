/** The smallest live chart: one line over five minutes, one more point each second, nothing else. */
import { LineChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { recordFirstPaint } from './first-paint';

const WINDOW_SECONDS = 300;

use([LineChart, GridComponent, CanvasRenderer]);
const element = document.querySelector<HTMLElement>('#chart');
if (element === null) throw new Error('the page has no element for a chart');
const chart = init(element);
const toValue = (second: number): number => 50 + 40 * Math.sin(second / 10);
let points = Array.from({ length: WINDOW_SECONDS }, (_, second) => [second, toValue(second)]);
chart.setOption({
  animation: false,
  xAxis: { type: 'value', min: 'dataMin', max: 'dataMax' },
  yAxis: { type: 'value', min: 0, max: 100 },
  series: [{ type: 'line', showSymbol: false, data: points }],
});
recordFirstPaint();
setInterval(() => {
  const next = (points.at(-1)?.[0] ?? 0) + 1;
  points = [...points.slice(1), [next, toValue(next)]];
  chart.setOption({ series: [{ data: points }] });
}, 1000);
