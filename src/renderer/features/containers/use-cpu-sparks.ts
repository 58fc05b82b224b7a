/** The last five minutes of CPU of the containers that are shown. */
import { useEffect, useState } from 'react';
import type { StoreApi } from 'zustand/vanilla';
import { seriesKey } from '../../../shared/metrics/index';
import { useApp } from '../../app/app-context';
import { createSparks } from '../../app/sparks';
import type { SparkState } from '../../charts/spark-path';

/** More series than this are not followed: containers that come and go would add up. */
const MAX_SERIES = 300;

/** The series of a container's sparkline. */
export function cpuKey(device: string): string {
  return seriesKey('container', 'cpu', device);
}

/** Their lines. Containers that were shown once stay, so that sorting and scrolling ask for nothing again. */
export function useCpuSparks(shown: readonly string[]): StoreApi<SparkState> {
  const { client, live, follow } = useApp();
  const [devices, setDevices] = useState<readonly string[]>([]);
  const known = new Set(devices);
  const wanted = shown.slice(0, MAX_SERIES);
  const added = wanted.filter((device) => !known.has(device));
  // Where there are too many, it begins anew with those that are shown.
  if (added.length > 0) setDevices(devices.length + added.length > MAX_SERIES ? wanted : [...devices, ...added]);
  const [sparks, setSparks] = useState(() => createSparks(client, []));
  useEffect(() => {
    const next = createSparks(client, devices.map(cpuKey));
    const fill = (): Promise<void> => next.fill(live.getState().time);
    let stopped = false;
    // The former lines stay until the new ones are there.
    void fill().then(() => {
      if (!stopped) setSparks(next);
    });
    const stop = follow({ onBatch: next.onBatch, onGap: () => void fill() });
    return () => {
      stopped = true;
      stop();
    };
  }, [client, live, follow, devices]);
  return sparks.store;
}
