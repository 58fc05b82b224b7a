/** Which metric a family is summed up by. */
import { describe, expect, it } from 'vitest';
import { FAMILY_IDS, familyOf, headlineOf } from '../../../../src/shared/metrics/index';

describe('the main metric of a family', () => {
  it('is its headline, whatever its value', () => {
    for (const id of FAMILY_IDS) {
      expect(headlineOf(id, undefined)).toBe(familyOf(id).headline);
      expect(headlineOf(id, {})).toBe(familyOf(id).headline);
    }
  });

  it('is another where the system tells nobody the headline', () => {
    expect(headlineOf('diskio', { untold: ['busy'] })).toBe('read');
    expect(headlineOf('diskio', { untold: ['busy', 'read'] })).toBe('write');
    expect(headlineOf('diskio', { untold: ['readOps'] })).toBe('busy');
    // There is none other.
    expect(headlineOf('memory', { untold: ['usage'] })).toBe('usage');
  });
});
