/** Charts as one picture: titles and legends are text on the page, so they are drawn anew over the canvases. */
import type { ChartStyle } from '../lib/theme';

/** A chart as it is on the page. */
export interface ChartImageSource {
  readonly title: string;
  /** Names of the lines; a colour is a token's resolved value. */
  readonly legend: readonly { readonly label: string; readonly color: string }[];
  readonly canvas: HTMLCanvasElement;
}

const SPACE = 12;
const HEAD = 44;
const TITLE = 28;

/** A chart's element as it is to be pictured; null where nothing is drawn. */
export function chartImageSource(chart: Element | null): ChartImageSource | null {
  const canvas = chart?.querySelector<HTMLCanvasElement>('.plot canvas') ?? null;
  if (chart === null || canvas === null) return null;
  const legend = [...chart.querySelectorAll('.legend li')].map((item) => {
    const swatch = item.querySelector('.swatch');
    return { label: item.querySelector('.legend-label')?.textContent ?? '', color: swatch === null ? '' : getComputedStyle(swatch).backgroundColor };
  });
  return { title: chart.querySelector('h2')?.textContent ?? '', legend, canvas };
}

/** Finds the charts under an element: those with a drawing. */
export function chartsUnder(root: ParentNode): readonly ChartImageSource[] {
  return [...root.querySelectorAll('.chart')].flatMap((chart) => chartImageSource(chart) ?? []);
}

function drawLegend(context: CanvasRenderingContext2D, chart: ChartImageSource, x: number, y: number, right: number, style: ChartStyle): void {
  let at = x;
  for (const { label, color } of chart.legend) {
    const width = 14 + context.measureText(label).width + SPACE;
    if (at + width > right) return;
    context.fillStyle = color;
    context.fillRect(at, y - 8, 8, 8);
    context.fillStyle = style.muted;
    context.fillText(label, at + 14, y);
    at += width;
  }
}

/** Paints charts one below the other under a heading. Returns the picture as base64 of a PNG; null where nothing is drawn. */
export function paintCharts(charts: readonly ChartImageSource[], heading: string, note: string, style: ChartStyle): string | null {
  if (charts.length === 0) return null;
  const scale = devicePixelRatio;
  const width = Math.max(...charts.map(({ canvas }) => canvas.width / scale)) + 2 * SPACE;
  const height = HEAD + charts.reduce((sum, { canvas }) => sum + TITLE + canvas.height / scale + SPACE, 0);
  const picture = document.createElement('canvas');
  picture.width = Math.ceil(width * scale);
  picture.height = Math.ceil(height * scale);
  const context = picture.getContext('2d');
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
  return picture.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}
