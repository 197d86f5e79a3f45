// The pad for a PIN. The digits are in one small buffer and never in the document: no field that a keyboard program learns
// from, that is filled in or offered to be stored.

const ZERO = 48;

export class Pin {
  constructor(section, send) {
    this.section = section;
    this.send = send;
    this.typed = new Uint8Array(0);
    this.count = 0;
    section.addEventListener("click", ({ target }) => this.clicked(target.closest("button")));
  }

  ask(ask) {
    this.clear();
    this.typed = new Uint8Array(ask.length);
    this.part("title").textContent = ask.title;
    this.part("tries").textContent = ask.tries;
    this.part("hint").textContent = ask.hint;
    this.show();
  }

  clear() {
    this.typed.fill(0);
    this.count = 0;
    this.show();
  }

  clicked(button) {
    if (!button) return;
    if (button.dataset.digit) this.digit(Number(button.dataset.digit));
    else if (button.dataset.pin === "erase") this.erase();
    else this.hand();
  }

  // True when the key meant something here.
  key(name) {
    if (/^[0-9]$/.test(name)) this.digit(Number(name));
    else if (name === "Backspace") this.erase();
    else return false;
    return true;
  }

  digit(digit) {
    if (this.count < this.typed.length) this.typed[this.count++] = ZERO + digit;
    this.show();
  }

  erase() {
    if (this.count > 0) this.typed[--this.count] = 0;
    this.show();
  }

  hand() {
    if (this.count !== this.typed.length) return;
    this.send(this.typed.slice());
    this.clear();
  }

  show() {
    const length = this.typed.length;
    const dots = this.part("dots");
    dots.textContent = "●".repeat(this.count) + "○".repeat(length - this.count);
    dots.setAttribute("aria-label", `${length}けたのうち ${this.count}けた`);
    this.section.querySelector("[data-pin=send]").disabled = length === 0 || this.count !== length;
  }

  part(name) {
    return document.getElementById(`pin-${name}`);
  }
}
