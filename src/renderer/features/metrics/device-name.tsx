/** The name of a device in its table, with a menu to change it or to ignore the device, and which devices are ignored. */
import { useRef, useState } from 'react';
import type { FamilyId } from '../../../shared/metrics/index';
import { familyOf } from '../../../shared/metrics/index';
import { MAX_NAME, settingOf } from '../../../shared/settings/device-settings';
import { useCan, useLink, useRoute } from '../../app/app-context';
import { useDeviceCommands, useDeviceSettings } from '../../app/device-settings';
import type { DeviceCommands } from '../../app/device-settings';
import { familyLink, formatRoute } from '../../lib/route';
import { autofocus, autofocusIfNone } from '../../ui/autofocus';
import { FailureText } from '../../ui/failure-text';
import './device-name.css';

/** A device in its table. */
export interface DeviceNameProps {
  readonly family: FamilyId;
  readonly id: string;
  readonly label: string;
  /** It was just brought back, by a button that is gone: its menu takes the focus, unless something else has it by now. */
  readonly isBack: boolean;
  readonly onIgnore: (id: string) => void;
}

/** Its name, which leads to its page over the range that is shown. */
function Label({ family, id, label }: Pick<DeviceNameProps, 'family' | 'id' | 'label'>) {
  const route = useRoute();
  const link = useLink();
  return (
    <a className="device-label" title={label} href={link(route.page === 'family' ? formatRoute({ page: 'family', family, range: route.range, device: id }) : familyLink(family, id))}>
      {label}
    </a>
  );
}

interface NameFieldProps extends Pick<DeviceNameProps, 'family' | 'id' | 'label'> {
  readonly rename: DeviceCommands['rename'];
  /** `byKey`: the focus is still in the field. */
  readonly onDone: (byKey: boolean) => void;
}

/** The name as a field: saved on Enter or when it loses the focus, left as it was by Escape. */
function NameField({ family, id, label, rename, onDone }: NameFieldProps) {
  const [name, setName] = useState(label);
  // It also loses the focus when it goes.
  const isDone = useRef(false);
  const finish = (isSaved: boolean, byKey: boolean): void => {
    if (isDone.current) return;
    isDone.current = true;
    if (isSaved) rename(family, id, label, name);
    onDone(byKey);
  };
  return (
    <input
      className="device-name-field"
      ref={autofocus}
      aria-label={`Name of ${label}`}
      placeholder="Name given by the system"
      maxLength={MAX_NAME}
      value={name}
      onChange={({ target }) => setName(target.value)}
      onBlur={() => finish(true, false)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') finish(true, true);
        if (event.key !== 'Escape') return;
        // On the page it would leave the picked time.
        event.stopPropagation();
        finish(false, true);
      }}
    />
  );
}

/** The label, with its menu. A native select: it takes no space, and works with every keyboard. */
function ChangeableName({ family, id, label: read, isBack, onIgnore }: DeviceNameProps) {
  const { failure, rename, ignore } = useDeviceCommands();
  const [isEdited, setEdited] = useState(false);
  const [wasEdited, setWasEdited] = useState(false);
  // A name that was just chosen is in the next reading only.
  const label = settingOf(useDeviceSettings(), family, id)?.name ?? read;
  const finish = (byKey: boolean): void => {
    setEdited(false);
    setWasEdited(byKey);
  };
  if (isEdited) return <NameField {...{ family, id, label, rename }} onDone={finish} />;
  return (
    <>
      <Label {...{ family, id, label }} />
      <select
        className="device-menu"
        ref={wasEdited || isBack ? autofocusIfNone : null}
        aria-label={`Change ${label}`}
        value=""
        onChange={({ target }) => {
          if (target.value === 'rename') setEdited(true);
          else {
            ignore(family, id, label);
            onIgnore(id);
          }
        }}
      >
        <option value="" hidden>
          ⋯
        </option>
        <option value="rename">Rename…</option>
        <option value="ignore">Ignore</option>
      </select>
      <FailureText text={failure} />
    </>
  );
}

/** The name of a device; who may change settings can change it, or have the device ignored. */
export function DeviceName(props: DeviceNameProps) {
  return useCan('updateSettings') ? <ChangeableName {...props} /> : <Label family={props.family} id={props.id} label={props.label} />;
}

interface IgnoredDevicesProps {
  readonly family: FamilyId;
  /** The one that was just ignored, with its menu, whose place is taken by its way back. */
  readonly latest: string | null;
  readonly onShow: (id: string) => void;
}

/** Which devices of the family are ignored, each with a way back; nothing where none is, or nobody here may change that. */
export function IgnoredDevices({ family, latest, onShow }: IgnoredDevicesProps) {
  const ignored = useDeviceSettings().filter((setting) => setting.family === family && setting.ignored);
  const { failure, showAgain } = useDeviceCommands();
  if (!useCan('updateSettings') || ignored.length === 0) return null;
  return (
    <div className="table-note">
      Ignored {familyOf(family).device.plural.toLowerCase()}:{' '}
      {ignored.map((setting) => (
        <span key={setting.device} className="ignored-device">
          {setting.name ?? setting.label}{' '}
          <button
            type="button"
            className="plain"
            ref={setting.device === latest ? autofocus : null}
            aria-label={`Show ${setting.name ?? setting.label} again`}
            onClick={() => {
              showAgain(setting);
              onShow(setting.device);
            }}
          >
            Show again
          </button>
        </span>
      ))}
      <FailureText text={failure} />
    </div>
  );
}
