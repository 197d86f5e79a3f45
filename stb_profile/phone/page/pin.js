// The pad for a PIN, a password or a number. What is typed is in one small buffer and, but for a number that is no secret,
// never in the document: no field that a keyboard program learns from, that is filled in or offered to be stored.

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

export class Pin {
  constructor(section, send) {
    this.section = section;
    this.send = send;
    this.wanted = null;
    this.typed = new Uint8Array(0);
    this.count = 0;
    this.part("letters").append(...[...LETTERS].map(letterKey));
    section.addEventListener("click", ({ target }) => this.clicked(target.closest("button")));
  }

  ask(wanted) {
    this.clear();
    this.wanted = wanted;
    this.typed = new Uint8Array(wanted.longest);
    this.part("title").textContent = wanted.title;
    this.part("tries").textContent = wanted.note;
    this.part("hint").textContent = wanted.hint;
    this.part("letters").hidden = !wanted.letters;
    this.show();
  }

  clear() {
    this.typed.fill(0);
    this.count = 0;
    this.show();
  }

  clicked(button) {
    if (!button) return;
    if (button.dataset.digit) this.sign(button.dataset.digit);
    else if (button.dataset.pin === "erase") this.erase();
    else this.hand();
  }

  // True when the key meant something here.
  key(name) {
    if (/^[0-9]$/.test(name)) this.sign(name);
    else if (this.wanted.letters && /^[A-Za-z]$/.test(name)) this.sign(name.toUpperCase());
    else if (name === "Backspace") this.erase();
    else return false;
    return true;
  }

  sign(sign) {
    if (this.count < this.typed.length) this.typed[this.count++] = sign.charCodeAt(0);
    this.show();
  }

  erase() {
    if (this.count > 0) this.typed[--this.count] = 0;
    this.show();
  }

  get enough() {
    return this.wanted !== null && this.count >= this.wanted.shortest;
  }

  hand() {
    if (!this.enough) return;
    this.send(this.typed.slice(0, this.count));
    this.clear();
  }

  show() {
    const length = this.typed.length;
    const dots = this.part("dots");
    const there = this.wanted?.seen ? String.fromCharCode(...this.typed.subarray(0, this.count)) : "●".repeat(this.count);
    dots.textContent = there + "○".repeat(length - this.count);
    dots.classList.toggle("many", length > 8);
    const count = `${length}けたのうち ${this.count}けた`;
    dots.setAttribute("aria-label", this.wanted?.seen ? `${there} ${count}` : count);
    this.section.querySelector("[data-pin=send]").disabled = !this.enough;
  }

  part(name) {
    return document.getElementById(`pin-${name}`);
  }
}

function letterKey(letter) {
  const key = document.createElement("button");
  key.type = "button";
  key.dataset.digit = letter;
  key.textContent = letter;
  return key;
}
