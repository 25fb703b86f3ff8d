import type { CodeSystem, CodeSystemConcept, CodeSystemConceptProperty } from '@medplum/fhirtypes';
import type { DefinitionFile } from './database.ts';

/** Codes of properties that say what R4's hierarchy properties say, whatever a code system calls them. */
const HIERARCHY = {
  parent: { codes: ['parent', 'subsumedBy'], uri: 'http://hl7.org/fhir/concept-properties#parent' },
  child: { codes: ['child'], uri: 'http://hl7.org/fhir/concept-properties#child' },
} as const;

const NOT_ACTIVE = ['retired', 'inactive'];

/** Writes the concepts of one code system, one after the other. */
export class ConceptWriter {
  readonly #file: DefinitionFile;
  readonly #system: number;
  #count = 0;

  constructor(file: DefinitionFile, system: number) {
    this.#file = file;
    this.#system = system;
  }

  /** How many there are by now, on every level. */
  get count(): number {
    return this.#count;
  }

  /** A concept with those below it. */
  write(concept: CodeSystemConcept, parent?: number): void {
    const { code = '', display, definition, designation = [], property = [] } = concept;
    const num = this.#file.run(
      'insert into concept (system, code, display, definition, inactive, abstract) values (?, ?, ?, ?, ?, ?)',
      ...[this.#system, code, display ?? null, definition ?? null],
      ...[isInactive(property) ? 1 : 0, isAbstract(property) ? 1 : 0],
    );
    this.#count += 1;
    if (parent !== undefined) this.#file.run('insert or ignore into edge values (?, ?)', num, parent);
    for (const { language, use, value = '' } of designation)
      this.#file.run(
        'insert into designation values (?, ?, ?, ?)',
        ...[num, language ?? null, value, use ? JSON.stringify(use) : null],
      );
    for (const one of property) this.#property(num, one);
    const words = [code, display ?? '', ...designation.map(({ value = '' }) => value)];
    this.#file.run('insert into word (rowid, text) values (?, ?)', num, words.join(' '));
    for (const below of concept.concept ?? []) this.write(below, num);
  }

  #property(concept: number, property: CodeSystemConceptProperty): void {
    const [kind, content] = Object.entries(property).find(([name]) => name.startsWith('value')) ?? [];
    if (kind === undefined) return;
    const { valueCoding } = property;
    const value = valueCoding ? (valueCoding.code ?? '') : String(content);
    this.#file.run(
      'insert into property values (?, ?, ?, ?, ?)',
      ...[concept, property.code ?? '', value, kind, JSON.stringify(content)],
    );
  }

  /** The hierarchy that properties tell, once all concepts are there. */
  finish({ property = [] }: Pick<CodeSystem, 'property'>): void {
    const codesOf = ({ codes, uri }: (typeof HIERARCHY)['parent' | 'child']) =>
      [...codes, ...property.flatMap((one) => (one.uri === uri && one.code ? [one.code] : []))]
        .map((code) => `'${code.replaceAll("'", "''")}'`)
        .join(', ');
    const linked = (columns: string, codes: string) =>
      this.#file.exec(
        `insert or ignore into edge (${columns})
         select one.num, other.num from concept one
         join property p on p.concept = one.num and p.code in (${codes})
         join concept other on other.system = one.system and other.code = p.value collate nocase and other.code = p.value
         where one.system = ${this.#system} and one.num <> other.num`,
      );
    linked('child, parent', codesOf(HIERARCHY.parent));
    linked('parent, child', codesOf(HIERARCHY.child));
  }
}

const isInactive = (properties: readonly CodeSystemConceptProperty[]): boolean =>
  properties.some(
    ({ code, valueBoolean, valueCode }) =>
      (code === 'inactive' && valueBoolean === true) ||
      (code === 'status' && NOT_ACTIVE.includes(valueCode ?? '')),
  );

const isAbstract = (properties: readonly CodeSystemConceptProperty[]): boolean =>
  properties.some(
    ({ code, valueBoolean }) => (code === 'notSelectable' || code === 'abstract') && valueBoolean === true,
  );
