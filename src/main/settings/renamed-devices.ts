/** Settings of devices that have another id than before. */
import { parseSeriesKey } from '../../shared/metrics/index';
import type { SeriesKey } from '../../shared/metrics/index';
import { settingOf } from '../../shared/settings/device-settings';
import type { DeviceSetting } from '../../shared/settings/device-settings';

/** The same settings, those of renamed devices under their present ids; the same array if there is none. What is set under a present id stays. Pure. */
export function renamedDeviceSettings(settings: readonly DeviceSetting[], renamed: ReadonlyMap<SeriesKey, SeriesKey>): readonly DeviceSetting[] {
  const pairs = [...renamed].map(([from, to]) => ({ from: parseSeriesKey(from), to: parseSeriesKey(to)?.device ?? null }));
  const presentId = ({ family, device }: DeviceSetting): string | null => pairs.find(({ from }) => from?.family === family && from.device === device)?.to ?? null;
  const changed = settings.flatMap((setting): readonly DeviceSetting[] => {
    const to = presentId(setting);
    if (to === null || to === setting.device) return [setting];
    return settingOf(settings, setting.family, to) === undefined ? [{ ...setting, device: to }] : [];
  });
  return changed.length === settings.length && changed.every((setting, i) => setting === settings[i]) ? settings : changed;
}
