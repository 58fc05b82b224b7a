/** The default rules of containers and services: what runs on a machine, beside the machine itself. */
import type * as z from 'zod';
import { EVERY_DEVICE } from './rule';
import type { ruleSchema } from './rule';

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** In the order they are shown, behind those of the machine. */
export const WORKLOAD_RULES: readonly z.input<typeof ruleSchema>[] = [
  {
    id: 'service-down',
    label: 'Service down',
    family: 'service',
    metric: 'up',
    device: EVERY_DEVICE,
    direction: 'below',
    // Several failures in a row have been waited for when a service counts as down.
    critical: { threshold: 0, recoverAt: 1, forSeconds: 0 },
    recoverSeconds: 0,
  },
  {
    id: 'service-latency',
    label: 'Service slow',
    family: 'service',
    metric: 'latency',
    device: EVERY_DEVICE,
    // Several probes of the default interval: one slow answer is no incident.
    warning: { threshold: 100, recoverAt: 80, forSeconds: 5 * MINUTE },
    critical: { threshold: 500, recoverAt: 400, forSeconds: 5 * MINUTE },
    recoverSeconds: MINUTE,
    cooldownSeconds: HOUR,
  },
  {
    id: 'service-connections',
    label: 'Database connections',
    family: 'service',
    metric: 'connectionsUsage',
    device: EVERY_DEVICE,
    warning: { threshold: 80, recoverAt: 70, forSeconds: MINUTE },
    critical: { threshold: 95, recoverAt: 90, forSeconds: MINUTE },
    recoverSeconds: MINUTE,
    cooldownSeconds: 15 * MINUTE,
  },
  {
    id: 'service-certificate',
    label: 'Certificate ends soon',
    family: 'service',
    metric: 'certificateDays',
    device: EVERY_DEVICE,
    direction: 'below',
    warning: { threshold: 14, recoverAt: 15, forSeconds: 0 },
    critical: { threshold: 7, recoverAt: 8, forSeconds: 0 },
    cooldownSeconds: HOUR,
  },
  {
    id: 'network-lost',
    label: 'This machine lost its network',
    family: 'service',
    metric: 'networkLost',
    // In place of an incident of each service.
    critical: { threshold: 1, recoverAt: 0, forSeconds: 0 },
    recoverSeconds: 0,
  },
  {
    id: 'container-unhealthy',
    label: 'Container unhealthy',
    family: 'container',
    metric: 'unhealthy',
    device: EVERY_DEVICE,
    critical: { threshold: 1, recoverAt: 0, forSeconds: 0 },
    recoverSeconds: 0,
  },
  {
    id: 'container-restarts',
    label: 'Container restarts again and again',
    family: 'container',
    metric: 'recentDeaths',
    device: EVERY_DEVICE,
    critical: { threshold: 3, recoverAt: 0, forSeconds: 0 },
    cooldownSeconds: HOUR,
  },
  {
    id: 'container-oom',
    label: 'Container out of memory',
    family: 'container',
    metric: 'recentOomKills',
    device: EVERY_DEVICE,
    critical: { threshold: 1, recoverAt: 0, forSeconds: 0 },
    recoverSeconds: 0,
    cooldownSeconds: HOUR,
  },
  {
    id: 'container-missed',
    label: 'Container stopped',
    family: 'container',
    metric: 'missed',
    device: EVERY_DEVICE,
    // An engine starts it again by itself, or a person does: not within this time.
    critical: { threshold: 1, recoverAt: 0, forSeconds: MINUTE },
    recoverSeconds: 0,
  },
];
