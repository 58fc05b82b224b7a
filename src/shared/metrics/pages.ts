/**
 * Pages of the window on which metric families stand: one for each thing a person thinks of, not one for each collector. A
 * family's descriptor names its page; a page without a family does not appear.
 */

/** Label of each page, in the order of the navigation. */
export const METRIC_PAGES = {
  cpu: 'CPU',
  gpu: 'GPU',
  memory: 'Memory',
  disks: 'Disks',
  network: 'Network',
  sensors: 'Sensors & power',
  containers: 'Containers',
  services: 'Services',
  uptime: 'Uptime',
  self: 'Traywatch',
} as const;

/** Labels for a place of a dozen letters, of those that are longer. */
export const SHORT_PAGE_LABELS: Readonly<Partial<Record<keyof typeof METRIC_PAGES, string>>> = { sensors: 'Sensors' };

/** Id of such a page. */
export type MetricPageId = keyof typeof METRIC_PAGES;
