import type { Indexed, IndexedValue } from '@fhir-fabric-gateway/mappings';
import { foldString } from './fold.ts';
import type { EntryProjection } from './port.ts';
import { TERM } from './schema.ts';
import { foldCode, ofTypeKey } from './write-values.ts';

/** A text whose number will be asked for; `system` is itself a text (of the kind TERM.system, TERM.msp for identities). */
export interface WantedTerm {
  kind: number;
  value: string;
  system?: string;
}

/** What the writing of entries will ask numbers for, so that they can be looked up together; whatever is left out is asked for by itself. */
export class Wanted {
  readonly names: (readonly [type: string, id: string])[] = [];
  readonly references: string[] = [];
  readonly terms: WantedTerm[] = [];

  entry(entry: EntryProjection): void {
    this.names.push([entry.type, entry.id]);
    if (entry.patient !== undefined) this.names.push(['Patient', entry.patient]);
    this.references.push(...(entry.parties ?? []), ...(entry.refersTo ?? []));
    this.#term(TERM.msp, entry.organisation);
    this.#term(TERM.identity, entry.author.pseudonym, entry.author.mspId);
    for (const { value } of entry.indexed) this.#value(value);
  }

  #term(kind: number, value: string, system?: string): void {
    this.terms.push({ kind, value, ...(system !== undefined && system !== '' && { system }) });
  }

  #value(value: Indexed['value'] | IndexedValue): void {
    switch (value.kind) {
      case 'token':
        this.#term(TERM.coding, foldCode(value.code ?? ''), value.system);
        if (value.text !== undefined) this.#term(TERM.text, foldString(value.text));
        if (value.ofType !== undefined && value.code !== undefined)
          this.#term(TERM.ofType, ofTypeKey(value.ofType, value.code));
        return;
      case 'uri':
        return this.#term(TERM.uri, value.value);
      case 'quantity':
        if (value.code !== undefined) this.#term(TERM.unit, value.code, value.system);
        if (value.unit !== undefined) this.#term(TERM.unitLabel, value.unit);
        return;
      case 'reference':
        if (value.type !== undefined && value.id !== undefined) this.names.push([value.type, value.id]);
        if (value.identifier !== undefined)
          this.#term(TERM.coding, foldCode(value.identifier.value ?? ''), value.identifier.system);
        return;
      case 'composite':
        for (const part of value.parts) for (const one of part) this.#value(one);
        return;
      case 'string':
      case 'number':
      case 'date':
      case 'position':
        return;
    }
  }
}
