/** What is set here for a machine that reports: its name, tags, whether it should always be there, how much of it is kept; and its removal. */
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { MachineSettings, MachineSummary } from '../../../shared/machines/machine-schemas';
import { formatValue } from '../../../shared/units';
import { useApp, useCan } from '../../app/app-context';
import { ConfirmButton } from '../../app/setting-inputs';
import { addressOn, formatRoute } from '../../lib/route';
import { FailureText } from '../../ui/failure-text';
import { Check, TextField } from '../../ui/form-fields';
import { PageHead } from '../../ui/page-head';
import { draftOf, settingsOf } from './machine-draft';
import type { MachineDraft } from './machine-draft';
import { MachineStateText } from './machine-state';
import { versionText } from './machine-text';

const LIST = formatRoute({ page: 'machines' });

interface FieldsProps {
  readonly draft: MachineDraft;
  readonly problems: ReturnType<typeof settingsOf>['problems'];
  readonly onEdit: (change: Partial<MachineDraft>) => void;
}

function Fields({ draft, problems, onEdit }: FieldsProps) {
  return (
    <>
      <div className="form-row">
        <TextField label="Name" value={draft.name} problem={problems.name} onEdit={(name) => onEdit({ name })} />
        <TextField label="Tags" help="Separated by commas. The page of all machines is grouped by the first." placeholder="office, server" value={draft.tags} problem={problems.tags} onEdit={(tags) => onEdit({ tags })} />
      </div>
      <div className="form-row">
        <div className="form-field">
          <Check label="Always on" checked={draft.alwaysOn} onChange={(alwaysOn) => onEdit({ alwaysOn })} />
          <p className="field-help">Alert when it falls silent. An announced sleep or shutdown is not silence.</p>
        </div>
        {draft.alwaysOn && <TextField label="Silent for" unit="min" value={draft.silentMinutes} problem={problems.silentMinutes} onEdit={(silentMinutes) => onEdit({ silentMinutes })} />}
      </div>
      <div className="form-row">
        <TextField label="Keep its history here for" unit="days" value={draft.keepDays} problem={problems.keepDays} onEdit={(keepDays) => onEdit({ keepDays })} />
        <TextField label="Up to a size of" unit="MB" placeholder="no limit" help="What is over a limit is deleted here, oldest first. The machine keeps its own history." value={draft.maxMegabytes} problem={problems.maxMegabytes} onEdit={(maxMegabytes) => onEdit({ maxMegabytes })} />
      </div>
    </>
  );
}

function SettingsForm({ id, settings }: { readonly id: string; readonly settings: MachineSettings }) {
  const { machines, router } = useApp();
  const [draft, setDraft] = useState(() => draftOf(settings));
  const [isTried, setTried] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const read = settingsOf(draft);
  const save = async (): Promise<void> => {
    setTried(true);
    if (read.settings === null) return;
    const problem = await machines.save(id, read.settings);
    setFailure(problem);
    if (problem === null) router.goTo(LIST);
  };
  return (
    <form
      className="section machine-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Fields draft={draft} problems={isTried ? read.problems : {}} onEdit={(change) => setDraft({ ...draft, ...change })} />
      <FailureText text={failure} />
      <div className="field-buttons">
        <button type="submit" className="strong">
          Save
        </button>
        <a className="button" href={LIST}>
          Cancel
        </a>
      </div>
    </form>
  );
}

/** Removal asks, and says what is deleted. */
function RemoveSection({ machine }: { readonly machine: MachineSummary }) {
  const { machines, router } = useApp();
  const [failure, setFailure] = useState<string | null>(null);
  const remove = async (): Promise<string | null> => {
    const problem = await machines.remove(machine.id);
    if (problem === null) router.goTo(LIST);
    return problem;
  };
  const size = machine.bytes === null ? '' : ` (${formatValue(machine.bytes, 'bytes')})`;
  return (
    <section className="section">
      <h2>Remove machine</h2>
      <div className="field">
        <div>
          <p id="remove-help">Ends its access and deletes its history here{size}. What it has itself stays there.</p>
          <FailureText text={failure} />
        </div>
        <div className="field-control">
          <ConfirmButton label="Remove…" question={`Remove ${machine.name} and delete its history here?`} yes="Remove" describedBy="remove-help" run={remove} onFailure={setFailure} />
        </div>
      </div>
    </section>
  );
}

function Facts({ machine }: { readonly machine: MachineSummary }) {
  const facts = [
    ['Hostname', machine.hostname],
    ['Operating system', machine.os],
    ['Version', versionText(machine)],
    ['History here', machine.bytes === null ? 'unknown' : formatValue(machine.bytes, 'bytes')],
    ['Id', machine.id],
  ] as const;
  return (
    <section className="section">
      <h2>About it</h2>
      <dl className="section-facts">
        <div>
          <dt>State</dt>
          <dd>
            <MachineStateText machine={machine} />
            {machine.problem !== null && <p className="field-error">{machine.problem}</p>}
          </dd>
        </div>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Sections({ machine }: { readonly machine: MachineSummary }) {
  const canEdit = useCan('saveMachine');
  return (
    <>
      {canEdit && machine.settings !== null && <SettingsForm id={machine.id} settings={machine.settings} />}
      {!canEdit && <p className="page-empty">This is set in Traywatch on the machine that it reports to.</p>}
      <Facts machine={machine} />
      {canEdit && <RemoveSection machine={machine} />}
    </>
  );
}

/** The page. `id` is of a machine that reports here. */
export function MachineSettingsPage({ id }: { readonly id: string }) {
  const { machines } = useApp();
  useEffect(() => void machines.load(), [machines]);
  const list = useStore(machines.store, (slice) => slice.list);
  const machine = list?.find((one) => one.id === id && one.settings !== null);
  return (
    <div className="text-page">
      <a className="machine-back" href={LIST}>
        All machines
      </a>
      <PageHead title={machine?.name ?? 'Machine'}>{machine !== undefined && <a href={addressOn(machine.id, '#/')}>Open</a>}</PageHead>
      {list === null && <p className="page-empty">Loading…</p>}
      {list !== null && machine === undefined && <p className="page-empty">This machine does not report here.</p>}
      {machine !== undefined && <Sections machine={machine} />}
    </div>
  );
}
