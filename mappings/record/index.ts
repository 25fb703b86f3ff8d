export { classify, type Classification, type Facet } from './classify.ts';
export { clinicalDate } from './dates.ts';
export { ownerOf, type Owner, type OwnerOptions, type RecordProblem } from './owner.ts';
export { sectionOf } from './sections.ts';
export { momentOf, periodSpan, spanOf } from './span.ts';
export { subjectRow, type SubjectRow } from './subjects.ts';
export { taskParties } from './task-parties.ts';
