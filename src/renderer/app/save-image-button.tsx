/** The button on a chart that saves it as PNG. */
import type { MouseEvent } from 'react';
import { paintCharts, chartImageSource } from '../charts/chart-image';
import { describeShown } from '../lib/coverage';
import { toFileTime } from '../lib/range';
import type { RangeChoice, TimeWindow } from '../lib/range';
import { useSaveFile } from './use-save-file';
import { readChartStyle } from '../lib/theme';
import { StatusMessage } from '../ui/status-message';

interface SaveImageButtonProps {
  /** Title of the page: heading of the image and start of the file name. */
  readonly page: string;
  readonly title: string;
  readonly choice: RangeChoice;
  /** The range shown, and where the history begins, epoch ms. */
  readonly window: TimeWindow;
  readonly begins: number | null;
}

/** Saves the chart that contains the button as an image, and shows the outcome. */
export function SaveImageButton({ page, title, choice, window, begins }: SaveImageButtonProps) {
  const { status, save } = useSaveFile();
  const onClick = ({ currentTarget }: MouseEvent<HTMLButtonElement>): void => {
    const chart = chartImageSource(currentTarget.closest('.chart'));
    const data = chart === null ? null : paintCharts([chart], page, describeShown(choice, window, begins), readChartStyle(document.documentElement));
    void save({ name: `${page === title ? title : `${page} ${title}`} ${toFileTime(window.to)}.png`, encoding: 'base64', data });
  };
  const label = `Save ${title} as image`;
  return (
    <>
      <button type="button" className="plain save-picture" aria-label={label} title={label} onClick={onClick}>
        <svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="round" strokeLinejoin="round">
          <path d="M7 1.5v7M4 5.8 7 8.8l3-3M1.8 9.6v2.9h10.4V9.6" />
        </svg>
      </button>
      <StatusMessage status={status} className="chart-status" />
    </>
  );
}
