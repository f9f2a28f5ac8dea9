/**
 * The expected X-Webhook-Signature: the hex HMAC-SHA256 of the body, keyed with the secret as shown.
 *
 * @param {string} body
 * @param {string} secret
 */
export async function signatureOf(body, secret) {
  const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
  const key = await crypto.subtle.importKey(
    'raw',
    bytes(secret),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  );
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes(body)));
  return [...signature].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
