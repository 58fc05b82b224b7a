/** Temperatures of macOS, which are not told: its sensors have no public interface. It says how hot it feels, in words. */
import type { Collector } from './collector';
import type { SystemDeps, ThermalState } from './deps';
import { temperatureReading } from './temperature';

/** `unknown` is null: there is nothing to say. */
function noteOf(state: ThermalState | null): string {
  const told = 'macOS does not tell programs its temperatures.';
  return state === null || state === 'unknown' ? told : `${told} Its thermal state is ${state}.`;
}

/** Asks for the thermal state alone, which the app is told without a program. */
export function darwinTemperature({ thermalState }: Pick<SystemDeps, 'thermalState'>): Collector<'temperature', ThermalState | null> {
  return {
    family: 'temperature',
    read: () => thermalState?.() ?? null,
    toReading: (state) => ({ ...temperatureReading({ sensors: [] }), note: noteOf(state) }),
  };
}
