/** Rows of the process table. */
import { memo } from 'react';
import { toProgram } from '../../../shared/alerts/alert-text';
import { formatValue } from '../../../shared/units';
import type { ProcessInfo } from '../../../shared/processes/process-schemas';
import { formatStart, isSameRow } from './process-rows';
import type { ProcessHead } from './process-rows';
import { formatDateTime } from '../../lib/range';
import { Value } from '../../ui/value';

interface ProcessRowProps {
  readonly process: ProcessInfo;
  /** The columns that fit, the name first. */
  readonly heads: readonly ProcessHead[];
  readonly isOpen: boolean;
  /** Time of the table, epoch ms. */
  readonly now: number;
  /** False while rates are not measured yet. */
  readonly hasRates: boolean;
  readonly onToggle: (key: string) => void;
}

function textOf(process: ProcessInfo, { column }: ProcessHead, now: number): string {
  if (column === 'startedAt') return formatStart(process.startedAt, now);
  return String(process[column] ?? '–');
}

function ProcessCell({ process, head, now, hasRates }: { readonly process: ProcessInfo; readonly head: ProcessHead; readonly now: number; readonly hasRates: boolean }) {
  const { column, unit } = head;
  const value = process[column];
  if (head.isRate === true && !hasRates) {
    return (
      <td data-column={column} data-idle="true" title="Being measured">
        …
      </td>
    );
  }
  if (unit !== undefined) {
    return (
      <td data-column={column} data-idle={value === 0}>
        <Value value={typeof value === 'number' ? value : null} unit={unit} />
      </td>
    );
  }
  const title = column === 'startedAt' ? (process.startedAt === null ? undefined : formatDateTime(process.startedAt)) : column === 'command' ? undefined : String(value ?? '');
  return (
    <td data-column={column} title={title}>
      {textOf(process, head, now)}
    </td>
  );
}

const NOT_AVAILABLE = 'not available';

const formatIo = (value: number | null): string => (value === null ? NOT_AVAILABLE : formatValue(value, 'bytesPerSecond'));

/** All properties of a process, including those whose columns do not fit. */
function ProcessDetails({ process, span }: { readonly process: ProcessInfo; readonly span: number }) {
  const { pid, user, startedAt, read, written, command, container } = process;
  const facts = [
    ['PID', String(pid)],
    ['User', user ?? NOT_AVAILABLE],
    ...(container === null ? [] : [['Container', container] as const]),
    ['Started', startedAt === null ? NOT_AVAILABLE : formatDateTime(startedAt)],
    ['Disk', `${formatIo(read)} read, ${formatIo(written)} written`],
  ] as const;
  return (
    <tr className="process-details">
      <td colSpan={span}>
        <dl>
          <div className="process-command">
            <dt>Command</dt>
            <dd>{command === null ? <span className="quiet">Not available (kernel thread, ended process, or hidden for your role)</span> : <code>{command}</code>}</dd>
          </div>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </td>
    </tr>
  );
}

/** One process; a click on its name opens a row with all its properties. Renders again only when something shown has changed. */
export const ProcessRow = memo(
  function ProcessRow({ process, heads, isOpen, now, hasRates, onToggle }: ProcessRowProps) {
    const [, ...rest] = heads;
    return (
      <>
        <tr data-open={isOpen}>
          <th scope="row" data-column="name">
            <button type="button" className="disclosure process-name" aria-expanded={isOpen} title={toProgram(process)} onClick={() => onToggle(process.key)}>
              {process.name}
              {process.container !== null && (
                <>
                  <span className="sr"> in container </span>
                  <span className="process-container">{process.container}</span>
                </>
              )}
            </button>
          </th>
          {rest.map((head) => (
            <ProcessCell key={head.column} process={process} head={head} now={now} hasRates={hasRates} />
          ))}
        </tr>
        {isOpen && <ProcessDetails process={process} span={heads.length} />}
      </>
    );
  },
  // The time of the table matters only for the text of the start time.
  (before, after) => before.heads === after.heads && before.hasRates === after.hasRates && before.isOpen === after.isOpen && before.onToggle === after.onToggle && isSameRow(before.process, after.process) && formatStart(before.process.startedAt, before.now) === formatStart(after.process.startedAt, after.now),
);
