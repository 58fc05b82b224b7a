/** The export menu of a metric page. */
import { useState } from 'react';
import { toText } from '../../../shared/series/export-text';
import type { ExportFormat } from '../../../shared/series/export-text';
import type { ChartData } from '../../charts/chart-data';
import { chartsUnder, paintCharts } from '../../charts/chart-image';
import { describeShown } from '../../lib/coverage';
import { toFileTime } from '../../lib/range';
import type { RangeChoice } from '../../lib/range';
import { useApp, useMachineName } from '../../app/app-context';
import { useSaveFile } from '../../app/use-save-file';
import type { SavedFile } from '../../app/use-save-file';
import { readChartStyle } from '../../lib/theme';
import { StatusMessage } from '../../ui/status-message';
import { useDismiss } from '../../ui/use-dismiss';

interface ExportMenuProps {
  /** Title of the page; the names of the files begin with it. */
  readonly title: string;
  readonly choice: RangeChoice;
  readonly history: ChartData;
}

/** Saves what the page shows: the charts as an image, their points as CSV or JSON. */
export function ExportMenu({ title, choice, history }: ExportMenuProps) {
  const [open, setOpen] = useState(false);
  const saving = useSaveFile();
  const [failure, setFailure] = useState<string | null>(null);
  const [close] = useState(() => () => setOpen(false));
  const box = useDismiss(open, close);
  const { window: range, columns } = history;
  const { machine, tasks, can } = useApp();
  const of = useMachineName();
  const heading = of === null ? title : `${of.slice(0, 80)}, ${title}`;
  // A name may have characters that no name of a file can have.
  const name = `${heading.replaceAll(/[^\p{L}\p{N} ,.()_-]/gu, '_')} ${toFileTime(range.to)}`;
  const save = (file: SavedFile): void => {
    setOpen(false);
    void saving.save(file);
  };
  const saveImage = (): void => {
    const data = paintCharts(chartsUnder(document), heading, describeShown(choice, range, history.begins), readChartStyle(document.documentElement));
    save({ name: `${name}.png`, encoding: 'base64', data });
  };
  const exportAll = (): void => {
    setOpen(false);
    void tasks.exportAll({ format: 'csv' }).then(setFailure);
  };
  const savePoints = (format: ExportFormat): void => {
    const series = Object.entries(columns).map(([key, points]) => ({ series: key, ...points }));
    save({ name: `${name}.${format}`, encoding: 'utf8', data: toText(format, series, range.from, range.to) });
  };
  return (
    <>
      <div className="menu" ref={box}>
        <button type="button" aria-expanded={open} aria-controls="export-menu" onClick={() => setOpen(!open)}>
          Export
        </button>
        {open && (
          <div className="menu-list" id="export-menu">
            <button type="button" onClick={saveImage}>
              Charts as image (PNG)
            </button>
            <button type="button" onClick={() => savePoints('csv')}>
              Visible data (CSV)
            </button>
            <button type="button" onClick={() => savePoints('json')}>
              Visible data (JSON)
            </button>
            {machine === null && <a href="#/settings">Export full history…</a>}
            {machine !== null && can('exportHistory') && (
              <button type="button" onClick={exportAll}>
                Full history of this machine (CSV)…
              </button>
            )}
          </div>
        )}
      </div>
      <StatusMessage status={failure === null ? saving.status : { text: failure, failed: true }} className="toolbar-status" />
    </>
  );
}
