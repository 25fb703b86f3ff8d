/** Invariants whose R4 expression is known to be wrong, by key, as later releases of FHIR or its tools put them right. */
export const corrections: Readonly<Record<string, string>> = {
  // R4 names a status `no-show` that its own value set writes `noshow`.
  'app-4': "cancelationReason.exists() implies (status = 'noshow' or status = 'cancelled')",
  // Without a fullUrl R4's expression is empty, and so neither true nor false.
  'bdl-8': "fullUrl.exists() implies fullUrl.contains('/_history/').not()",
  // A probability can also be a Range, or missing.
  'ras-2': 'probability.empty() or ((probability is decimal) implies ((probability as decimal) <= 100))',
  // `when` repeats.
  'tim-9':
    "offset.empty() or (when.exists() and when.select($this in ('C' | 'CM' | 'CD' | 'CV')).allFalse())",
};

/**
 * Invariants that no FHIRPath is evaluated for. The validator checks them itself, in linear time (`ele-1`, `dom-3` as
 * far as references go, `ref-1`, `bdl-7`, `obs-7`, `que-2`); the rest compare every item of a list with every other,
 * which on a hostile body takes minutes, and speak only of definitional types, which clients don't write.
 */
export const notEvaluated: ReadonlySet<string> = new Set([
  ...['ele-1', 'dom-3', 'ref-1', 'bdl-7', 'obs-7', 'que-2'],
  ...[
    'csd-1',
    'cpb-7',
    'cpb-9',
    'cpb-12',
    'eld-13',
    'eld-14',
    'ig-1',
    'ig-2',
    'nsd-2',
    'sdf-1',
    'sdf-16',
    'sdf-17',
  ],
]);
