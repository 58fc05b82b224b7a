/** The bare window's page: one line of text. */
import { markFirstPaint } from './mark';

markFirstPaint();
