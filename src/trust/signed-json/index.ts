export { type JsonSignature, signJson, verifyJson } from './signed-json.ts';
