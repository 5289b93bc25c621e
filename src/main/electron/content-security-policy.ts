/** In index.html this text stands where the nonce of the response belongs. */
export const NONCE_PLACEHOLDER = '__CSP_NONCE__';

/**
 * Nothing from elsewhere, no inline script, no eval, no frame around or inside the page. Style elements need the nonce of
 * the response: the widget library writes some at run time.
 */
export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "object-src 'none'",
  ].join('; ');
}
