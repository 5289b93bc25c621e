export { type DigestedFile, type SignModelOptions, signModel } from './sign-model.ts';
export { SIGNATURE_FILE, USUAL_IGNORED_PATHS } from './statement.ts';
export {
  type ModelSignatureCheck,
  type SignedFileStatus,
  type VerifyModelOptions,
  verifyModelSignature,
} from './verify-model.ts';
