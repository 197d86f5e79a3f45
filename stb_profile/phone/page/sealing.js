// The phone's half of stb_profile/phone/sealing.py: the same labels, the same order.

import { join, utf8 } from "./bytes.js";

const LABEL = "madoguchi phone 1";
const KEY = 32, COUNTER = 8;

export class NotGenuine extends Error {}

export async function prove(key, word, ...parts) {
  const mac = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", mac, join(utf8(`${LABEL}|${word}`), ...parts)));
}

export async function checkProof(proof, key, word, ...parts) {
  const wanted = await prove(key, word, ...parts);
  let different = proof.length ^ wanted.length;
  for (let at = 0; at < wanted.length; at++) different |= wanted[at] ^ proof[at];
  if (different) throw new NotGenuine(word);
}

export async function derive(secret, salt, word, context, length) {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const info = join(utf8(`${LABEL}|${word}`), context);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, key, 8 * length));
}

export const hash = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

// One meeting: a key pair that is shown only after the box has shown its own.
export class Meeting {
  static async begin(once, certificate) {
    const meeting = new Meeting();
    meeting.once = once;
    meeting.certificate = certificate;
    meeting.pair = await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"]);
    meeting.public = new Uint8Array(await crypto.subtle.exportKey("raw", meeting.pair.publicKey));
    meeting.commitment = await hash(meeting.public);
    return meeting;
  }

  async agree(boxPublic, proof) {
    await checkProof(proof, this.once, "box", this.commitment, boxPublic);
    const theirs = await crypto.subtle.importKey("raw", boxPublic, { name: "X25519" }, false, []);
    const shared = new Uint8Array(
      await crypto.subtle.deriveBits({ name: "X25519", public: theirs }, this.pair.privateKey, 8 * KEY));
    const transcript = await hash(join(this.certificate, this.commitment, boxPublic, this.public));
    const made = await derive(shared, this.once, "keys", transcript, 3 * KEY + 8);
    const number = new DataView(made.buffer).getBigUint64(3 * KEY) % 1000000n;
    return {
      toBox: made.slice(0, KEY), toPhone: made.slice(KEY, 2 * KEY), returning: made.slice(2 * KEY, 3 * KEY),
      check: number.toString().padStart(6, "0"),
    };
  }
}

// One connection: counters that go up by one, a key for each direction.
export class Sealed {
  static async with(toBox, toPhone) {
    const sealed = new Sealed();
    sealed.out = await crypto.subtle.importKey("raw", toBox, "AES-GCM", false, ["encrypt"]);
    sealed.in = await crypto.subtle.importKey("raw", toPhone, "AES-GCM", false, ["decrypt"]);
    sealed.sent = sealed.received = 0n;
    return sealed;
  }

  async seal(plain) {
    const counter = bigEndian(this.sent++);
    return join(counter, new Uint8Array(await crypto.subtle.encrypt(parameters(counter), this.out, plain)));
  }

  async open(frame) {
    const counter = frame.slice(0, COUNTER);
    if (new DataView(counter.buffer).getBigUint64(0) !== this.received++) throw new NotGenuine("order");
    return new Uint8Array(await crypto.subtle.decrypt(parameters(counter), this.in, frame.slice(COUNTER)));
  }
}

const parameters = (counter) => ({ name: "AES-GCM", iv: join(new Uint8Array(4), counter), additionalData: counter });

function bigEndian(number) {
  const bytes = new Uint8Array(COUNTER);
  new DataView(bytes.buffer).setBigUint64(0, number);
  return bytes;
}
