/** A JSON value, and a FHIR resource as JSON: what comes in is this until it has been validated. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface Resource extends JsonObject {
  resourceType: string;
}
