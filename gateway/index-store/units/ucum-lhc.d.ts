/** The part of the library that is used; it brings no types of its own. */
declare module '@lhncbc/ucum-lhc' {
  export interface Unit {
    csCode_: string;
    /** What a value is multiplied with to be in base units. */
    magnitude_: number;
    dim_: { dimVec_: readonly number[] | null } | null;
    /** Name of the function of a unit that is none on a ratio scale, such as Celsius. */
    cnv_: string | null;
    isArbitrary_: boolean;
    clone(): Unit;
    /** Throws for units that have nothing to do with each other. */
    convertFrom(value: number, from: Unit): number;
  }
  interface Utils {
    /** Throws for what is no unit. */
    uStrParser_: {
      parseString(text: string, mode: 'validate', suggest: boolean): [Unit | null, string, string[]];
    };
  }
  const ucum: {
    UcumLhcUtils: { getInstance(): Utils };
    UnitTables: { getInstance(): { getUnitByCode(code: string): Unit | null } };
  };
  export default ucum;
}
