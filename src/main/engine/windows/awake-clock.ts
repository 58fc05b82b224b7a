/** The clock of Windows that stands still in sleep, once the library that reads it is loaded. */
import type { ReadAwakeClock } from '../clock';
import type { LoadWindows, WindowsLibrary } from './library';

/** Reads QueryUnbiasedInterruptTime, ms; null until the library is there, which the first call asks for, and where it cannot be. */
export function awakeClock(load: LoadWindows): ReadAwakeClock {
  let library: Pick<WindowsLibrary, 'awakeTime'> | null = null;
  let asked = false;
  const ask = async (): Promise<void> => {
    try {
      library = await load();
    } catch {
      // The readers that need it say so; this clock stays unknown.
    }
  };
  return () => {
    if (!asked) void ask();
    asked = true;
    return library?.awakeTime() ?? null;
  };
}
