/** The form that sets a service up, with a test of what is typed. */
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { Service, ServiceConfig, ServiceStatus } from '../../../shared/services/service-schemas';
import { familyLink } from '../../lib/route';
import { NEW_RANGE } from '../../lib/weekly-range-text';
import { ConfirmButton } from '../../app/setting-inputs';
import { autofocus } from '../../ui/autofocus';
import { FailureText } from '../../ui/failure-text';
import { Check, TextField } from '../../ui/form-fields';
import { PageHead } from '../../ui/page-head';
import { hasNewRange, uniqueRanges, WeeklyRanges } from '../../ui/weekly-ranges';
import { HeartbeatSection, HeartbeatUrls, SharingNote, useHeartbeat } from './heartbeat-urls';
import { KindChooser } from './kind-chooser';
import { KindFields } from './kind-fields';
import type { FormPartProps } from './kind-fields';
import { checkDraft, newServiceId, NEW_SERVICE, secretsOf, toDraft, usualName, withKind } from './service-draft';
import type { ServiceDraft } from './service-draft';
import { TestPanel, useTest } from './test-probe';
import type { TestState } from './test-probe';
import type { ServiceActions } from './use-services';
import { useLeaveGuard } from './use-leave-guard';
import type { LeaveGuard } from './use-leave-guard';
import './service-editor.css';

/** Where the editor leads back to. */
const LIST = familyLink('service');

/** The address that this machine's services of the cloud answer at, and its like, are asked only where a person says so. */
function LinkLocalField({ draft, onEdit, isRefused }: Pick<FormPartProps, 'draft' | 'onEdit'> & { readonly isRefused: boolean }) {
  if (draft.kind === 'heartbeat' || !(isRefused || draft.allowLinkLocal)) return null;
  return (
    <>
      <Check label="Allow link-local addresses" checked={draft.allowLinkLocal} onChange={(allowLinkLocal) => onEdit({ ...draft, allowLinkLocal })} />
      <p className="field-help">At such addresses clouds tell secrets about a machine. Allow it only where you know who answers there.</p>
    </>
  );
}

/** How often, and how long an answer may take. */
function TimingFields({ draft, problems, onEdit }: FormPartProps) {
  const isHeartbeat = draft.kind === 'heartbeat';
  return (
    <fieldset className="section form-section">
      <legend>When</legend>
      <div className="form-row">
        <TextField
          label={isHeartbeat ? 'Expected every' : 'Probe every'}
          help={isHeartbeat ? 'How often the job runs: 1 h, 1 d.' : 'From 10 s to 1 d. A service is down after 3 failures in a row, up after 2 successes.'}
          value={draft.intervalText}
          problem={problems['intervalSeconds']}
          onEdit={(intervalText) => onEdit({ ...draft, intervalText })}
        />
        {isHeartbeat ? (
          <TextField label="May be late by" help="A job does not always take the same time." value={draft.graceText} problem={problems['graceSeconds']} onEdit={(graceText) => onEdit({ ...draft, graceText })} />
        ) : (
          <TextField label="No answer after" help="From 1 s to 1 min." value={draft.timeoutText} problem={problems['timeoutSeconds']} onEdit={(timeoutText) => onEdit({ ...draft, timeoutText })} />
        )}
      </div>
      <fieldset className="form-group">
        <legend className="group-label">Maintenance windows</legend>
        <p className="field-help">During these hours (local time) the service is not measured and cannot be down.</p>
        <WeeklyRanges ranges={draft.maintenance} onChange={(ranges) => onEdit({ ...draft, maintenance: [...uniqueRanges(ranges)] })} />
        <button type="button" className="group-add" disabled={hasNewRange(draft.maintenance) || draft.maintenance.length >= 10} onClick={() => onEdit({ ...draft, maintenance: [...draft.maintenance, NEW_RANGE] })}>
          Add window
        </button>
      </fieldset>
    </fieldset>
  );
}

/** Asks whether unsaved changes may be lost. */
function LeaveQuestion({ guard }: { readonly guard: LeaveGuard }) {
  if (guard.wanted === null) return null;
  return (
    <div className="leave-question" role="alertdialog" aria-label="Unsaved changes" data-leave>
      <span>Your changes are not saved.</span>
      <button type="button" ref={autofocus} onClick={guard.stay}>
        Keep editing
      </button>
      <a className="button" href={guard.wanted}>
        Discard changes
      </a>
    </div>
  );
}

/** What was made of a new heartbeat: its URL, shown this once. */
function NewHeartbeat({ name, urls, failure, onDone }: { readonly name: string; readonly urls: readonly string[] | null; readonly failure: string | null; readonly onDone: () => void }) {
  return (
    <div className="text-page service-editor">
      <PageHead title={name} />
      <section className="section form-section" aria-label="Address to call">
        <p>Have the job call this address each time it went well.</p>
        <FailureText text={failure} />
        <SharingNote />
        {urls !== null && <HeartbeatUrls urls={urls} />}
      </section>
      <div className="form-foot">
        <span className="form-end">
          <button type="button" className="strong" ref={autofocus} onClick={onDone}>
            Done
          </button>
        </span>
      </div>
    </div>
  );
}

interface FootProps {
  readonly canTest: boolean;
  readonly isTesting: boolean;
  readonly onTest: () => void;
  readonly onCancel: () => void;
  readonly remove: ReactNode;
}

function Foot({ canTest, isTesting, onTest, onCancel, remove }: FootProps) {
  return (
    <div className="form-foot">
      {remove}
      <span className="form-end">
        {canTest && (
          <button type="button" disabled={isTesting} onClick={onTest}>
            Test
          </button>
        )}
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" className="strong">
          Save
        </button>
      </span>
    </div>
  );
}

/** Sent as the id of what is not saved yet, where the id is its suffix. */
const randomSuffix = (): string => Array.from(crypto.getRandomValues(new Uint8Array(4)), (byte) => (byte % 36).toString(36)).join('');

const isRefusedBy = (test: TestState, last: ServiceStatus | undefined): boolean => (test.step === 'done' ? test.result.fault : last?.result?.fault) === 'addressRefused';

interface ServiceEditorProps {
  /** Null for a new one. */
  readonly config: ServiceConfig | null;
  /** Its present state; undefined where it is not known. */
  readonly status: ServiceStatus | undefined;
  readonly actions: ServiceActions;
  /** Goes back to where the editor was opened. */
  readonly onClose: () => void;
}

/** The draft, its validation, and saving it. */
function useEditor({ config, actions, onClose }: ServiceEditorProps) {
  const [start] = useState<ServiceDraft>(() => (config === null ? NEW_SERVICE : toDraft(config)));
  const [suffix] = useState(randomSuffix);
  const [draft, setDraft] = useState(start);
  const [attempts, setAttempts] = useState(0);
  const [failure, setFailure] = useState<string | null>(null);
  const [created, setCreated] = useState<Service | null>(null);
  const heartbeat = useHeartbeat();
  const id = config?.service.id ?? newServiceId(draft.name.trim() === '' ? usualName(draft) : draft.name, suffix);
  const before = config?.service ?? null;
  const checked = useMemo(() => checkDraft(draft, id, before), [draft, id, before]);
  const save = async (service: Service): Promise<void> => {
    const problem = await actions.save(service, secretsOf(draft));
    setFailure(problem);
    if (problem !== null) return;
    if (config !== null || service.kind !== 'heartbeat') return onClose();
    setCreated(service);
    setFailure(await heartbeat.create(service.id));
  };
  /** Does something with what was typed, if it is valid. */
  const attempt = (run: (service: Service) => void): void => {
    setAttempts(attempts + 1);
    if (checked.service !== null) run(checked.service);
  };
  const problems = checked.problems === null || attempts === 0 ? {} : checked.problems;
  return { draft, setDraft, attempts, attempt, save, problems, isMoved: checked.isMoved, failure, setFailure, created, urls: heartbeat.urls, isChanged: draft !== start };
}

/** Asks before it removes. */
function RemoveButton({ service, actions, onClose, onFailure }: { readonly service: Service } & Pick<ServiceEditorProps, 'actions' | 'onClose'> & { readonly onFailure: (problem: string | null) => void }) {
  const run = async (): Promise<string | null> => {
    const problem = await actions.remove(service.id);
    if (problem === null) onClose();
    return problem;
  };
  return <ConfirmButton label="Remove" question={`Remove “${service.name}”?`} yes="Remove" run={run} onFailure={onFailure} />;
}

/** Said beside the buttons: the fields may be out of sight. */
function ProblemsNote({ problems }: Pick<FormPartProps, 'problems'>) {
  return Object.keys(problems).length === 0 ? null : <p className="field-error">Some fields above need another value.</p>;
}

/** Moves the focus to the first field with an error after each attempt to save or test. */
function useFocusOnProblem(attempts: number) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (attempts > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempts]);
  return form;
}

/** Changes a service, or creates one. Errors are shown once Save or Test was pressed, and beside their fields from then on. */
export function ServiceEditor(props: ServiceEditorProps) {
  const { config, status, actions, onClose } = props;
  const { draft, setDraft, attempts, attempt, save, problems, isMoved, failure, setFailure, created, urls, isChanged } = useEditor(props);
  const test = useTest();
  const guard = useLeaveGuard(isChanged && created === null);
  const form = useFocusOnProblem(attempts);
  const parts = { draft, problems, isMoved, onEdit: setDraft };
  if (created !== null) return <NewHeartbeat name={created.name} urls={urls} failure={failure} onDone={onClose} />;
  return (
    <form
      ref={form}
      className="text-page service-editor"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        attempt((service) => void save(service));
      }}
    >
      <PageHead title={config?.service.name ?? 'New service'}>
        <a href={LIST}>Back to services</a>
      </PageHead>
      {config === null && <KindChooser kind={draft.kind} onChoose={(kind) => setDraft(withKind(draft, kind))} />}
      <fieldset className="section form-section">
        <legend>{draft.kind === 'heartbeat' ? 'Job' : 'Target'}</legend>
        <TextField label="Name" placeholder={usualName(draft)} value={draft.name} problem={problems['name']} onEdit={(name) => setDraft({ ...draft, name })} />
        <KindFields {...parts} />
        <LinkLocalField draft={draft} onEdit={setDraft} isRefused={isRefusedBy(test.state, status)} />
        {config !== null && <Check label="Watch it" checked={draft.enabled} onChange={(enabled) => setDraft({ ...draft, enabled })} />}
      </fieldset>
      {draft.kind === 'heartbeat' && (config === null ? <SharingNote /> : <HeartbeatSection id={config.service.id} />)}
      <TimingFields {...parts} />
      <TestPanel state={test.state} onClose={test.close} />
      <FailureText text={failure} />
      <ProblemsNote problems={problems} />
      <LeaveQuestion guard={guard} />
      <Foot
        canTest={draft.kind !== 'heartbeat'}
        isTesting={test.state.step === 'running'}
        onTest={() => attempt((service) => test.start(service, secretsOf(draft)))}
        onCancel={() => (isChanged ? guard.ask(LIST) : onClose())}
        remove={config !== null && <RemoveButton service={config.service} {...{ actions, onClose }} onFailure={setFailure} />}
      />
    </form>
  );
}
