/** Charts as one PNG image. Titles and legends are text on the page, so they are drawn here beside the canvases. */
import type { ChartStyle } from '../lib/theme';

/** A chart as read from the page. */
export interface ChartImageSource {
  readonly title: string;
  /** Labels of the lines, and their colors as resolved CSS values. */
  readonly legend: readonly { readonly label: string; readonly color: string }[];
  readonly canvas: HTMLCanvasElement;
}

/** Margins, height of the heading and height of a chart's title, px. */
const SPACE = 12;
const HEAD = 44;
const TITLE = 28;

/** Reads a chart from its element; null if it has no canvas. */
export function chartImageSource(chart: Element | null): ChartImageSource | null {
  const canvas = chart?.querySelector<HTMLCanvasElement>('.plot canvas') ?? null;
  if (chart === null || canvas === null) return null;
  const legend = [...chart.querySelectorAll('.legend li[data-series]')].map((item) => {
    const swatch = item.querySelector('.swatch');
    // The reference line has none; it is drawn in the color of the text.
    return { label: item.querySelector('.legend-label')?.textContent ?? '', color: getComputedStyle(swatch ?? item)[swatch === null ? 'color' : 'backgroundColor'] };
  });
  return { title: chart.querySelector('figcaption :is(h2, h3)')?.textContent ?? '', legend, canvas };
}

/** Reads all charts under an element, except those without a canvas. */
export function chartsUnder(root: ParentNode): readonly ChartImageSource[] {
  return [...root.querySelectorAll('.chart')].flatMap((chart) => chartImageSource(chart) ?? []);
}

function drawLegend(context: CanvasRenderingContext2D, chart: ChartImageSource, x: number, y: number, right: number, style: ChartStyle): void {
  let left = x;
  for (const { label, color } of chart.legend) {
    const width = 14 + context.measureText(label).width + SPACE;
    if (left + width > right) return;
    context.fillStyle = color;
    context.fillRect(left, y - 8, 8, 8);
    context.fillStyle = style.muted;
    context.fillText(label, left + 14, y);
    left += width;
  }
}

/** Draws charts below each other under a heading with a note. Returns a PNG as base64; null if there are no charts. */
export function paintCharts(charts: readonly ChartImageSource[], heading: string, note: string, style: ChartStyle): string | null {
  if (charts.length === 0) return null;
  const scale = devicePixelRatio;
  const width = Math.max(...charts.map(({ canvas }) => canvas.width / scale)) + 2 * SPACE;
  const height = HEAD + charts.reduce((sum, { canvas }) => sum + TITLE + canvas.height / scale + SPACE, 0);
  const image = document.createElement('canvas');
  image.width = Math.ceil(width * scale);
  image.height = Math.ceil(height * scale);
  const context = image.getContext('2d');
  if (context === null) return null;
  context.scale(scale, scale);
  context.fillStyle = style.ground;
  context.fillRect(0, 0, width, height);
  context.fillStyle = style.text;
  context.font = `600 15px ${style.font}`;
  context.fillText(heading, SPACE, 22);
  const after = SPACE + context.measureText(heading).width + SPACE;
  context.font = `12px ${style.font}`;
  context.fillStyle = style.muted;
  context.fillText(note, after, 22);
  let y = HEAD;
  for (const chart of charts) {
    context.fillStyle = style.text;
    context.font = `600 13px ${style.font}`;
    context.fillText(chart.title, SPACE, y + 14);
    const end = SPACE + context.measureText(chart.title).width + 2 * SPACE;
    context.font = `12px ${style.font}`;
    drawLegend(context, chart, end, y + 14, width - SPACE, style);
    context.drawImage(chart.canvas, SPACE, y + TITLE, chart.canvas.width / scale, chart.canvas.height / scale);
    y += TITLE + chart.canvas.height / scale + SPACE;
  }
  return image.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}
