/** Devices with another name, and ignored ones: the list in which each is reset. */
import { useId } from 'react';
import { familyOf } from '../../../shared/metrics/index';
import type { DeviceSetting } from '../../../shared/settings/device-settings';
import { useDeviceCommands } from '../../app/device-settings';
import { Field } from '../../app/settings-fields';

/** "Temperature: Tctl, ignored". */
function describe({ family, label, name, ignored }: DeviceSetting): string {
  return `${familyOf(family).label}${name === null ? '' : `: ${label}`}${ignored ? ', ignored' : ''}`;
}

/** The list of the devices, each with its button. */
export function DeviceSettingsFields({ devices }: { readonly devices: readonly DeviceSetting[] }) {
  const id = useId();
  const { failure, reset } = useDeviceCommands();
  return (
    <>
      <Field
        id={id}
        selfNamed
        label="Renamed and ignored devices"
        help={`${devices.length === 0 ? 'None. ' : ''}Use the ⋯ beside a device’s name on its page. Ignored devices are not shown, stored or judged by alert rules; totals of the machine still include them, except batteries.`}
        failure={failure}
      >
        {null}
      </Field>
      {devices.map((setting) => {
        const shown = setting.name ?? setting.label;
        const rowId = `${id}-${setting.family}-${setting.device}`;
        return (
          <Field key={rowId} id={rowId} selfNamed label={shown} help={describe(setting)} failure={null}>
            <button type="button" aria-label={`Reset ${shown}`} onClick={() => reset(setting)}>
              Reset
            </button>
          </Field>
        );
      })}
    </>
  );
}
