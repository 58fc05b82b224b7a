/** The name of a device in its table, with a menu to change it or to ignore the device, and which devices are ignored. */
import { useRef, useState } from 'react';
import type { FamilyId } from '../../../shared/metrics/index';
import { familyOf } from '../../../shared/metrics/index';
import { MAX_NAME, settingOf } from '../../../shared/settings/device-settings';
import { useCan, useRoute } from '../../app/app-context';
import { useDeviceCommands, useDeviceSettings } from '../../app/device-settings';
import type { DeviceCommands } from '../../app/device-settings';
import { familyLink, formatRoute } from '../../lib/route';
import { autofocus } from '../../ui/autofocus';
import { FailureText } from '../../ui/failure-text';
import './device-name.css';

interface DeviceNameProps {
  readonly family: FamilyId;
  readonly id: string;
  readonly label: string;
}

/** Its name, which leads to its page over the range that is shown. */
function Label({ family, id, label }: DeviceNameProps) {
  const route = useRoute();
  return (
    <a className="device-label" title={label} href={route.page === 'family' ? formatRoute({ page: 'family', family, range: route.range, device: id }) : familyLink(family, id)}>
      {label}
    </a>
  );
}

interface NameFieldProps extends DeviceNameProps {
  readonly rename: DeviceCommands['rename'];
  readonly onDone: () => void;
}

/** The name as a field: saved on Enter or when it loses the focus, left as it was by Escape. */
function NameField({ family, id, label, rename, onDone }: NameFieldProps) {
  const [name, setName] = useState(label);
  // It also loses the focus when it goes.
  const isDone = useRef(false);
  const finish = (isSaved: boolean): void => {
    if (isDone.current) return;
    isDone.current = true;
    if (isSaved) rename(family, id, label, name);
    onDone();
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
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') finish(true);
        if (event.key !== 'Escape') return;
        // On the page it would leave the picked time.
        event.stopPropagation();
        finish(false);
      }}
    />
  );
}

/** The label, with its menu. A native select: it takes no space, and works with every keyboard. */
function ChangeableName({ family, id, label: read }: DeviceNameProps) {
  const { failure, rename, ignore } = useDeviceCommands();
  const [isEdited, setEdited] = useState(false);
  // A name that was just chosen is in the next reading only.
  const label = settingOf(useDeviceSettings(), family, id)?.name ?? read;
  if (isEdited) return <NameField {...{ family, id, label, rename }} onDone={() => setEdited(false)} />;
  return (
    <>
      <Label {...{ family, id, label }} />
      <select
        className="device-menu"
        aria-label={`Change ${label}`}
        value=""
        onChange={({ target }) => {
          if (target.value === 'rename') setEdited(true);
          else ignore(family, id, label);
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
  return useCan('updateSettings') ? <ChangeableName {...props} /> : <Label {...props} />;
}

/** Which devices of the family are ignored, each with a way back; nothing where none is, or nobody here may change that. */
export function IgnoredDevices({ family }: Pick<DeviceNameProps, 'family'>) {
  const ignored = useDeviceSettings().filter((setting) => setting.family === family && setting.ignored);
  const { failure, showAgain } = useDeviceCommands();
  if (!useCan('updateSettings') || ignored.length === 0) return null;
  return (
    <div className="table-note">
      Ignored {familyOf(family).device.plural.toLowerCase()}:{' '}
      {ignored.map((setting) => (
        <span key={setting.device} className="ignored-device">
          {setting.name ?? setting.label}{' '}
          <button type="button" className="plain" aria-label={`Show ${setting.name ?? setting.label} again`} onClick={() => showAgain(setting)}>
            Show again
          </button>
        </span>
      ))}
      <FailureText text={failure} />
    </div>
  );
}
