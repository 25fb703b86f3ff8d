import { RESOURCE_TYPES, SECTIONS, type Section } from '@fhir-fabric-gateway/chaincode/api';
import type { StoredResource } from './port.ts';

/** The index works on integers: what types, sections, homes and open dates are as numbers. */

const typeNumbers = new Map(RESOURCE_TYPES.map((type, at) => [type, at + 1]));

/** 1 upwards; 0 for what is no R4 type. */
export const typeNumber = (type: string): number => typeNumbers.get(type) ?? 0;
export const typeOfNumber = (number: number): string => RESOURCE_TYPES[number - 1] ?? '';

const HOMES: readonly StoredResource['home'][] = ['patient', 'attached', 'directory', 'administrative'];
export const homeNumber = (home: StoredResource['home']): number => HOMES.indexOf(home);
export const homeOfNumber = (number: number): StoredResource['home'] => HOMES[number] ?? 'patient';

/** 1 upwards; 0 for none. */
export const sectionNumber = (section: Section | undefined): number =>
  section === undefined ? 0 : SECTIONS.indexOf(section) + 1;
export const sectionOfNumber = (number: number): Section => SECTIONS[number - 1] ?? 'other';

/**
 * A resource's number carries its type in the upper bits, so that a type is a range of numbers. It stays below 2^53.
 */
const TYPE_SHIFT = 2 ** 40;
export const firstOfType = (type: number): number => type * TYPE_SHIFT;
export const lastOfType = (type: number): number => (type + 1) * TYPE_SHIFT - 1;
export const typeOfRid = (rid: number): number => Math.floor(rid / TYPE_SHIFT);

/** The ends of JavaScript's time stand for open ends. */
export const EARLIEST = -8.64e15;
export const LATEST = 8.64e15;
export const clampTime = (time: number): number => Math.min(LATEST, Math.max(EARLIEST, Math.trunc(time)));

/** What a resource is in the index: only live ones are found; `aside` is served to nobody. */
export const STATE = { live: 0, deleted: 1, aside: 2 } as const;

export const OPEN_RECORD = 0;
const STATUSES = ['open', 'erasing', 'erased'] as const;
export const statusNumber = (status: (typeof STATUSES)[number]): number => STATUSES.indexOf(status);
export const statusOfNumber = (number: number): (typeof STATUSES)[number] => STATUSES[number] ?? 'erased';
