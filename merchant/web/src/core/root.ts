import type { Root } from './core';

/* SubjectPublicKeyInfo (RFC 5480) of the two curves, up to the point. */
const heads: [number, string][] = [
  [1, '3059301306072a8648ce3d020106082a8648ce3d030107034200'],
  [-65537, '3059301306072a8648ce3d020106082a811ccf5501822d034200'],
];
const POINT_LEN = 65;

/** A P-256 or SM2 public key in PEM, or null. */
export function readRoot(pem: string): Root | null {
  const body = /-----BEGIN PUBLIC KEY-----([\sA-Za-z0-9+/=]+)-----END PUBLIC KEY-----/.exec(pem)?.[1];
  if (body === undefined) return null;
  let der: string;
  try {
    der = atob(body.replace(/\s/g, ''));
  } catch {
    return null;
  }
  const bytes = Uint8Array.from(der, (c) => c.charCodeAt(0));
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
  for (const [curve, head] of heads) {
    if (hex.startsWith(head) && bytes.length === head.length / 2 + POINT_LEN)
      return { curve, point: bytes.slice(-POINT_LEN) };
  }
  return null;
}
