/** Schemas of severity and level, with the words by which the API describes them. */
import * as z from 'zod';
import { LEVELS } from './level';

/** The word of the open incidents. */
export const severitySchema = z
  .enum(['healthy', 'warning', 'critical', 'unknown'])
  .meta({ description: 'The worst of the open incidents of alert rules, acknowledged ones included: the same as in the window and the tray. healthy: none is open; unknown: no value, or monitoring is paused.' });

/** The level of one value by a fixed table, whatever the rules say. */
export const levelSchema = z
  .enum(LEVELS)
  .nullable()
  .meta({ description: 'Of the value alone, by fixed thresholds: CPU usage 70 and 90 %, memory usage 70 and 85 %, disk usage 70 and 90 %. Null for other values, and without a value.' });
