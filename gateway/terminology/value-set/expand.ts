import { randomUUID } from 'node:crypto';
import type { ValueSet, ValueSetExpansionParameter } from '@medplum/fhirtypes';
import { tooCostly } from '../failure.ts';
import type { ExpandOptions } from '../port.ts';
import { membersOf } from './members.ts';
import type { Member, Scope } from './scope.ts';

/** Members of an expansion that is not asked for in pages. */
export const MOST_MEMBERS = 5000;
/** Concepts that are looked at for one request. */
const MOST_VISITS = 200_000;
/** Milliseconds that one request may keep the others waiting. */
const LONGEST = 2000;
/** Concepts that are looked at between two looks at the clock. */
const STRIDE = 1000;

export type Resolver = Pick<Scope, 'codeSystem' | 'valueSet'>;

/** What a value set is resolved with, for one request. */
export function scopeOf(resolver: Resolver, options: ExpandOptions): Scope {
  const start = performance.now();
  const tooLong = () => performance.now() - start > LONGEST;
  const refuse = () => {
    throw tooCostly('The value set is too large to be gone through: narrow it with filter.');
  };
  let visits = 0;
  return {
    codeSystem: resolver.codeSystem,
    valueSet: resolver.valueSet,
    options,
    within: [],
    used: new Set(),
    visit() {
      visits += 1;
      if (visits > MOST_VISITS || (visits % STRIDE === 0 && tooLong())) refuse();
    },
    visitPart() {
      visits += 1;
      if (visits > MOST_VISITS || tooLong()) refuse();
    },
  };
}

/**
 * A value set with its expansion, flat: all of it, or the page that `offset` and `count` ask for. Throws 422 too-costly
 * for one that is too large to be answered whole. https://hl7.org/fhir/R4/valueset-operation-expand.html
 */
export function expanded(valueSet: ValueSet, resolver: Resolver, options: ExpandOptions): ValueSet {
  const scope = scopeOf(resolver, options);
  const { offset = 0, count = Infinity } = options;
  const contains: Member[] = [];
  let total = 0;
  for (const member of membersOf(valueSet, scope)) {
    total += 1;
    if (total <= offset || contains.length >= count) continue;
    contains.push(member);
    if (contains.length > MOST_MEMBERS)
      throw tooCostly(
        `The expansion has more than ${MOST_MEMBERS} codes: ask for it in pages (count and offset), or narrow it with filter.`,
      );
  }
  const { text: _, expansion: __, ...head } = valueSet;
  return {
    ...head,
    resourceType: 'ValueSet',
    expansion: {
      identifier: `urn:uuid:${randomUUID()}`,
      timestamp: new Date().toISOString(),
      total,
      ...((options.offset !== undefined || options.count !== undefined) && { offset }),
      parameter: [...asked(options), ...[...scope.used].map((valueUri) => ({ name: 'version', valueUri }))],
      ...(contains.length > 0 && { contains }),
    },
  };
}

/** What the expansion was asked with. */
function asked({
  filter,
  offset,
  count,
  includeDesignations,
  activeOnly,
  excludeNotForUI,
  displayLanguage,
  excludeSystem = [],
}: ExpandOptions): ValueSetExpansionParameter[] {
  const list: (ValueSetExpansionParameter | false)[] = [
    filter !== undefined && { name: 'filter', valueString: filter },
    offset !== undefined && { name: 'offset', valueInteger: offset },
    count !== undefined && { name: 'count', valueInteger: count },
    includeDesignations !== undefined && { name: 'includeDesignations', valueBoolean: includeDesignations },
    activeOnly !== undefined && { name: 'activeOnly', valueBoolean: activeOnly },
    excludeNotForUI !== undefined && { name: 'excludeNotForUI', valueBoolean: excludeNotForUI },
    displayLanguage !== undefined && { name: 'displayLanguage', valueCode: displayLanguage },
    ...excludeSystem.map((valueUri) => ({ name: 'exclude-system', valueUri })),
  ];
  return list.filter((one) => one !== false);
}
