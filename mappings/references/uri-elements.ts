/**
 * Names of the elements that R4 gives the type uri, url, oid or uuid, and `reference`. Some types use such a name for a
 * string as well: only a value that is wholly a reference is ever replaced. `code`, `type`, `property`, `target`,
 * `identifier`, `jurisdiction` and `project`, which are uris in definitions alone, are left out. Identifier.value is a
 * string in every type: a document's own `urn:uuid:` stays what it is.
 */
export const URI_ELEMENTS: ReadonlySet<string> = new Set(
  `reference implicitRules url uri system fullUrl source sourceUri targetUri link address endpoint location detail
   definition definitionUri derivedFromUri instantiates instantiatesUri policy protocol contentReference authority
   authorizationUrl issuer onlineInformation moduleUri nameUrl rendering relativePath eventUri
   valueUri valueUrl valueOid valueUuid defaultValueUri defaultValueUrl defaultValueOid defaultValueUuid
   fixedUri fixedUrl fixedOid fixedUuid patternUri patternUrl patternOid patternUuid`.split(/\s+/),
);
