import type { MouseEvent } from 'react';
import { paintCharts, chartImageSource } from '../charts/chart-image';
import { describeRange, toFileTime } from '../lib/range';
import type { RangeChoice } from '../lib/range';
import { useSaveFile } from './use-save-file';
import { readChartStyle } from '../lib/theme';
import { StatusMessage } from '../ui/status-message';

interface SaveImageButtonProps {
  /** Title of the page, which stands over the chart in the picture and begins the file's name. */
  readonly page: string;
  readonly title: string;
  readonly choice: RangeChoice;
  /** End of what is shown, epoch ms. */
  readonly to: number;
}

/** Saves the chart it stands in as a picture, and says what came of it. */
export function SaveImageButton({ page, title, choice, to }: SaveImageButtonProps) {
  const { status, save } = useSaveFile();
  const onClick = ({ currentTarget }: MouseEvent<HTMLButtonElement>): void => {
    const chart = chartImageSource(currentTarget.closest('.chart'));
    const data = chart === null ? null : paintCharts([chart], page, describeRange(choice), readChartStyle(document.documentElement));
    void save({ name: `${page === title ? title : `${page} ${title}`} ${toFileTime(to)}.png`, encoding: 'base64', data });
  };
  const label = `Save ${title} as a picture`;
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
