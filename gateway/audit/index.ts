export type { AuditAnchor } from './anchors.ts';
export { toAuditEvent, type AuditSource } from './audit-event.ts';
export type { AuditAction, Interaction } from './interactions.ts';
export { openAuditLog, type AuditLog, type AuditLogOptions } from './log.ts';
export { auditProof, verifyProof, type AuditProof } from './proof.ts';
export { openAuditReader, type AuditReader, type AuditSearchResult } from './reader.ts';
export {
  outcomeOf,
  recordsForSearch,
  type AuditAgent,
  type AuditOutcome,
  type AuditRecord,
} from './record.ts';
export { isAuditParameter } from './parameters.ts';
export type { AuditSearch } from './search.ts';
export { verifyAudit, type AuditFault, type AuditVerdict } from './verify.ts';
export { viewerOf, type AuditViewer, type MayRead } from './viewer.ts';
