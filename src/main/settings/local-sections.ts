/** Sections of the settings that only Traywatch on the machine may change, not a browser. */
import { REFUSALS } from '../../shared/api/refusals';
import type { Caller } from '../../shared/api/dispatch';
import { CallError } from '../../shared/result';
import { LOCAL_SECTIONS } from '../../shared/settings/settings-schema';
import type { SettingsPatch } from '../../shared/settings/settings-schema';

/** Throws a CallError where a caller over the network would change one of them. */
export function refuseLocalSections(patch: SettingsPatch, { role }: Caller): void {
  const refused = LOCAL_SECTIONS.find((section) => patch[section] !== undefined);
  if (role !== 'local' && refused !== undefined) throw new CallError('Forbidden', REFUSALS.local);
}
