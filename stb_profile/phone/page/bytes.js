// Bytes, and the two ways they are written.

const text = new TextEncoder();

export const utf8 = (string) => text.encode(string);

export function join(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const toBase64 = (bytes) => btoa(String.fromCharCode(...bytes));
export const fromBase64 = (string) => Uint8Array.from(atob(string), (sign) => sign.charCodeAt(0));
export const fromAddress = (string) => fromBase64(string.replaceAll("-", "+").replaceAll("_", "/"));

// What stands behind the # of the address, which is then taken out of it: neither history nor a second look has the key.
export function takeFragment() {
  const said = new URLSearchParams(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
  return said;
}
