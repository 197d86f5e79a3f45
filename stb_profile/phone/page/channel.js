// The talk with the box: the meeting, sealed frames, and coming back after sleep. Tells `listener` what it hears.

import { fromBase64, join, toBase64, utf8 } from "./bytes.js";
import { checkProof, derive, Meeting, NotGenuine, prove, Sealed } from "./sealing.js";

const SAID = 0, TYPED = 1;
const KEY = 32;
const ALIVE_MS = 5000, AGAIN_MS = 700;
const RETURN_MS = 120000;

export class Channel {
  // `listener` has check(number), said(message), away() and over(why).
  constructor(listener) {
    this.listener = listener;
    this.agreement = null;
    this.sealed = null;
    this.socket = null;
    this.ended = false;
    this.admitted = false;
    this.outgoing = Promise.resolve();
  }

  async meet(once, certificate) {
    const meeting = await Meeting.begin(once, certificate);
    this.open(async (socket) => {
      const proof = await prove(once, "hello", meeting.commitment);
      say(socket, { t: "hello", commitment: toBase64(meeting.commitment), proof: toBase64(proof) });
    }, async (socket, answer) => {
      this.agreement = await meeting.agree(fromBase64(answer.public), fromBase64(answer.proof));
      this.sealed = await Sealed.with(this.agreement.toBox, this.agreement.toPhone);
      say(socket, { t: "reveal", public: toBase64(meeting.public) });
      this.listener.check(this.agreement.check);
    });
  }

  // After sleep, for as long as the box waits.
  wake() {
    if (this.ended || !this.admitted || this.socket) return;
    const nonce = crypto.getRandomValues(new Uint8Array(16));
    const key = this.agreement.returning;
    this.open(async (socket) => {
      say(socket, { t: "return", nonce: toBase64(nonce), proof: toBase64(await prove(key, "return", nonce)) });
    }, async (socket, answer) => {
      const theirs = fromBase64(answer.nonce);
      await checkProof(fromBase64(answer.proof), key, "welcome", nonce, theirs);
      const keys = await derive(key, join(nonce, theirs), "again", new Uint8Array(), 2 * KEY);
      this.sealed = await Sealed.with(keys.slice(0, KEY), keys.slice(KEY));
      this.tell({ t: "here" });
    });
  }

  // Nothing is kept open in a pocket. Before the person has answered on the television there is nothing to come back to.
  sleep() {
    if (!this.admitted) return;
    this.asleepSince = Date.now();
    this.drop();
  }

  drop() {
    const socket = this.socket;
    this.socket = null;
    clearInterval(this.beat);
    if (socket) socket.close();
  }

  open(greet, answered) {
    const socket = new WebSocket(`wss://${location.host}/ws`);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.sealed = null;
    let incoming = Promise.resolve();
    socket.onopen = () => greet(socket).catch(() => socket.close());
    socket.onmessage = ({ data }) => {
      incoming = incoming.then(() => this.hear(socket, data, answered)).catch(() => socket.close());
    };
    socket.onclose = () => incoming.then(() => this.closed(socket));
    clearInterval(this.beat);
    this.beat = setInterval(() => this.sealed && this.tell({ t: "here" }), ALIVE_MS);
  }

  async hear(socket, data, answered) {
    if (socket !== this.socket) return;
    if (typeof data === "string") {
      const word = JSON.parse(data);
      if (word.t === "no") return this.end(word.why);
      return answered(socket, word);
    }
    if (!this.sealed) throw new NotGenuine("early");
    const plain = await this.sealed.open(new Uint8Array(data));
    if (plain[0] !== SAID) throw new NotGenuine("kind");
    const message = JSON.parse(new TextDecoder().decode(plain.subarray(1)));
    plain.fill(0);
    if (message.t === "over") return this.end(message.why);
    this.admitted = true;
    this.asleepSince = null;
    this.listener.said(message);
  }

  closed(socket) {
    if (this.ended || socket !== this.socket) return;
    this.drop();
    if (!this.admitted) return this.end("gone");
    this.asleepSince ??= Date.now();
    if (Date.now() - this.asleepSince > RETURN_MS) return this.end("over");
    this.listener.away();
    setTimeout(() => document.visibilityState === "visible" && this.wake(), AGAIN_MS);
  }

  end(why) {
    if (this.ended) return;
    this.ended = true;
    this.drop();
    this.agreement = this.sealed = null;
    this.listener.over(why);
  }

  tell(message) {
    return this.push(join(Uint8Array.of(SAID), utf8(JSON.stringify(message))));
  }

  // `typed` as ASCII, for the screen of that number; wiped here.
  type(screen, typed) {
    const number = new Uint8Array(4);
    new DataView(number.buffer).setUint32(0, screen);
    const plain = join(Uint8Array.of(TYPED), number, typed);
    typed.fill(0);
    return this.push(plain);
  }

  // One after the other: the counters must arrive in order.
  push(plain) {
    const { socket, sealed } = this;
    this.outgoing = this.outgoing.then(async () => {
      if (!sealed || socket !== this.socket || socket.readyState !== WebSocket.OPEN) return;
      const frame = await sealed.seal(plain);
      plain.fill(0);
      socket.send(frame);
    });
    return this.outgoing;
  }
}

const say = (socket, word) => socket.send(JSON.stringify(word));
