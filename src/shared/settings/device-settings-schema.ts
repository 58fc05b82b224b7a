/**
 * Schema of what a person has chosen for single devices: another name, or that they are ignored. Kept in the settings under
 * family and id of the device, so that it lasts while the device is not connected.
 */
import * as z from 'zod';
import { FAMILY_IDS } from '../metrics/index';
import type { FamilyId } from '../metrics/index';
import { toPlainLine } from '../plain-text';
import { MAX_DEVICES, MAX_LABEL, MAX_NAME, settingOf } from './device-settings';

const visible = (text: string): boolean => toPlainLine(text) === text;

const deviceSettingSchema = z
  .strictObject({
    family: z.enum(FAMILY_IDS as readonly [FamilyId, ...FamilyId[]]),
    device: z.string().min(1).max(300),
    label: z.string().min(1).max(MAX_LABEL),
    name: z.string().trim().min(1).max(MAX_NAME).refine(visible, 'must be one line of visible text').nullable().default(null),
    ignored: z.boolean().default(false),
  })
  .refine(({ name, ignored }) => name !== null || ignored, 'must have a name or be ignored');

/** All of them, each device once. */
export const deviceSettingsSchema = z
  .array(deviceSettingSchema)
  .max(MAX_DEVICES)
  .superRefine((settings, context) => {
    settings.forEach((setting, at) => {
      if (settingOf(settings, setting.family, setting.device) !== setting) context.addIssue({ code: 'custom', path: [at, 'device'], message: `"${setting.device}" is there twice` });
    });
  });
