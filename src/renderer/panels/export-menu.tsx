import { useState } from 'react';
import { toText } from '../../shared/series/export-text';
import type { ExportFormat } from '../../shared/series/export-text';
import { useApp } from '../app-context';
import { chartsUnder, paintCharts } from '../lib/picture';
import { describeRange, toFileTime } from '../lib/range';
import type { RangeChoice } from '../lib/range';
import type { HistoryState } from '../stores/history';
import { readChartStyle } from '../theme/theme';
import { useClosing } from '../ui/use-closing';

interface ExportMenuProps {
  /** The page's title, which begins the file's name. */
  readonly title: string;
  readonly choice: RangeChoice;
  readonly history: HistoryState;
}

/** What came of saving, in words; empty while there is nothing to tell. */
type Told = { readonly text: string; readonly failed: boolean };
const NOTHING: Told = { text: '', failed: false };

/** Saves what the page shows: its charts as a picture, its points as text. */
export function ExportMenu({ title, choice, history }: ExportMenuProps) {
  const { actions } = useApp();
  const [open, setOpen] = useState(false);
  const [told, setTold] = useState(NOTHING);
  const [close] = useState(() => () => setOpen(false));
  const box = useClosing(open, close);
  const { window: range, columns } = history;
  const name = `${title} ${toFileTime(range.to)}`;
  const save = async (file: string, encoding: 'utf8' | 'base64', data: string | null): Promise<void> => {
    setOpen(false);
    setTold(NOTHING);
    if (data === null) return setTold({ text: 'There is nothing to save yet.', failed: true });
    const answer = await actions.saveFile({ name: file, encoding, data });
    if (answer.failure !== null) setTold({ text: answer.failure, failed: true });
    else if (answer.path !== null) setTold({ text: `Saved as ${answer.path}`, failed: false });
  };
  const savePicture = (): void => void save(`${name}.png`, 'base64', paintCharts(chartsUnder(document), title, describeRange(choice), readChartStyle(document.documentElement)));
  const savePoints = (format: ExportFormat): void => {
    const series = Object.entries(columns).map(([key, points]) => ({ series: key, ...points }));
    void save(`${name}.${format}`, 'utf8', toText(format, series, range.from, range.to));
  };
  return (
    <>
      <div className="menu" ref={box}>
        <button type="button" aria-expanded={open} aria-controls="export-menu" onClick={() => setOpen(!open)}>
          Export
        </button>
        {open && (
          <div className="menu-list" id="export-menu">
            <button type="button" onClick={savePicture}>
              Picture of the charts (PNG)
            </button>
            <button type="button" onClick={() => savePoints('csv')}>
              Points shown (CSV)
            </button>
            <button type="button" onClick={() => savePoints('json')}>
              Points shown (JSON)
            </button>
            <a href="#/settings">Everything: see Settings</a>
          </div>
        )}
      </div>
      {told.text !== '' && (
        <p className={told.failed ? 'toolbar-told field-error' : 'toolbar-told quiet'} role={told.failed ? 'alert' : 'status'}>
          {told.text}
        </p>
      )}
    </>
  );
}
