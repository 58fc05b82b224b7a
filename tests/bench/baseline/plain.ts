/** The bare window's page: one line of text. */
import { recordFirstPaint } from './first-paint';

recordFirstPaint();
