/**
 * By type or path of a backbone element (`Observation`, `Observation.component`), by JSON name: where the children of the
 * element are to be found in the table, and, of a Reference, the types that it may refer to: none stands for all.
 */
export type TypeTable = Readonly<Record<string, Readonly<Record<string, readonly [string, ...string[]]>>>>;
