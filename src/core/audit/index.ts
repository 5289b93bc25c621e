export {
  type AuditAction,
  type AuditHead,
  type AuditListInput,
  AuditLog,
  type AuditLogOptions,
  type AuditVerification,
} from './audit-log.ts';
export type { AuditKeys } from './checkpoints.ts';
export type { AuditDetails, AuditEntry, AuditResult } from './leaf.ts';
export { auditMigrations } from './migrations.ts';
