import { RESOURCE_TYPES, SECTIONS, typeRow } from '../api/index.ts';
import { checkPlacement } from './placement.ts';

test.each(RESOURCE_TYPES)('%s is accepted in its sections and homes, and nowhere else', (type) => {
  const row = typeRow(type);
  const homes = ['patient', 'attached', 'directory', 'administrative', 'definitional'] as const;
  for (const home of homes) {
    const fits = row?.homes.includes(home) ?? false;
    const elsewhere = row?.homes.includes('definitional') ? 'FORBIDDEN' : 'BAD_SECTION';
    if (home !== 'patient') {
      const expected = fits && home !== 'definitional' ? 'OK' : elsewhere;
      expect(checkPlacement({ type, id: '1', home })).toBe(expected);
      expect(checkPlacement({ type, id: '1', home, patient: '1', section: 'other' })).toBe(elsewhere);
      continue;
    }
    for (const section of SECTIONS) {
      const expected = fits && row?.sections.includes(section) ? 'OK' : elsewhere;
      expect(checkPlacement({ type, id: '1', home, patient: '1', section })).toBe(expected);
    }
    expect(checkPlacement({ type, id: '1', home, patient: '1' })).toBe(elsewhere);
    expect(checkPlacement({ type, id: '1', home, section: row?.sections[0] })).toBe(elsewhere);
  }
});

test('a type that R4 doesn’t have fits nowhere', () => {
  expect(checkPlacement({ type: 'Project', id: '1', home: 'directory' })).toBe('BAD_SECTION');
  expect(checkPlacement({ type: 'constructor', id: '1', home: 'patient' })).toBe('BAD_SECTION');
});
